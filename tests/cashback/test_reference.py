"""The life of credit in the reference, against sums done by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cashback.tea_shop import (
    DAY,
    NOON,
    TEN,
    balances,
    cart,
    credit,
    expiring,
    key,
    line,
    lots_of,
    new_shop,
    pay_out,
    redeem,
    tell,
)
from tests.reference.cashback.books import Refused

SECOND = timedelta(seconds=1)
# The last Sunday of March has 23 hours in Berlin, that of October 25.
MIDNIGHT = datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_credit_is_pending_without_a_date_until_an_instant_is_told_and_delivery_wins():
    shop = new_shop(a=TEN)
    redeem(shop, "o1", line("1", 1000))
    (lot,) = shop.ledger.lots
    assert (lot.available_at, lot.expires_at) == (None, None)

    tell(shop, "o1", "paid", at=NOON + DAY)
    assert lot.available_at == NOON + 15 * DAY
    tell(shop, "o1", "delivered", delivered_at=NOON + 3 * DAY, at=NOON + 4 * DAY)
    assert lot.available_at == NOON + 17 * DAY

    assert balances(shop, NOON + 17 * DAY - SECOND) == (100, 0, 0, 0)
    assert balances(shop, NOON + 17 * DAY) == (0, 100, 0, 0)


def test_what_has_matured_by_payment_stays_available_when_delivery_is_told_later():
    shop = new_shop(a=TEN)
    redeem(shop, "o1", line("1", 1000))
    tell(shop, "o1", "paid", at=NOON)

    tell(shop, "o1", "delivered", at=NOON + 14 * DAY)

    assert balances(shop, NOON + 14 * DAY) == (0, 100, 0, 0)


@pytest.mark.parametrize(
    ("zone", "matures", "days", "ends"),
    [
        # 10 March, 13:00 in Berlin; 30 days later is 9 April, which ends in summer time.
        ("Europe/Berlin", NOON, 30, "2026-04-09T22:00:00+00:00"),
        # The day on which summer time begins, and the one before.
        ("Europe/Berlin", MIDNIGHT, 0, "2026-03-29T22:00:00+00:00"),
        ("Europe/Berlin", MIDNIGHT - SECOND, 0, "2026-03-28T23:00:00+00:00"),
        # The day on which it ends.
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC), 0, "2026-10-25T23:00:00+00:00"),
        # In Cairo summer time begins on 24 April at midnight, which does not exist.
        ("Africa/Cairo", datetime(2026, 4, 23, 9, tzinfo=UTC), 0, "2026-04-23T22:00:00+00:00"),
    ],
)
def test_credit_expires_at_the_end_of_the_shops_day(zone, matures, days, ends):
    shop = new_shop(zone=zone, a=TEN | {"pending_days": 0, "expires_after_days": days})
    redeem(shop, "o1", line("1", 1000), at=matures)
    tell(shop, "o1", "delivered", at=matures)
    end = datetime.fromisoformat(ends)

    assert expiring(shop, matures) == [(100, ends)]
    assert balances(shop, end - SECOND) == (0, 100, 0, 0)
    assert balances(shop, end) == (0, 0, 0, 0)
    assert shop.ledger.of_shop("breakage", "EUR") == 100


def test_what_expires_first_is_spent_first_and_the_older_among_equals():
    shop = new_shop()
    for amount, days in ((100, None), (200, 9), (300, 5), (400, 9)):
        credit(shop, amount, expires_at=days and NOON + days * DAY)

    redeem(shop, "o1", line("1", 650), cashback_amount="max")

    assert lots_of(shop) == [
        {"available": 100},
        {"settled": 200},
        {"settled": 300},
        {"settled": 150, "available": 250},
    ]
    assert [amount for amount, _ in expiring(shop, NOON)] == [250, 100]


def test_more_than_the_total_is_cut_more_than_available_is_refused_and_max_never_fails():
    shop = new_shop()
    credit(shop, 500)

    with pytest.raises(Refused, match="offers_not_applicable"):
        redeem(shop, "o1", line("1", 600), cashback_amount=501)
    assert redeem(shop, "o2", line("1", 300), cashback_amount=501)["cashback_spent"] == 300
    assert redeem(shop, "o3", line("1", 300), cashback_amount="max")["cashback_spent"] == 200
    assert redeem(shop, "o4", line("1", 300), cashback_amount="max")["cashback_spent"] == 0


def reserve(shop, name, amount, *, at=NOON):
    bought = cart(line("1", 1000), cashback_amount=amount)
    shop.reserve(key=key(), reservation_id=name, cart=bought, ttl_seconds=900, at=at)


def test_what_is_released_goes_back_to_its_own_lots_and_expires_at_once_where_their_day_is_over():
    shop = new_shop()
    credit(shop, 300, expires_at=NOON + 10 * SECOND)
    credit(shop, 200, expires_at=NOON + DAY)
    reserve(shop, "v1", 400)
    assert balances(shop, NOON) == (0, 100, 400, 0)

    # Held credit outlives its lot's day; the 100 that are not held remain.
    assert balances(shop, NOON + 60 * SECOND) == (0, 100, 400, 0)
    shop.release_reservation(reservation_id="v1", at=NOON + 70 * SECOND)

    assert lots_of(shop) == [{"breakage": 300}, {"available": 200}]
    assert balances(shop, NOON + 70 * SECOND) == (0, 200, 0, 0)


def test_a_reservation_ends_at_its_instant_and_is_kept_until_then_even_past_the_lots_day():
    shop = new_shop()
    credit(shop, 300, expires_at=NOON + 10 * SECOND)
    credit(shop, 300, expires_at=NOON + DAY)
    reserve(shop, "v1", 300)
    reserve(shop, "v2", 300)

    answer = shop.redeem_reservation(
        key=key(), order_id="o1", reservation_id="v1", at=NOON + 899 * SECOND
    )

    assert answer["cashback_spent"] == 300
    assert balances(shop, NOON + 900 * SECOND) == (0, 300, 0, 0)
    with pytest.raises(Refused, match="reservation_expired"):
        shop.redeem_reservation(
            key=key(), order_id="o2", reservation_id="v2", at=NOON + 900 * SECOND
        )


def test_a_changed_cart_holds_anew_and_its_own_hold_does_not_stand_in_its_way():
    shop = new_shop()
    credit(shop, 300, expires_at=NOON + 10 * SECOND)
    credit(shop, 200, expires_at=NOON + DAY)
    reserve(shop, "v1", 400)

    def change(amount, **more):
        bought = cart(line("1", 1000), cashback_amount=amount)
        return shop.change_reservation(reservation_id="v1", cart=bought, **more)

    assert change(500, at=NOON)["cashback_spent"] == 500
    later = NOON + 60 * SECOND
    # Of the 500, 300 have expired but for the hold: which stays where the change is refused.
    with pytest.raises(Refused, match="offers_not_applicable"):
        change(201, at=later)
    assert balances(shop, later) == (0, 0, 500, 0)
    assert change(150, at=later)["cashback_spent"] == 150
    assert balances(shop, later) == (0, 50, 150, 0)
    assert balances(shop, NOON + 900 * SECOND) == (0, 200, 0, 0)


@pytest.mark.parametrize(
    ("steps", "expected", "clearing", "settled"),
    [
        ([], (0, 40, 60, 0), 0, 0),
        (["approved"], (0, 40, 60, 0), 0, 0),
        (["approved", "submitted"], (0, 40, 0, 0), 60, 0),
        (["approved", "submitted", "paid"], (0, 40, 0, 0), 0, 60),
        (["approved", "submitted", "failed"], (0, 100, 0, 0), 0, 0),
        (["rejected"], (0, 100, 0, 0), 0, 0),
    ],
    ids=str,
)
def test_a_payout_is_held_then_on_its_way_then_settled_or_back_in_its_lots(
    steps, expected, clearing, settled
):
    shop = new_shop()
    credit(shop, 100)

    pay_out(shop, *steps)

    assert balances(shop, NOON) == expected
    assert shop.ledger.of_shop("payout_clearing", "EUR") == clearing
    assert shop.ledger.of_shop("settled", "EUR") == settled
    assert len(shop.ledger.lots) == 1
    with pytest.raises(Refused, match="cashback_insufficient"):
        pay_out(shop, amount=101)


def test_staff_may_take_no_more_than_is_available():
    shop = new_shop()
    credit(shop, 100)

    with pytest.raises(Refused, match="cashback_insufficient"):
        credit(shop, -101)
    credit(shop, -100)

    assert balances(shop, NOON) == (0, 0, 0, 0)


def test_the_same_key_answers_the_same_and_does_nothing_more():
    shop = new_shop()
    call = {"customer_id": "ada", "currency": "EUR", "at": NOON}

    assert shop.adjust(key="k", amount=100, **call) == shop.adjust(key="k", amount=100, **call)

    assert balances(shop, NOON) == (0, 100, 0, 0)
    with pytest.raises(Refused, match="idempotency_key_reused"):
        shop.adjust(key="k", amount=200, **call)
    with pytest.raises(Refused, match="cashback_insufficient"):
        shop.adjust(key="low", amount=-200, **call)
    credit(shop, 900)
    with pytest.raises(Refused, match="cashback_insufficient"):
        shop.adjust(key="low", amount=-200, **call)


def test_currencies_are_strangers():
    shop = new_shop(a=TEN)
    credit(shop, 100)

    answer = redeem(shop, "o1", line("1", 500), currency="CHF", cashback_amount="max")

    assert answer["cashback_spent"] == 0
    assert balances(shop, NOON) == (0, 100, 0, 0)
    assert balances(shop, NOON, currency="CHF") == (50, 0, 0, 0)
