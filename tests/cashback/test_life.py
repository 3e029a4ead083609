"""What becomes of money that was earned: it matures, is held, spent and restored, and expires."""

from datetime import timedelta

import pytest

from cashback.actions import due, holds
from cashback.actions.errors import CashbackInsufficient
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import buy, cancel, customer, hold, kept_rule, pay_with, wallet

pytestmark = pytest.mark.django_db


def test_what_an_order_earns_is_pending_until_days_after_its_delivery():
    ada = customer()
    buy(ada, kept_rule(), delivered_at=NOON)
    assert wallet(ada) == (20, 0, 0, 0)
    due.touch(customer_key=ada, now=NOON + 14 * DAY - HOUR)
    assert wallet(ada) == (20, 0, 0, 0)
    due.touch(customer_key=ada, now=NOON + 14 * DAY)
    assert wallet(ada) == (0, 20, 0, 0)


def test_what_is_held_is_spent_or_goes_back():
    ada = customer()
    buy(ada, kept_rule(percent="50", pending_days=0), delivered_at=NOON)
    assert wallet(ada) == (0, 500, 0, 0)
    reservation = hold(ada, 300, now=NOON)
    assert wallet(ada) == (0, 200, 300, 0)
    with pytest.raises(CashbackInsufficient):
        hold(ada, 201, now=NOON)
    assert holds.release(references=[reservation], now=NOON) == 1
    assert holds.release(references=[reservation], now=NOON) == 0
    assert wallet(ada) == (0, 500, 0, 0)
    paid = pay_with(ada, 400, now=NOON)
    assert wallet(ada) == (0, 100, 0, 0)
    assert cancel(paid.pk, ada, now=NOON)[0] == 400
    assert wallet(ada) == (0, 500, 0, 0)


def test_what_is_spent_before_its_order_is_cancelled_becomes_debt():
    ada = customer()
    bought = buy(ada, kept_rule(percent="50", pending_days=0), delivered_at=NOON)
    pay_with(ada, 400, now=NOON)
    assert cancel(bought.order_key, ada, now=NOON)[1] == (500, 400, 0, 0)
    assert wallet(ada) == (0, 0, 0, 400)
    buy(ada, kept_rule("more", percent="50", pending_days=1), delivered_at=NOON)
    due.book_due(now=NOON + timedelta(days=1))
    assert wallet(ada) == (0, 100, 0, 0)
