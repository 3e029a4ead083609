"""What partners owe and pay, and what the proof says of it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection

from cashback.models import Posting, Settlement, Transfer
from cashback.queries.totals import shop_totals
from cashback.queries.verify import breaches
from tests.api import DAY, NOON, Api
from tests.cashback import money

PAID = {"currency": "EUR", "amount": 30, "reference": "invoice 7", "at": NOON.isoformat()}
APRIL = datetime(2026, 4, 10, 12, tzinfo=UTC)
NOTHING = {"opening": 0, "funded": 0, "returned": 0, "settled": 0, "closing": 0}


@pytest.fixture
def acme(api: Api):
    return money.kept_partner("acme")


def told(api: Api, month: str = "2026-03") -> list[dict]:
    got = api.get(f"/cashback/partners/acme/receivables?month={month}")
    assert got.status == 200
    return got["currencies"]


def entries(api: Api, query: str = "") -> list[dict]:
    return api.get(f"/cashback/partners/acme/entries?month=2026-03{query}")["results"]


def test_a_partner_who_never_had_a_share_owes_nothing(api: Api, acme):
    got = api.get("/cashback/partners/acme/receivables?month=2026-03")
    assert got.body == {
        "partner_id": "acme", "since": "2026-02-28T23:00:00Z", "until": "2026-03-31T22:00:00Z",
        "currencies": [],
    }  # fmt: skip
    assert entries(api) == []


def test_their_share_of_what_is_earned_and_taken_back_is_told_by_month(api: Api, acme):
    ada, rule = money.customer(), money.kept_rule(percent="10")
    bought = money.buy(ada, rule, partner=acme)
    money.buy(ada, rule, partner=acme, currency="CHF", now=APRIL)
    money.buy(ada, rule)
    money.cancel(bought.order_key, ada, now=APRIL)

    assert told(api, "2026-02") == []
    assert told(api) == [NOTHING | {"currency": "EUR", "funded": 50, "closing": 50}]
    assert told(api, "2026-04") == [
        NOTHING | {"currency": "CHF", "funded": 50, "closing": 50},
        NOTHING | {"currency": "EUR", "opening": 50, "returned": 50},
    ]
    assert told(api, "2026-05") == [
        NOTHING | {"currency": "CHF", "opening": 50, "closing": 50},
        NOTHING | {"currency": "EUR"},
    ]


def test_what_was_paid_is_no_longer_owed(api: Api, acme):
    money.buy(money.customer(), money.kept_rule(percent="10"), partner=acme)

    got = api.post("/cashback/partners/acme/settlements", PAID)

    assert got.status == 201
    assert got.body == {
        "settlement_id": got["settlement_id"], "partner_id": "acme", "currency": "EUR",
        "amount": 30, "reference": "invoice 7", "received_at": "2026-03-10T12:00:00Z",
        "created_at": "2026-03-10T12:00:00Z",
    }  # fmt: skip
    assert got["settlement_id"].startswith("stl_")
    assert told(api) == [NOTHING | {"currency": "EUR", "funded": 50, "settled": 30, "closing": 20}]
    totals = {(row.kind, row.partner_id): row for row in shop_totals()}
    assert totals["partner", "acme"].debits - totals["partner", "acme"].credits == 20
    assert totals["settled", None].debits == 30


def test_more_than_is_owed_is_the_partners_and_what_was_wrong_is_put_right(api: Api, acme):
    api.post("/cashback/partners/acme/settlements", PAID)
    assert told(api) == [NOTHING | {"currency": "EUR", "settled": 30, "closing": -30}]
    api.post("/cashback/partners/acme/settlements", PAID | {"amount": -30})
    assert told(api) == [NOTHING | {"currency": "EUR"}]
    assert [entry["amount"] for entry in entries(api)] == [-30, 30]


def test_the_entries_lead_to_orders_rules_and_payments(api: Api, acme):
    bought = money.buy(money.customer(), money.kept_rule(percent="10"), partner=acme)
    earlier = {"received_at": (NOON - DAY).isoformat()}
    api.post("/cashback/partners/acme/settlements", PAID | earlier)

    earned, paid = entries(api)

    assert earned == {
        "at": "2026-03-10T12:00:00Z", "kind": "earn", "currency": "EUR", "amount": 50,
        "order_id": bought.order_id, "rule_id": "two-percent", "reference": None,
    }  # fmt: skip
    assert paid == {
        "at": "2026-03-10T12:00:00Z", "kind": "settle", "currency": "EUR", "amount": -30,
        "order_id": None, "rule_id": None, "reference": "invoice 7",
    }  # fmt: skip


def test_pages_and_the_file_tell_the_same(api: Api, acme):
    rule = money.kept_rule(percent="10")
    for name in ("ada", "bob", "cy"):
        money.buy(money.customer(name), rule, partner=acme)
    api.post("/cashback/partners/acme/settlements", PAID | {"reference": "=SUM(A1)"})
    whole = entries(api)
    first = api.get("/cashback/partners/acme/entries?month=2026-03&limit=3")
    rest = entries(api, f"&cursor={first['next_cursor']}")
    assert first["results"] + rest == whole
    assert len(whole) == 4

    file = api.get("/cashback/partners/acme/statement.csv?month=2026-03")

    assert file.headers["Content-Disposition"] == 'attachment; filename="acme-2026-03.csv"'
    rows = list(csv.DictReader(io.StringIO(file.raw.decode())))
    assert [int(row["amount"]) for row in rows] == [entry["amount"] for entry in whole]
    assert rows[-1]["reference"] == "'=SUM(A1)"


def test_without_a_month_the_current_one_is_told(api: Api, acme):
    money.buy(money.customer(), money.kept_rule(percent="10"), partner=acme)
    now = NOON.isoformat().replace("+", "%2B")
    got = api.get(f"/cashback/partners/acme/receivables?at={now}")
    assert got["currencies"] == told(api)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"amount": 0}, "/amount"),
        ({"amount": "5"}, "/amount"),
        ({"reference": ""}, "/reference"),
        ({"reference": " "}, "/reference"),
        ({"currency": "euro"}, "/currency"),
        ({"received_at": (NOON + DAY).isoformat()}, "/received_at"),
        ({"partner_id": "acme"}, "/partner_id"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(api: Api, acme, fields, pointer):
    got = api.post("/cashback/partners/acme/settlements", PAID | fields)
    assert (got.status, got.pointers) == (422, [pointer])
    assert not Settlement.objects.exists()
    assert not Posting.objects.exists()


def test_unknown_partners_and_odd_months_are_refused(api: Api, acme):
    assert api.post("/cashback/partners/nobody/settlements", PAID).status == 404
    for path in ("receivables", "entries", "statement.csv"):
        assert api.get(f"/cashback/partners/nobody/{path}").status == 404
        for month in ("2026-13", "26-03", "2026-3", "1899-01", "x"):
            got = api.get(f"/cashback/partners/acme/{path}?month={month}")
            assert (got.status, got.pointers) == (422, ["/month"])
        assert api.get(f"/cashback/partners/acme/{path}?month=2199-12").status == 200


def test_a_repetition_pays_once_and_a_partner_who_paid_stays(api: Api, acme):
    key = "settlement-4711-1"
    first = api.post("/cashback/partners/acme/settlements", PAID, idempotency_key=key)
    again = api.post("/cashback/partners/acme/settlements", PAID, idempotency_key=key)
    assert again.raw == first.raw
    assert Transfer.objects.count() == 1
    assert api.delete("/cashback/partners/acme").status == 409


@pytest.mark.tampers
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE cashback_settlement SET amount = amount + 1",
        "UPDATE cashback_settlement SET currency = 'CHF'",
        "DELETE FROM cashback_settlement",
    ],
)
def test_the_proof_finds_a_payment_that_is_not_what_was_booked(api: Api, acme, tampering):
    api.post("/cashback/partners/acme/settlements", PAID)
    assert list(breaches(every_row=True)) == []
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert {breach.check for breach in breaches()} == {
        "what partners paid is booked, and nothing else"
    }
