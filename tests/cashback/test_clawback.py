"""An order comes back: what it earned is taken from where it still is, and then by the rule's policy."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from cashback.actions import due, holds, returns
from cashback.domain.booking import Overdrawn
from cashback.domain.earning import Bonus
from cashback.domain.lots import expires_on
from cashback.models import Lot, LotShare, Transfer
from cashback.queries.shop import shop_zone
from cashback.queries.totals import shop_totals
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import (
    buy,
    cancel,
    customer,
    give,
    hold,
    kept_partner,
    kept_rule,
    line,
    pay_with,
    wallet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return customer()


def half(rule_id="half", **fields):
    return kept_rule(rule_id, percent="50", **{"pending_days": 0, **fields})


def lots():
    return list(Lot.objects.order_by("id").values_list("remaining", flat=True))


def send_back(bought, return_id, lines, *, refund=0, now=NOON):
    return returns.take_back(
        customer_key=bought.customer_key, currency="EUR", order_key=bought.order_key,
        source=returns.return_source(order_key=bought.order_key, return_id=return_id),
        lines=lines, refund=refund, now=now,
    )  # fmt: skip


def totals():
    """Credits less debits of the shop's accounts."""
    return {(row.partner_id or row.kind): row.credits - row.debits for row in shop_totals()}


def test_what_is_pending_is_taken_from_there(ada):
    bought = buy(ada, half(pending_days=3), delivered_at=NOON)
    assert cancel(bought.order_key, ada, now=NOON) == (0, (500, 0, 0, 0))
    assert wallet(ada) == (0, 0, 0, 0)
    assert totals()["expense"] == 0
    assert due.book_due(now=NOON + 3 * DAY).postings == 0
    assert cancel(bought.order_key, ada, now=NOON) == (0, (0, 0, 0, 0))


def test_what_is_unspent_is_taken_from_the_orders_own_lots_first(ada):
    give(ada, 100, now=NOON, expires_at=NOON + HOUR)
    bought = buy(ada, half(), delivered_at=NOON)
    assert send_back(bought, "r1", {"1": 300}) == (300, 0, 0, 0)
    assert lots() == [100, 200]


def test_what_is_missing_there_is_taken_from_other_credit_and_then_owed(ada):
    bought = buy(ada, half(), delivered_at=NOON)
    pay_with(ada, 450, now=NOON)
    give(ada, 100, now=NOON)
    assert send_back(bought, "r1", {"1": 120}) == (120, 0, 0, 0)
    assert lots() == [0, 30]
    assert send_back(bought, "r2", {"1": 380}) == (380, 350, 0, 0)
    assert wallet(ada) == (0, 0, 0, 350)


def test_what_is_held_counts_as_spent(ada):
    bought = buy(ada, half(), delivered_at=NOON)
    reservation = hold(ada, 500, now=NOON)
    assert cancel(bought.order_key, ada, now=NOON)[1] == (500, 500, 0, 0)
    holds.release(references=[reservation], now=NOON)
    assert wallet(ada) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("clawback", "refund", "told", "after"),
    [
        ("debt", 1000, (500, 400, 0, 0), (0, 0, 0, 400)),
        ("offset_refund", 1000, (500, 0, 400, 0), (0, 0, 0, 0)),
        ("offset_refund", 150, (500, 250, 150, 0), (0, 0, 0, 250)),
        ("offset_refund", 0, (500, 400, 0, 0), (0, 0, 0, 400)),
        ("absorb", 1000, (500, 0, 0, 400), (0, 0, 0, 0)),
    ],
)
def test_what_was_spent_is_taken_back_by_the_rules_policy(ada, clawback, refund, told, after):
    bought = buy(ada, half(clawback=clawback), delivered_at=NOON)
    pay_with(ada, 400, now=NOON)
    assert cancel(bought.order_key, ada, now=NOON, refund=refund)[1] == told
    assert wallet(ada) == after
    kept = told[3]
    assert (totals()["expense"], totals()["settled"]) == (-kept, 400 - told[2])


def test_what_has_expired_unspent_is_not_owed(ada):
    bought = buy(ada, half(expires_after_days=1), delivered_at=NOON)
    pay_with(ada, 100, now=NOON)
    late = NOON + 9 * DAY
    give(ada, 50, now=late)
    assert send_back(bought, "r1", {"1": 300}, now=late) == (300, 0, 0, 0)
    assert wallet(ada) == (0, 50, 0, 0)
    assert send_back(bought, "r2", {"1": 200}, now=late) == (200, 50, 0, 0)
    assert totals()["breakage"] == 0


def test_what_came_back_after_its_lot_had_expired_is_still_the_orders_own(ada):
    bought = buy(ada, half(expires_after_days=1), delivered_at=NOON)
    paid = pay_with(ada, 500, now=NOON)
    late = NOON + 9 * DAY
    give(ada, 100, now=late, expires_at=late + DAY)
    cancel(paid.pk, ada, now=late)
    assert send_back(bought, "r1", {"1": 400}, now=late) == (400, 0, 0, 0)
    assert lots() == [0, 100, 100]


