"""Many acts on one wallet at once, through the actions: as if they had come one after the other."""

import random
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction

from cashback.actions import due, earn, holds, payouts, returns
from cashback.actions.errors import CashbackInsufficient
from cashback.models import Wallet
from cashback.queries.verify import breaches
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import buy, customer, give, hold, kept_rule, line, order, pay_with, wallet
from tests.races.storm import Told, by_status, storm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres15]


@pytest.fixture(autouse=True)
def proven():
    yield
    assert list(breaches(every_row=True)) == []


def told(act: Callable[[], object]) -> Callable[[], Told]:
    """The act in a transaction of its own: 200, 422 where there is too little, 409 the second time."""

    def call() -> Told:
        try:
            with transaction.atomic():
                act()
        except CashbackInsufficient:
            return Told(422)
        except holds.NotHeld:
            return Told(409)
        finally:
            connection.close()
        return Told(200)

    return call


def test_one_wallet_of_ten_thousand_is_spent_in_hundreds_a_hundred_times(seed):
    ada = customer()
    give(ada, 4_000, now=NOON, expires_at=NOON + DAY)
    give(ada, 6_000, now=NOON, expires_at=NOON + 2 * DAY)
    jobs = [(n, told(lambda: pay_with(ada, 100, now=NOON))) for n in range(160)]
    attempts = storm(jobs, seed=seed, threads=64, in_flight=16)
    assert {status: len(found) for status, found in by_status(attempts).items()} == {
        200: 100, 422: 60,
    }  # fmt: skip
    assert wallet(ada) == (0, 0, 0, 0)


def test_first_earnings_of_new_customers_open_each_wallet_once(seed):
    keys = [customer(f"c{number}") for number in range(10)]
    rule = kept_rule("half", percent="50")
    jobs = [(n, told(lambda key=keys[n % 10]: buy(key, rule))) for n in range(100)]
    storm(jobs, seed=seed)
    assert [wallet(key) for key in keys] == [(5_000, 0, 0, 0)] * 10


def test_spending_expiring_returning_and_paying_out_are_as_if_one_after_the_other(seed):
    """Every act finds either enough or too little; whatever the order, nothing is lost."""
    ada, chance = customer(), random.Random(seed)
    rule = kept_rule("half", percent="50", pending_days=0)
    bought = [buy(ada, rule, lines=[line("1", 2_000)], delivered_at=NOON) for _ in range(6)]
    paid = [pay_with(ada, 150, now=NOON) for _ in range(6)]
    held = [hold(ada, 100, purpose="payout", now=NOON) for _ in range(6)]
    reserved = [hold(ada, 90, now=NOON, expires_at=NOON + HOUR) for _ in range(6)]

    def sent_back(one):
        source = returns.return_source(order_key=one.order_key, return_id=uuid4().hex)
        of = {"customer_key": ada, "currency": "EUR", "order_key": one.order_key}
        returns.take_back(**of, source=source, lines={"1": 100}, now=NOON)

    def cancelled(one):
        of = {"customer_key": ada, "currency": "EUR", "order_key": one.pk}
        returns.restore(**of, source=returns.cancel_source(order_key=one.pk), now=NOON)

    acts = [
        *(lambda one=one: sent_back(one) for one in bought for _ in range(4)),
        *(lambda one=one: cancelled(one) for one in paid),
        *(lambda one=one: payouts.submit(reference=one, now=NOON) for one in held for _ in "ab"),
        *(lambda one=one: holds.release(references=[one], now=NOON) for one in reserved),
        *(
            lambda one=one: holds.spend(reference=one, order_key=order(ada).pk, now=NOON)
            for one in reserved
        ),
        *(lambda: pay_with(ada, chance.randint(50, 900), now=NOON) for _ in range(12)),
        *(lambda: due.touch(customer_key=ada, now=NOON + HOUR) for _ in range(6)),
        *(lambda: give(ada, chance.choice([70, -70]), now=NOON) for _ in range(8)),
    ]
    attempts = storm([(n, told(act)) for n, act in enumerate(acts)], seed=seed)
    assert Counter(attempt.told.status for attempt in attempts)[409] == 6
    assert Wallet.objects.count() == 1


def test_a_run_over_all_wallets_twice_at_once_books_everything_once(seed):
    keys = [customer(f"c{number}") for number in range(40)]
    rule = kept_rule("half", percent="50", pending_days=1, expires_after_days=1)
    for key in keys:
        buy(key, rule, delivered_at=NOON)
    jobs = [(n, told(lambda: due.book_due(now=NOON + 9 * DAY, batch=5))) for n in range(8)]
    jobs += [
        (key, told(lambda key=key: due.touch(customer_key=key, now=NOON + 9 * DAY))) for key in keys
    ]
    storm(jobs, seed=seed, in_flight=4)
    due.book_due(now=NOON + 9 * DAY)
    assert {wallet(key) for key in keys} == {(0, 0, 0, 0)}


def test_one_order_earns_once_however_often_it_is_told_at_once(seed):
    ada, rule = customer(), kept_rule("half", percent="50")
    give(ada, 1, now=NOON)
    told_of = buy(ada, rule)
    again = earn.EarningOrder(
        order_key=order(ada).pk, order_id="again", customer_key=ada, purchase=told_of.purchase
    )
    jobs = [
        (n, told_once(lambda: earn.earn(order=again, rules=[rule], now=NOON))) for n in range(30)
    ]
    attempts = storm(jobs, seed=seed)
    assert Counter(attempt.told.status for attempt in attempts) == {200: 1, 409: 29}
    assert wallet(ada) == (1_000, 1, 0, 0)


def told_once(act: Callable[[], object]) -> Callable[[], Told]:
    """As `told`; what is booked already is told 409."""

    def call() -> Told:
        try:
            return told(act)()
        except Exception as error:
            if "cashback_posting_once" in str(error):
                return Told(409)
            raise

    return call
