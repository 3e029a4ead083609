"""How many statements each act costs: round trips are most of what a posting costs."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cashback.actions import dates, due, earn, holds, payouts, returns
from cashback.queries.balances import balances
from cashback.queries.statement import entries
from tests.api import DAY, NOON
from tests.cashback.money import (
    EarningOrder,
    buy,
    customer,
    give,
    hold,
    kept_rule,
    order,
    pay_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    """Somebody with a wallet in which nothing is due."""
    key = customer()
    give(key, 1_000, now=NOON)
    return key


def cost(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def earning(key, rule, *, count=1):
    """Orders that have not earned yet."""
    purchase = buy(key, rule).purchase
    return [
        EarningOrder(order_key=row.pk, order_id=row.reference, customer_key=key, purchase=purchase)
        for row in [order(key) for _ in range(count)]
    ]


def test_earning_is_two_statements_and_a_hundred_orders_are_no_more(ada):
    rule = kept_rule("half", percent="50")
    for orders in (earning(ada, rule), earning(ada, rule, count=100)):
        assert cost(lambda o=orders: earn.earn_all(orders=o, rules=[rule], now=NOON)) == 2
    capped = kept_rule("capped", max_per_customer_month=10_000, currency="EUR")
    [one] = earning(ada, capped)
    assert cost(lambda: earn.earn(order=one, rules=[capped], now=NOON)) == 3
    [first] = earning(ada, rule)
    new = EarningOrder(
        order_key=first.order_key, order_id="n", customer_key=customer("new"),
        purchase=first.purchase,
    )  # fmt: skip
    assert cost(lambda: earn.earn(order=new, rules=[rule], now=NOON)) == 5
    assert cost(lambda: earn.earn(order=first, rules=[], now=NOON)) == 0


def test_holding_releasing_and_spending_are_three_or_four(ada):
    wanted = {"customer_key": ada, "currency": "EUR", "amount": 100, "now": NOON}
    first, second = uuid4(), uuid4()
    assert cost(lambda: holds.hold(**wanted, reference=first)) == 3
    assert cost(lambda: holds.hold(**wanted, reference=second)) == 3
    assert cost(lambda: holds.hold(**wanted, reference=first, swaps=True)) == 4
    assert cost(lambda: holds.spend(reference=first, order_key=order(ada).pk, now=NOON)) == 4
    assert cost(lambda: holds.release(references=[second], now=NOON)) == 4
    assert cost(lambda: holds.release(references=[uuid4()], now=NOON)) == 1
    # One of them makes the order of the test.
    assert cost(lambda: pay_with(ada, 100, now=NOON)) == 3 + 1


def test_returns_are_four_and_five(ada):
    bought = buy(ada, kept_rule("half", percent="50", pending_days=0), delivered_at=NOON)
    paid = pay_with(ada, 400, now=NOON)
    of = {"customer_key": ada, "currency": "EUR", "now": NOON}
    source = returns.cancel_source(order_key=paid.pk)
    assert cost(lambda: returns.restore(**of, order_key=paid.pk, source=source)) == 4
    assert cost(lambda: returns.take_back(**of, order_key=paid.pk, source=source)) == 2
    source = returns.cancel_source(order_key=bought.order_key)
    assert cost(lambda: returns.take_back(**of, order_key=bought.order_key, source=source)) == 5


def test_payouts_are_four(ada):
    payout = hold(ada, 100, purpose="payout", now=NOON)
    assert cost(lambda: payouts.submit(reference=payout, now=NOON)) == 4
    assert cost(lambda: payouts.pay(reference=payout, now=NOON)) == 4


def test_what_is_due_is_four_whatever_its_number(ada):
    rule = kept_rule("half", percent="50", pending_days=1)
    for number in range(20):
        bought = buy(customer(f"c{number}"), rule, delivered_at=NOON)
        buy(ada, rule, delivered_at=NOON)
    assert cost(lambda: due.touch(customer_key=ada, now=NOON)) == 1
    assert cost(lambda: due.touch(customer_key=ada, now=NOON + DAY)) == 4
    # One more to find the wallets, and two for the transaction.
    assert cost(lambda: due.book_due(now=NOON + DAY)) == 7
    told = {"customer_key": bought.customer_key, "currency": "EUR", "paid_at": NOON}
    assert (
        cost(
            lambda: dates.date_order(
                **told, order_key=bought.order_key, delivered_at=NOON + 3 * DAY, now=NOON + DAY
            )
        )
        == 3
    )


def test_reading_is_one(ada):
    assert cost(lambda: balances(customer_key=ada, at=NOON)) == 1
    assert cost(lambda: entries(customer_key=ada, currency="EUR", limit=50)) == 1