def test_each_lot_of_a_line_gives_back_its_part_and_all_steps_sum_to_it(ada):
    third = kept_rule("third", percent="33.3", pending_days=0)
    bonus = Bonus("spring", 100, (0, 1), pending_days=0)
    bought = buy(
        ada, third, lines=[line("1", 700), line("2", 350)], bonuses=[bonus], delivered_at=NOON
    )
    earned = {share.line_id: 0 for share in LotShare.objects.all()}
    for share in LotShare.objects.all():
        earned[share.line_id] += share.amount
    assert earned == {"1": 233 + 67, "2": 117 + 33}
    for step in range(10):
        told = send_back(bought, f"a{step}", {"1": 30, "2": 15})
        assert told == (45, 0, 0, 0)
    assert wallet(ada) == (0, 0, 0, 0)
    assert lots() == [0, 0]
    with pytest.raises(Overdrawn):
        send_back(bought, "more", {"1": 1})


@pytest.mark.parametrize("clawback", ["debt", "offset_refund", "absorb"])
def test_a_partner_has_paid_its_share_of_what_stays_earned_after_each_step(ada, clawback):
    acme = kept_partner(share_percent=333_300)
    bought = buy(ada, half(partner=acme, clawback=clawback), lines=[line("1", 334)])
    assert totals()["acme"] == -56
    due.touch(customer_key=ada, now=NOON)
    for step, back in enumerate((1, 2, 50, 114)):
        send_back(bought, f"r{step}", {"1": back})
        left = 167 - sum((1, 2, 50, 114)[: step + 1])
        assert totals()["acme"] == -((2 * left * 3333 + 10_000) // 20_000)
    assert totals()["expense"] == totals()["acme"] == 0


def test_a_partner_gets_back_nothing_of_what_was_absorbed(ada):
    acme = kept_partner(share_percent=333_300)
    rule = half(partner=acme, clawback="absorb")
    bought = buy(ada, rule, lines=[line("1", 334)], delivered_at=NOON)
    pay_with(ada, 100, now=NOON)
    assert send_back(bought, "r1", {"1": 120}) == (120, 0, 0, 53)
    # 33.33 % of 100, and then of 53.
    assert totals()["acme"] == -33
    give(ada, 1000, now=NOON)
    assert send_back(bought, "r2", {"1": 47}) == (47, 0, 0, 0)
    assert totals()["acme"] == -18


def test_a_return_and_a_cancel_are_booked_once(ada):
    bought = buy(ada, half(), delivered_at=NOON)
    send_back(bought, "r1", {"1": 10})
    with pytest.raises(IntegrityError, match="cashback_posting_once"), transaction.atomic():
        send_back(bought, "r1", {"1": 10})


def test_all_that_was_restored_and_taken_back_comes_out_in_any_order_of_steps(ada):
    """Paid with cashback and earning cashback, sent back in three steps, in each order."""
    for number, steps in enumerate(itertools.permutations([(1, 10), (2, 20), (3, 70)])):
        eve = customer(f"eve{number}")
        give(eve, 60, now=NOON, expires_at=NOON + DAY)
        give(eve, 40, now=NOON, expires_at=NOON + 3 * DAY)
        bought = buy(eve, half(f"half{number}", pending_days=5), lines=[line("1", 200)])
        holds.spend_at_once(
            customer_key=eve, currency="EUR", amount=100, reference=uuid4(),
            order_key=bought.order_key, now=NOON,
        )  # fmt: skip
        for name, part in steps:
            now = NOON + timedelta(hours=name)
            source = returns.return_source(order_key=bought.order_key, return_id=f"r{name}")
            returns.restore(
                customer_key=eve, currency="EUR", order_key=bought.order_key, source=source,
                amount=part, now=now,
            )  # fmt: skip
            send_back(bought, f"r{name}", {"1": part}, now=now)
        assert wallet(eve) == (0, 100, 0, 0)
    assert Transfer.objects.filter(posting__kind="restore").count() == 18


def test_what_has_expired_and_nobody_has_booked_is_not_owed_either(ada):
    bought = buy(ada, half(expires_after_days=1), delivered_at=NOON)
    assert send_back(bought, "r1", {"1": 300}, now=NOON + 9 * DAY) == (300, 0, 0, 0)
    assert wallet(ada) == (0, 0, 0, 0)
    assert totals()["breakage"] == 200


def test_debt_is_repaid_by_an_old_lot_before_a_new_one_that_lasts_as_long(ada):
    late = NOON + 9 * DAY
    give(ada, 50, now=NOON, expires_at=NOON + DAY)
    give(ada, 100, now=NOON, expires_at=expires_on(late, days=30, zone=shop_zone()))
    paid = pay_with(ada, 150, now=NOON)
    bought = buy(ada, half(), lines=[line("1", 120)], delivered_at=NOON)
    pay_with(ada, 60, now=NOON)
    assert send_back(bought, "r1", {"1": 60}) == (60, 60, 0, 0)
    cancel(paid.pk, ada, now=late)
    assert wallet(ada) == (0, 90, 0, 0)
    assert lots() == [0, 40, 0, 50]
