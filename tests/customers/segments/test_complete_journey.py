"""A real grocer's year: segments on demographics, departments and recency, counted from the files."""

import csv
import gzip
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from customers.queries import preview
from tests.replay.real import needs_real_files, real_files

# Committed as it is told: PostgreSQL takes a table for empty that is vacuumed while all of its rows
# are some open transaction's, and plans for hours what takes it milliseconds.
pytestmark = [pytest.mark.django_db(transaction=True), needs_real_files]

#: A sixth of the households, unless there is time for all.
SHARE = 1 if os.environ.get("SLOW") == "1" else 6
#: When all has been told.
NEW_YEAR = datetime(2018, 1, 2, tzinfo=UTC)
DAY = timedelta(hours=24)
BANDS = ("age", "income", "household_size", "kids_count")


def rows(name):
    with gzip.open(real_files() / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.fixture
def households(api):
    """Every household as the files tell it, told to the service; by its id."""
    departments = {row["product_id"]: row["department"] for row in rows("products")}
    found = defaultdict(lambda: {"bands": {}, "baskets": {}})
    for row in rows("transactions"):
        cents, units = int(Decimal(row["sales_value"]) * 100), int(row["quantity"])
        if int(row["household_id"]) % SHARE or units < 1 or cents < 1:
            continue
        basket = found[row["household_id"]]["baskets"].setdefault(row["basket_id"], [])
        at = datetime.fromisoformat(row["transaction_timestamp"]).replace(tzinfo=UTC)
        basket.append((at, departments.get(row["product_id"], ""), units, cents))
    for row in rows("demographics"):
        if row["household_id"] in found:
            found[row["household_id"]]["bands"] = {
                name: row[name] for name in BANDS if row[name] not in {"", "NA"}
            }
    tell(api, found)
    return found


def tell(api, households):
    customers = [
        {"customer_id": f"h{name}", "attributes": one["bands"]} for name, one in households.items()
    ]
    orders = [
        {"order_id": f"b{basket}", "customer_id": f"h{name}", "currency": "USD",
         "status": "delivered", "placed_at": min(at for at, *_ in lines).isoformat(),
         "lines": [line(nth, *told) for nth, told in enumerate(lines)]}
        for name, one in households.items()
        for basket, lines in one["baskets"].items()
    ]  # fmt: skip
    for path, name, told in (
        ("/customers/batch", "customers", customers), ("/orders/batch", "orders", orders),
    ):  # fmt: skip
        for start in range(0, len(told), 1_000):
            assert (
                api.post(path, {name: told[start : start + 1_000], "at": NEW_YEAR})["errors"] == []
            )


def line(nth, _at, department, units, cents):
    """The whole line's value, whatever its units cost each: what is over stands as a discount."""
    price = -(-cents // units)
    return {
        "line_id": str(nth), "sku": f"p{nth}", "quantity": units, "unit_price": price,
        "discount_amount": price * units - cents, "categories": [department] if department else [],
    }  # fmt: skip


def bought(household, department=None):
    return [
        (at, units, cents)
        for lines in household["baskets"].values()
        for at, where, units, cents in lines
        if department in {None, where}
    ]


def last(household):
    """When the last basket was begun."""
    return max(min(at for at, *_ in lines) for lines in household["baskets"].values())


def baskets_since(household, days):
    begun = [min(at for at, *_ in lines) for lines in household["baskets"].values()]
    return sum(at >= NEW_YEAR - days * DAY for at in begun)


def has(field, op, value, **options):
    return {"field": field, "op": op, "value": value, **options}


OLD = has("customer.attributes.age", "eq", "65+")
GREENS = has("orders.items", "gte", 3, currency="USD", where={"categories": ["PRODUCE"]})
MEAT = has("orders.total", "gte", 1500, currency="USD", where={"categories": ["MEAT"]})
GONE = has("orders.days_since_last", "gt", 60)
#: By name the rule, and what it says of a household.
SEGMENTS = {
    "old": (OLD, lambda one: one["bands"].get("age") == "65+"),
    "not-rich": (
        has("customer.attributes.income", "not_in", ["250K+", "200-249K", "175-199K"]),
        lambda one: one["bands"].get("income", "250K+") not in {"250K+", "200-249K", "175-199K"},
    ),
    "unknown": (
        has("customer.attributes.kids_count", "is_set", False),
        lambda one: "kids_count" not in one["bands"],
    ),
    "greens": (GREENS, lambda one: sum(units for _, units, _ in bought(one, "PRODUCE")) >= 3),
    "meat": (MEAT, lambda one: sum(cents for *_, cents in bought(one, "MEAT")) >= 1500),
    "gone": (GONE, lambda one: (NEW_YEAR - last(one)) // DAY > 60),
    "often": (
        has("orders.count", "gte", 2, within_days=30),
        lambda one: baskets_since(one, 30) >= 2,
    ),
    "average": (
        has("orders.average", "between", [400, 900], currency="USD"),
        lambda one: (
            400 * len(one["baskets"])
            <= sum(cents for *_, cents in bought(one))
            <= 900 * len(one["baskets"])
        ),
    ),
    "together": (
        {"all": [{"any": [OLD, GREENS]}, {"not": {"any": [GONE, MEAT]}}]},
        lambda one: (
            (one["bands"].get("age") == "65+"
             or sum(units for _, units, _ in bought(one, "PRODUCE")) >= 3)
            and (NEW_YEAR - last(one)) // DAY <= 60
            and sum(cents for *_, cents in bought(one, "MEAT")) < 1500
        ),
    ),
}  # fmt: skip


def test_every_segment_holds_whom_the_files_say(api, households, monkeypatch):
    # However busy the machine is: that a count takes too long is not what this is about.
    monkeypatch.setattr(preview, "EXACT_MS", 60_000)
    for name, (rule, says) in SEGMENTS.items():
        expected = {f"h{number}" for number, one in households.items() if says(one)}
        body = {"name": name, "kind": "dynamic", "rule": rule, "at": NEW_YEAR}
        assert api.put(f"/segments/{name}", body)["member_count"] == len(expected), name
        assert members(api, name) == expected, name
        told = api.post("/segments/preview", {"rule": rule, "at": NEW_YEAR})
        assert (told["count"], told["is_estimate"]) == (len(expected), False), name
        assert 0.01 < len(expected) / len(households) < 0.99, name


def members(api, name):
    found, cursor = set(), ""
    while cursor is not None:
        page = api.get(f"/segments/{name}/members?limit=200{cursor and f'&cursor={cursor}'}")
        found |= {row["customer_id"] for row in page["results"]}
        cursor = page["next_cursor"]
    return found
