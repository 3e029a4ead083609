"""A small shop that sells things, and orders that say what goes together."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from tests.api import DAY, NOON, Api, Got

_numbers = itertools.count(1)
#: Long enough ago that nothing is just bought.
LONG_AGO = NOON - timedelta(days=60)


def sell(api: Api, *skus: str, **fields: Any) -> None:
    """Products with these SKUs, for 9.99 € each."""
    rows = [
        {
            "sku": sku,
            "name": {"de": f"Artikel {sku}", "en": f"Product {sku}"},
            "price": 999,
            "currency": "EUR",
            **fields,
        }
        for sku in skus
    ]
    got = api.post("/products/batch", {"products": rows})
    assert got.body["errors"] == []


def buy(
    api: Api, *skus: str, customer: str | None = None, at: datetime = LONG_AGO, times: int = 1,
    **fields: Any,
) -> list[str]:  # fmt: skip
    """So many delivered orders of these products; their ids."""
    orders = []
    if not times:
        return []
    for _ in range(times):
        orders.append(
            {
                "order_id": f"o{next(_numbers)}",
                "customer_id": customer,
                "currency": "EUR",
                "status": "delivered",
                "placed_at": at.isoformat(),
                "lines": [
                    {"line_id": sku, "sku": sku, "quantity": 1, "unit_price": 999} for sku in skus
                ],
                **fields,
            }
        )
    got = api.post("/orders/batch", {"orders": orders})
    assert got.body["errors"] == [], got.body
    return [order["order_id"] for order in orders]


def recommended(api: Api, customer: str, *, at: datetime = NOON, **query: Any) -> Got:
    """What a customer is recommended at that instant."""
    asked = {"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **query}
    text = "&".join(f"{name}={value}" for name, value in asked.items())
    return api.get(f"/customers/{customer}/recommendations?{text}")


def skus(got: Got) -> list[str]:
    """The SKUs of an answer, in order."""
    assert got.status == 200, got
    return [row["sku"] for row in got["results"]]


def reasons(got: Got) -> dict[str, str]:
    """The reason of each SKU."""
    return {row["sku"]: row["reason"] for row in got["results"]}


def noise(api: Api, *, orders: int = 40) -> None:
    """Orders of many other products, none of them with another."""
    sell(api, *(f"N{number}" for number in range(10)), categories=["noise"])
    for number in range(10):
        buy(api, f"N{number}", times=orders // 10)


__all__ = ["DAY", "LONG_AGO", "NOON", "buy", "noise", "reasons", "recommended", "sell", "skus"]
