"""A customer's balances and statement."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cashback.models import Posting
from tests.api import DAY, NOON, Api, make_key
from tests.cashback import money


def at(moment) -> str:
    return moment.isoformat().replace("+", "%2B")


@pytest.fixture
def ada(db) -> int:
    return money.customer("ada")


def entries(api: Api, query: str = "", moment=NOON) -> list[dict]:
    return api.get(f"/customers/ada/cashback/entries?at={at(moment)}{query}")["results"]


def test_whoever_has_nothing_has_no_balance_and_whoever_is_unknown_is_not_found(api: Api, ada: int):
    assert api.get("/customers/ada/cashback").body == {"balances": []}
    assert api.get("/customers/ada/cashback/entries").body == {"results": [], "next_cursor": None}
    for path in ("cashback", "cashback/entries"):
        assert api.get(f"/customers/nobody/{path}").status == 404
        assert api.get(f"/customers/a%20b/{path}").status == 404


def test_balances_are_told_by_currency_as_of_the_instant(api: Api, ada: int):
    rule = money.kept_rule()
    money.buy(ada, rule, paid_at=NOON)
    money.buy(ada, rule, currency="CHF")

    def told(moment):
        return api.get(f"/customers/ada/cashback?at={at(moment)}")["balances"]

    nothing = {"available": 0, "held": 0, "debt": 0, "expiring": []}
    chf = nothing | {"currency": "CHF", "pending": 20}
    assert told(NOON) == [chf, nothing | {"currency": "EUR", "pending": 20}]
    assert told(NOON + 14 * DAY) == [
        chf,
        nothing | {
            "currency": "EUR", "pending": 0, "available": 20,
            "expiring": [{"amount": 20, "expires_at": "2027-03-24T23:00:00Z"}],
        },
    ]  # fmt: skip
    assert told(NOON + 500 * DAY)[1] == nothing | {"currency": "EUR", "pending": 0}
    assert Posting.objects.count() == 2, "nothing was written"


def test_the_statement_tells_every_account_newest_first(api: Api, ada: int):
    rule = money.kept_rule()
    bought = money.buy(ada, rule, paid_at=NOON)
    paid = money.pay_with(ada, 5, now=NOON + 15 * DAY)

    found = entries(api, moment=NOON + 16 * DAY)

    assert [(e["kind"], e["account"], e["amount"], e["balance_after"]) for e in found] == [
        ("spend", "held", -5, 0),
        ("hold", "held", 5, 5),
        ("hold", "available", -5, 15),
        ("mature", "available", 20, 20),
        ("mature", "pending", -20, 0),
        ("earn", "pending", 20, 20),
    ]
    assert found[0]["order_id"] == paid.reference
    assert found[-1] == {
        "at": "2026-03-10T12:00:00Z", "kind": "earn", "account": "pending", "currency": "EUR",
        "amount": 20, "balance_after": 20, "order_id": bought.order_id, "rule_id": "two-percent",
        "promotion_id": None, "reason": None, "expires_at": "2027-03-24T23:00:00Z",
    }  # fmt: skip


def test_what_is_due_is_booked_before_it_is_told(api: Api, ada: int):
    money.buy(ada, money.kept_rule(), paid_at=NOON)
    before = Posting.objects.count()
    assert [e["kind"] for e in entries(api, moment=NOON + 14 * DAY - timedelta(seconds=1))] == [
        "earn"
    ]
    assert Posting.objects.count() == before

    found = entries(api, moment=NOON + 400 * DAY)

    assert [e["kind"] for e in found] == ["expire", "mature", "mature", "earn"]
    assert found[0]["at"] == "2027-03-24T23:00:00Z"
    assert Posting.objects.count() == before + 2
    assert entries(api, moment=NOON + 400 * DAY) == found


def test_of_one_currency_or_of_all(api: Api, ada: int):
    rule = money.kept_rule()
    for currency in ("EUR", "CHF", "EUR"):
        money.buy(ada, rule, currency=currency)
    assert [e["currency"] for e in entries(api)] == ["EUR", "CHF", "EUR"]
    assert [e["currency"] for e in entries(api, "&currency=EUR")] == ["EUR", "EUR"]
    assert entries(api, "&currency=USD") == []
    assert api.get("/customers/ada/cashback/entries?currency=euro").pointers == ["/currency"]


def test_pages_follow_one_another_without_a_gap(api: Api, ada: int):
    for number in range(1, 8):
        money.give(ada, number, now=NOON)
    money.buy(ada, money.kept_rule(), currency="CHF")
    whole = entries(api)
    seen, cursor = [], ""
    while cursor is not None:
        got = api.get(
            f"/customers/ada/cashback/entries?limit=3&at={at(NOON)}"
            + (f"&cursor={cursor}" if cursor else "")
        )
        seen += got["results"]
        cursor = got["next_cursor"]
        if len(seen) == 3:
            # What is added meanwhile is newer than every page that follows.
            money.give(ada, 100, now=NOON)
    assert seen == whole
    assert len(seen) == 8


def test_a_cursor_of_ours_belongs_to_its_list(api: Api, ada: int):
    for number in range(1, 4):
        money.give(ada, number, now=NOON)
    cursor = api.get("/customers/ada/cashback/entries?limit=1&currency=EUR")["next_cursor"]
    for path in (
        f"/customers/ada/cashback/entries?cursor={cursor}",
        "/customers/ada/cashback/entries?cursor=abc",
        f"/cashback/rules?cursor={cursor}",
    ):
        assert api.get(path).pointers == ["/cursor"]


def test_the_last_page_of_a_long_statement_reads_no_more_than_the_first(api: Api, ada: int):
    for number in range(1, 300):
        money.give(ada, number, now=NOON)
    api.get("/customers/ada/cashback/entries?limit=10&currency=EUR")
    reads = []
    cursor = ""
    for _ in range(30):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            got = api.get(f"/customers/ada/cashback/entries?limit=10&currency=EUR{cursor}")
        reads.append(len(captured))
        cursor = f"&cursor={got['next_cursor']}"
    assert got["next_cursor"] is None
    assert len(set(reads)) == 1


def test_reading_needs_the_scope_cashback_and_not_customers(api: Api, ada: int):
    for scope, status in (("customers", 403), ("cashback", 200)):
        reader = Api(make_key(scope, name=scope))
        assert reader.get("/customers/ada/cashback").status == status
        assert reader.get("/customers/ada/cashback/entries").status == status
