"""A real grocer's baskets: 2 % on everything and 5 % on one department, told in random order."""

import csv
import gzip
import os
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.replay.real import needs_real_files, real_files

pytestmark = [pytest.mark.django_db, needs_real_files]

#: A four hundredth of the households, unless there is time for more.
SHARE = 48 if os.environ.get("SLOW") == "1" else 400
DEPARTMENT = "PRODUCE"
PERCENT, PERCENT_OF_DEPARTMENT = Decimal(2), Decimal(5)
#: When all has been told; earlier deliveries have matured.
NEW_YEAR = datetime(2018, 1, 2, tzinfo=UTC)
MATURED = NEW_YEAR - timedelta(days=14)
STEPS = ("placed", "paid", "shipped", "delivered")
#: What becomes of an order, one as likely as it is listed often.
ENDS = ["delivered"] * 16 + ["paid"] * 2 + ["placed", "cancelled", "returned", "returned"]


def rows(name):
    with gzip.open(real_files() / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def baskets():
    """Household, instant, and lines of department, units and cents; by the basket's id."""
    departments = {row["product_id"]: row["department"] for row in rows("products")}
    found = {}
    for row in rows("transactions"):
        cents, units = int(Decimal(row["sales_value"]) * 100), int(row["quantity"])
        if int(row["household_id"]) % SHARE or units < 1 or cents < 1:
            continue
        at = datetime.fromisoformat(row["transaction_timestamp"]).replace(tzinfo=UTC)
        basket = found.setdefault(row["basket_id"], (row["household_id"], at, []))
        basket[2].append((departments.get(row["product_id"], ""), units, cents))
    return found


def earned_by(lines):
    """Cents, by the policy: each rule's bases are summed, and rounded once."""
    of_department = sum(cents for department, _, cents in lines if department == DEPARTMENT)
    others = sum(cents for *_, cents in lines) - of_department
    return sum(
        int((base * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
        for base, percent in ((of_department, PERCENT_OF_DEPARTMENT), (others, PERCENT))
    )


def body_of(household, at, lines, status):
    shown = []
    for nth, (department, units, cents) in enumerate(lines):
        unit_price = -(-cents // units)
        shown.append(
            {"line_id": str(nth), "sku": f"S{nth}", "categories": [department] if department else [],
             "quantity": units, "unit_price": unit_price,
             "discount_amount": unit_price * units - cents}
        )  # fmt: skip
    told = {"customer_id": f"h{household}", "currency": "USD", "status": status,
            "placed_at": at.isoformat(), "lines": shown, "at": NEW_YEAR}  # fmt: skip
    if status == "delivered":
        told |= {"paid_at": at.isoformat(), "delivered_at": at.isoformat()}
    return told


def calls_of(basket_id, household, at, lines, end, chance):
    """What the shop tells of an order, in turn: some steps are skipped, some are told twice."""
    last = {"returned": "delivered", "cancelled": "paid"}.get(end, end)
    way = [step for step in STEPS[: STEPS.index(last)] if chance.random() < 0.4] + [last]
    if end == "cancelled":
        way.append("cancelled")
    path = f"/orders/b{basket_id}"
    for status in way:
        for _ in range(chance.choice([1, 1, 1, 2])):
            yield "PUT", path, body_of(household, at, lines, status)
    if end == "returned":
        halves = [list(range(len(lines)))[half::2] for half in (0, 1)]
        for nth, half in enumerate(filter(None, halves)):
            back = [{"line_id": str(line), "quantity": lines[line][1]} for line in half]
            yield "POST", f"{path}/returns", {
                "return_id": f"r{basket_id}-{nth}", "lines": back, "at": NEW_YEAR
            }  # fmt: skip


def interleaved(series, chance):
    """One call after the other, each of a random series, in the order of its own."""
    waiting = [iter(one) for one in series]
    while waiting:
        at = chance.randrange(len(waiting))
        call = next(waiting[at], None)
        if call is None:
            waiting[at] = waiting[-1]
            waiting.pop()
        else:
            yield call


def test_what_a_year_of_baskets_earns_is_what_the_files_say(api):
    chance = random.Random(5)
    for rule_id, fields in (
        ("all", {"percent": str(PERCENT)}),
        ("fresh", {"percent": str(PERCENT_OF_DEPARTMENT),
                   "items": {"include": {"categories": [DEPARTMENT]}}}),
    ):  # fmt: skip
        rule = {"name": rule_id, "pending_days": 14, "at": "2016-12-01T00:00:00Z"} | fields
        assert api.put(f"/cashback/rules/{rule_id}", rule).status == 201
    found = baskets()
    ends = {basket: chance.choice(ENDS) for basket in found}
    series = [calls_of(basket, *told, ends[basket], chance) for basket, told in found.items()]
    for method, path, body in interleaved(series, chance):
        assert api.call(method, path, body, idempotency_key=new_key(chance)).status in {200, 201}

    expected = defaultdict(lambda: {"pending": 0, "available": 0})
    for basket, (household, at, lines) in found.items():
        kept = expected[f"h{household}"]
        if ends[basket] in {"delivered", "paid"}:
            has_matured = ends[basket] == "delivered" and at <= MATURED
            kept["available" if has_matured else "pending"] += earned_by(lines)
    assert len({name for name, kept in expected.items() if kept["available"]}) > 5
    for customer_id, kept in expected.items():
        told = api.get(f"/customers/{customer_id}/cashback?at={NEW_YEAR:%Y-%m-%dT%H:%M:%SZ}")
        balances = told["balances"] or [{"pending": 0, "available": 0, "held": 0, "debt": 0}]
        assert balances[0]["pending"] == kept["pending"], customer_id
        assert balances[0]["available"] == kept["available"], customer_id
        assert (balances[0]["held"], balances[0]["debt"]) == (0, 0)


def new_key(chance):
    return f"journey-{chance.getrandbits(64):016x}"
