"""What becomes of money that was earned: it matures, is held, spent and restored, and expires."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from cashback.actions import adjust as adjusting
from cashback.actions import dates, due, holds, payouts
from cashback.actions.errors import CashbackInsufficient
from cashback.models import Lot, Posting, Transfer
from cashback.queries.balances import balances
from common.errors import ValidationFailed
from journal.models import OutboxEvent
from tests.api import DAY, HOUR, NOON
from tests.cashback.money import (
    buy,
    cancel,
    customer,
    give,
    hold,
    kept_rule,
    order,
    pay_with,
    wallet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return customer()


def half(**fields):
    """Half of what is paid, at once."""
    return kept_rule("half", percent="50", **{"pending_days": 0, **fields})


def lots():
    """What remains of each lot, in the order of their making."""
    return list(Lot.objects.order_by("id").values_list("remaining", flat=True))


def events():
    rows = OutboxEvent.objects.order_by("id").filter(type__startswith="cashback.")
    return [(row.type, row.payload["amount"]) for row in rows]


def test_what_an_order_earns_is_pending_until_days_after_its_delivery(ada):
    bought = buy(ada, kept_rule(), delivered_at=NOON)
    due.touch(customer_key=ada, now=NOON + 14 * DAY - HOUR)
    assert wallet(ada) == (20, 0, 0, 0)
    assert due.touch(customer_key=ada, now=NOON + 14 * DAY) == 1
    assert due.touch(customer_key=ada, now=NOON + 14 * DAY) == 0
    assert wallet(ada) == (0, 20, 0, 0)
    assert events() == [("cashback.earned", 20), ("cashback.available", 20)]
    told = OutboxEvent.objects.last()
    assert (told.payload["order_id"], told.customer_key) == (bought.order_id, ada)


def test_it_expires_at_the_end_of_the_last_day_by_the_shops_clocks(ada):
    """Noon of 10 March in Berlin is 11:00 in London; 30 days later the clocks have changed."""
    buy(ada, half(expires_after_days=30), delivered_at=NOON)
    midnight = datetime(2026, 4, 9, 22, tzinfo=UTC)
    assert due.touch(customer_key=ada, now=midnight - HOUR) == 0
    assert due.touch(customer_key=ada, now=midnight) == 1
    assert wallet(ada) == (0, 0, 0, 0)
    assert events()[-1] == ("cashback.expired", 500)


def test_without_a_date_it_stays_pending_for_ever(ada):
    buy(ada, half())
    assert due.touch(customer_key=ada, now=NOON + 9999 * DAY) == 0
    assert wallet(ada) == (500, 0, 0, 0)


@pytest.mark.parametrize(
    ("paid", "delivered", "available_on"),
    [(1, None, 15), (1, 4, 18), (None, 4, 18)],
    ids=["by payment", "by delivery", "by delivery alone"],
)
def test_it_is_dated_when_payment_or_delivery_is_told(ada, paid, delivered, available_on):
    bought = buy(ada, half(pending_days=14))
    told = {"customer_key": ada, "currency": "EUR", "order_key": bought.order_key}
    days = {"paid_at": paid, "delivered_at": delivered}
    instants = {name: NOON + day * DAY if day else None for name, day in days.items()}
    dates.date_order(**told, **instants, now=NOON + 5 * DAY)
    due.touch(customer_key=ada, now=NOON + available_on * DAY - HOUR)
    assert wallet(ada) == (500, 0, 0, 0)
    due.touch(customer_key=ada, now=NOON + available_on * DAY)
    assert wallet(ada) == (0, 500, 0, 0)


def test_a_delivery_that_is_told_late_does_not_take_back_what_was_due_by_the_payment(ada):
    bought = buy(ada, half(pending_days=14), paid_at=NOON)
    dated = Lot.objects.values("available_at", "expires_at").get()
    dates.date_order(
        customer_key=ada, currency="EUR", order_key=bought.order_key, paid_at=NOON,
        delivered_at=NOON + 19 * DAY, now=NOON + 20 * DAY,
    )  # fmt: skip
    assert wallet(ada) == (0, 500, 0, 0)
    assert Lot.objects.values("available_at", "expires_at").get() == dated
    assert Posting.objects.get(kind="mature").at == NOON + 14 * DAY


def test_a_delivery_that_is_told_very_late_makes_it_available_at_once(ada):
    bought = buy(ada, half(pending_days=14))
    dates.date_order(
        customer_key=ada, currency="EUR", order_key=bought.order_key, paid_at=None,
        delivered_at=NOON, now=NOON + 20 * DAY,
    )  # fmt: skip
    assert wallet(ada) == (0, 500, 0, 0)


def test_what_expires_first_is_spent_first_and_then_what_is_older(ada):
    late = buy(ada, half(expires_after_days=90), delivered_at=NOON)
    rule = kept_rule("soon", percent="10", pending_days=0, expires_after_days=30)
    for _ in range(2):
        buy(ada, rule, delivered_at=NOON)
    pay_with(ada, 150, now=NOON)
    assert late.order_key == Lot.objects.order_by("id").first().order_id
    assert lots() == [500, 0, 50]
    pay_with(ada, 150, now=NOON)
    assert lots() == [400, 0, 0]


def test_what_is_held_cannot_be_held_twice_and_goes_back_to_its_own_lots(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    give(ada, 300, now=NOON, expires_at=NOON + 2 * DAY)
    reservation = hold(ada, 250, now=NOON)
    assert (wallet(ada), lots()) == ((0, 250, 250, 0), [0, 250])
    with pytest.raises(CashbackInsufficient):
        hold(ada, 251, now=NOON)
    assert holds.release(references=[reservation, uuid4()], now=NOON) == 1
    assert holds.release(references=[reservation], now=NOON) == 0
    assert (wallet(ada), lots()) == ((0, 500, 0, 0), [200, 300])


def test_what_has_expired_while_it_was_held_expires_when_it_is_released(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    give(ada, 300, now=NOON, expires_at=NOON + 2 * DAY)
    reservation = hold(ada, 250, now=NOON)
    due.touch(customer_key=ada, now=NOON + DAY)
    assert wallet(ada) == (0, 250, 250, 0)
    holds.release(references=[reservation], now=NOON + DAY + HOUR)
    assert (wallet(ada), lots()) == ((0, 300, 0, 0), [0, 300])
    assert Posting.objects.get(kind="expire").at == NOON + DAY + HOUR
    assert events() == [("cashback.expired", 200)]


def test_a_lot_can_expire_more_than_once_each_a_posting_of_its_own(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    first, second = hold(ada, 50, now=NOON), hold(ada, 60, now=NOON)
    due.touch(customer_key=ada, now=NOON + DAY)
    holds.release(references=[first, second], now=NOON + 2 * DAY)
    assert wallet(ada) == (0, 0, 0, 0)
    assert events() == [("cashback.expired", amount) for amount in (90, 50, 60)]


def test_a_hold_ends_at_its_instant_whoever_looks(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    give(ada, 300, now=NOON, expires_at=NOON + 5 * DAY)
    reservation = hold(ada, 250, now=NOON, expires_at=NOON + HOUR)
    [told] = balances(customer_key=ada, at=NOON + HOUR - HOUR / 60)
    assert (told.available, told.held) == (250, 250)
    [told] = balances(customer_key=ada, at=NOON + HOUR)
    assert (told.available, told.held) == (500, 0)
    assert [row.amount for row in told.expiring] == [200, 300]
    assert due.book_due(now=NOON + HOUR) == (1, 1)
    assert (wallet(ada), lots()) == ((0, 500, 0, 0), [200, 300])
    assert holds.release(references=[reservation], now=NOON + HOUR) == 0
    assert holds.spend(reference=reservation, order_key=7, now=NOON + HOUR) == 0


def test_a_hold_that_is_over_stands_in_nobodys_way(ada):
    give(ada, 300, now=NOON)
    late = hold(ada, 300, now=NOON, expires_at=NOON + HOUR)
    hold(ada, 300, now=NOON + HOUR)
    assert holds.spend(reference=late, order_key=7, now=NOON + HOUR) == 0
    assert wallet(ada) == (0, 0, 300, 0)


def test_a_hold_can_be_put_off(ada):
    give(ada, 300, now=NOON)
    reservation = hold(ada, 300, now=NOON, expires_at=NOON + HOUR)
    holds.extend(reference=reservation, expires_at=NOON + 3 * HOUR, now=NOON)
    due.book_due(now=NOON + 2 * HOUR)
    assert wallet(ada) == (0, 0, 300, 0)
    holds.extend(reference=reservation, expires_at=NOON + 2 * HOUR, now=NOON + 2 * HOUR)
    due.touch(customer_key=ada, now=NOON + 2 * HOUR)
    assert wallet(ada) == (0, 300, 0, 0)


def test_a_reservation_that_changes_its_cart_is_not_in_its_own_way(ada):
    give(ada, 500, now=NOON)
    reservation = hold(ada, 400, now=NOON)
    swap = {"customer_key": ada, "currency": "EUR", "reference": reservation, "swaps": True}
    holds.hold(**swap, amount=500, now=NOON)
    assert wallet(ada) == (0, 0, 500, 0)
    with pytest.raises(CashbackInsufficient):
        holds.hold(**swap, amount=501, now=NOON)
    assert wallet(ada) == (0, 0, 500, 0)
    holds.hold(**swap, amount=0, now=NOON)
    assert wallet(ada) == (0, 500, 0, 0)
    holds.hold(**swap, amount=1, now=NOON)
    assert wallet(ada) == (0, 499, 1, 0)


def test_a_hold_is_swapped_for_one_of_another_customer_or_in_another_currency(ada):
    give(ada, 500, now=NOON)
    bob = customer("bob")
    give(bob, 300, now=NOON)
    reservation = hold(ada, 400, now=NOON)
    swap = {"reference": reservation, "swaps": True, "now": NOON}
    with pytest.raises(CashbackInsufficient):
        holds.hold(customer_key=bob, currency="EUR", amount=301, **swap)
    with pytest.raises(CashbackInsufficient):
        holds.hold(customer_key=ada, currency="CHF", amount=1, **swap)
    assert wallet(ada) == (0, 100, 400, 0)
    holds.hold(customer_key=bob, currency="EUR", amount=300, **swap)
    assert (wallet(ada), wallet(bob)) == ((0, 500, 0, 0), (0, 0, 300, 0))
    assert holds.spend(reference=reservation, order_key=order(bob).pk, now=NOON) == 300
    holds.hold(customer_key=ada, currency="CHF", amount=0, **swap)
    assert (wallet(ada), wallet(bob)) == ((0, 500, 0, 0), (0, 0, 0, 0))


def test_a_reservation_pays_for_its_order_once(ada):
    give(ada, 500, now=NOON)
    reservation = hold(ada, 400, now=NOON)
    assert holds.spend(reference=reservation, order_key=7, now=NOON) == 400
    assert holds.spend(reference=reservation, order_key=8, now=NOON) == 0
    assert holds.release(references=[reservation], now=NOON) == 0
    assert wallet(ada) == (0, 100, 0, 0)
    assert holds.spend(reference=uuid4(), order_key=9, now=NOON) == 0


def test_an_expired_lot_cannot_be_spent_and_a_matured_one_can_without_any_job(ada):
    buy(ada, half(pending_days=3), delivered_at=NOON)
    give(ada, 100, now=NOON, expires_at=NOON + 2 * DAY)
    with pytest.raises(CashbackInsufficient):
        pay_with(ada, 101, now=NOON)
    pay_with(ada, 500, now=NOON + 3 * DAY)
    assert wallet(ada) == (0, 0, 0, 0)
    assert [kind for kind, _ in events()] == [
        "cashback.earned", "cashback.expired", "cashback.available",
    ]  # fmt: skip


def test_what_a_cancelled_order_had_spent_goes_back_to_its_lots(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    give(ada, 300, now=NOON, expires_at=NOON + 5 * DAY)
    paid = pay_with(ada, 450, now=NOON)
    assert cancel(paid.pk, ada, now=NOON + HOUR) == (450, (0, 0, 0, 0))
    assert (wallet(ada), lots()) == ((0, 500, 0, 0), [200, 300])
    assert cancel(paid.pk, ada, now=NOON + HOUR)[0] == 0


def test_what_has_expired_meanwhile_comes_back_as_a_new_lot_of_30_days(ada):
    give(ada, 200, now=NOON, expires_at=NOON + DAY)
    give(ada, 300, now=NOON, expires_at=NOON + 5 * DAY)
    paid = pay_with(ada, 450, now=NOON)
    assert cancel(paid.pk, ada, now=NOON + 2 * DAY)[0] == 450
    assert (wallet(ada), lots()) == ((0, 500, 0, 0), [0, 300, 200])
    new = Lot.objects.last()
    assert new.expires_at == datetime(2026, 4, 11, 22, tzinfo=UTC)
    assert new.origin == Lot.objects.first()


def test_whatever_enters_available_repays_debt_first(ada):
    bought = buy(ada, half(), delivered_at=NOON)
    paid = pay_with(ada, 400, now=NOON)
    assert cancel(bought.order_key, ada, now=NOON)[1] == (500, 400, 0, 0)
    assert wallet(ada) == (0, 0, 0, 400)
    give(ada, 100, now=NOON)
    assert wallet(ada) == (0, 0, 0, 300)
    buy(ada, kept_rule("tenth", percent="10", pending_days=1), delivered_at=NOON)
    due.book_due(now=NOON + DAY)
    assert wallet(ada) == (0, 0, 0, 200)
    cancel(paid.pk, ada, now=NOON + DAY)
    assert wallet(ada) == (0, 200, 0, 0)
    assert events()[-1] == ("cashback.earned", 100)


def test_what_is_released_repays_debt_even_if_its_lot_has_expired(ada):
    give(ada, 300, now=NOON, expires_at=NOON + DAY)
    bought = buy(ada, half(), delivered_at=NOON)
    reservation = hold(ada, 300, now=NOON)
    pay_with(ada, 500, now=NOON)
    cancel(bought.order_key, ada, now=NOON)
    assert wallet(ada) == (0, 0, 300, 500)
    holds.release(references=[reservation], now=NOON + 2 * DAY)
    assert wallet(ada) == (0, 0, 0, 200)


def test_a_payout_is_held_submitted_and_paid_or_brought_back(ada):
    give(ada, 500, now=NOON, expires_at=NOON + DAY)
    paid, failed, rejected = (hold(ada, 100, purpose="payout", now=NOON) for _ in range(3))
    for payout in (paid, failed):
        payouts.submit(reference=payout, now=NOON)
    assert wallet(ada) == (0, 200, 100, 0)
    payouts.pay(reference=paid, now=NOON)
    with pytest.raises(holds.NotHeld):
        payouts.fail(reference=paid, now=NOON)
    payouts.fail(reference=failed, now=NOON)
    assert holds.release(references=[rejected, failed], purpose="payout", now=NOON) == 1
    assert (wallet(ada), lots()) == ((0, 400, 0, 0), [400])
    with pytest.raises(holds.NotHeld):
        payouts.submit(reference=paid, now=NOON)


def test_staff_give_and_take_with_a_reason(ada):
    give(ada, 500, now=NOON)
    give(ada, -200, now=NOON)
    assert wallet(ada) == (0, 300, 0, 0)
    with pytest.raises(CashbackInsufficient):
        give(ada, -301, now=NOON)
    for amount, more in ((0, {}), (5, {"expires_at": NOON}), (-5, {"expires_at": NOON + DAY})):
        with pytest.raises(ValidationFailed):
            give(ada, amount, now=NOON, **more)
    assert Posting.objects.filter(kind="adjust", actor="staff:1").count() == 2
    assert adjusting.EXPIRES_AFTER_DAYS == 365


def test_booking_late_comes_to_the_same_as_booking_in_time(ada):
    bob = customer("bob")
    rules = [half(pending_days=3, expires_after_days=2), kept_rule("tenth", percent="10")]
    for key in (ada, bob):
        for paid in range(4):
            buy(key, rules[paid % 2], delivered_at=NOON + paid * DAY)
    for hours in range(0, 24 * 400, 11):
        due.touch(customer_key=ada, now=NOON + hours * HOUR)
    last = NOON + 400 * DAY
    assert {b.currency: b.available for b in balances(customer_key=bob, at=last)} == {"EUR": 0}
    due.book_due(now=last, batch=1)
    told = ("posting__kind", "posting__at", "amount", "debit_after", "credit_after")
    of_each = [
        list(
            Transfer.objects.filter(posting__wallet__customer_id=key)
            .exclude(posting__kind="earn")
            .order_by("id")
            .values_list(*told)
        )
        for key in (ada, bob)
    ]
    assert of_each[0] == of_each[1]
    assert len(of_each[0]) == 8


def test_a_run_over_all_wallets_can_be_cut_and_begun_again(ada):
    keys = [ada, *(customer(f"c{number}") for number in range(9))]
    rule = half(pending_days=1)
    for key in keys:
        buy(key, rule, delivered_at=NOON)
    assert due.book_due(now=NOON + DAY, batch=3, batches=2) == (6, 6)
    assert due.book_due(now=NOON + DAY, batch=3) == (4, 4)
    assert due.book_due(now=NOON + DAY) == (0, 0)
    assert {wallet(key) for key in keys} == {(0, 500, 0, 0)}
