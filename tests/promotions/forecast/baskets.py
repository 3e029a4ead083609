"""Real baskets of the Complete Journey files as orders of the contract, read by the standard library."""

import csv
import gzip
from datetime import date, datetime
from pathlib import Path
from typing import Any

CURRENCY = "USD"
#: Fuel is counted in thousandths of a gallon.
MOST_UNITS = 100


def baskets(folder: Path, *, first: date, last: date) -> list[dict[str, Any]]:
    """The orders placed from `first` to `last`, by time; every tenth household buys as a guest."""
    products = {row["product_id"]: row for row in _rows(folder / "products.csv.gz")}
    orders: dict[str, dict[str, Any]] = {}
    for row in _rows(folder / "transactions.csv.gz"):
        at = datetime.fromisoformat(row["transaction_timestamp"] + "+00:00")
        units, value = int(row["quantity"]), _cents(row["sales_value"])
        if not first <= at.date() <= last or not 1 <= units <= MOST_UNITS or value <= 0:
            continue
        household = row["household_id"]
        order = orders.setdefault(
            row["basket_id"],
            {
                "order_id": f"basket-{row['basket_id']}",
                "customer_id": None if household.endswith("0") else f"household-{household}",
                "currency": CURRENCY,
                "placed_at": at.isoformat(),
                "lines": [],
            },
        )
        order["lines"].append(_line(row, units, value, products.get(row["product_id"], {}), order))
    return sorted(orders.values(), key=lambda order: order["placed_at"])


def _line(
    row: dict[str, str], units: int, value: int, product: dict[str, str], order: dict[str, Any]
) -> dict[str, Any]:
    list_price = -(-(value + _cents(row["retail_disc"])) // units)
    return {
        "line_id": str(len(order["lines"]) + 1),
        "sku": row["product_id"],
        "categories": [product["department"]] if product.get("department") else [],
        "brand": product.get("brand") or None,
        "quantity": units,
        "unit_price": -(-value // units),
        "list_price": list_price if list_price > -(-value // units) else None,
    }


def _cents(text: str) -> int:
    return round(float(text) * 100)


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
