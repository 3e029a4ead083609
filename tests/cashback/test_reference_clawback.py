"""What returns and cancels do to credit in the reference, against sums done by hand."""

import pytest

from tests.cashback.tea_shop import (
    DAY,
    NOON,
    TEN,
    balances,
    credit,
    expiring,
    give_back,
    key,
    line,
    lots_of,
    matured,
    new_shop,
    pay_out,
    redeem,
    tell,
)
from tests.reference.cashback.books import Refused

WELCOME = {"name": "Welcome", "amount": 150, "clawback": "offset_refund"}


def spent_and_returned(clawback, *, price=1000):
    """100 were earned, 60 of them spent, and all is returned."""
    shop = new_shop(a=TEN | {"clawback": clawback})
    matured(shop, "o1", line("1", price, quantity=1000 // price))
    redeem(shop, "o2", line("1", 60), cashback_amount="max")
    assert balances(shop, NOON) == (0, 40, 0, 0)
    return shop


@pytest.mark.parametrize(
    ("clawback", "refund", "debt", "offset"),
    [("debt", 1000, 60, 0), ("offset_refund", 940, 0, 60), ("absorb", 1000, 0, 0)],
)
def test_what_was_earned_and_spent_is_taken_back_by_the_rules_policy(
    clawback, refund, debt, offset
):
    shop = spent_and_returned(clawback)

    answer = give_back(shop, "o1", l1=1, at=NOON)

    assert answer["cashback_reversed"] == 100
    assert answer["refund_amount"] == refund
    assert (answer["cashback_debt"], answer["clawback_offset"]) == (debt, offset)
    assert balances(shop, NOON) == (0, 0, 0, debt)


def test_an_offset_beyond_the_refund_becomes_debt():
    shop = new_shop(a=WELCOME)
    matured(shop, "o1", line("1", 100))
    pay_out(shop, "approved", "submitted", "paid", amount=150)

    answer = give_back(shop, "o1", l1=1, at=NOON)

    assert (answer["clawback_offset"], answer["cashback_debt"]) == (100, 50)
    assert answer["refund_amount"] == 0
    assert balances(shop, NOON) == (0, 0, 0, 50)


def test_what_a_return_restores_is_there_before_it_takes_back_what_was_earned():
    shop = new_shop(a=WELCOME)
    credit(shop, 900)
    redeem(shop, "o1", line("1", 1000), cashback_amount="max")
    tell(shop, "o1", "delivered", delivered_at=NOON - 15 * DAY, at=NOON)
    pay_out(shop, "approved", "submitted", "paid", amount=150)

    answer = give_back(shop, "o1", l1=1, at=NOON)

    assert (answer["clawback_offset"], answer["cashback_debt"]) == (0, 0)
    assert balances(shop, NOON) == (0, 750, 0, 0)


def test_that_orders_lots_are_taken_first_then_others_before_there_is_debt():
    shop = new_shop(a=TEN)
    credit(shop, 30, expires_at=NOON + DAY)
    matured(shop, "o1", line("1", 1000))
    credit(shop, 20)
    redeem(shop, "o2", line("1", 70), cashback_amount="max")
    assert lots_of(shop) == [
        {"settled": 30},
        {"settled": 40, "available": 60},
        {"available": 20},
    ]

    answer = give_back(shop, "o1", l1=1, at=NOON)

    assert answer["cashback_debt"] == 20
    assert lots_of(shop) == [{"settled": 30}, {"settled": 40, "expense": 60}, {"expense": 20}]


def test_what_has_expired_unspent_is_not_asked_for_again():
    shop = new_shop(a=TEN)
    matured(shop, "o1", line("1", 1000))
    redeem(shop, "o2", line("1", 30), cashback_amount="max")
    later = NOON + 31 * DAY
    assert shop.ledger.of_shop("breakage", "EUR") == 0
    assert balances(shop, later) == (0, 0, 0, 0)

    assert give_back(shop, "o1", l1=1, at=later)["cashback_debt"] == 30
    assert shop.ledger.of_shop("breakage", "EUR") == 0


def test_debt_is_repaid_first_by_whatever_enters():
    shop = spent_and_returned("debt")
    give_back(shop, "o1", l1=1, at=NOON)
    assert balances(shop, NOON) == (0, 0, 0, 60)

    credit(shop, 25)
    assert balances(shop, NOON) == (0, 0, 0, 35)
    matured(shop, "o3", line("1", 500))
    assert balances(shop, NOON) == (0, 15, 0, 0)
    # The return of what the 60 had paid for.
    give_back(shop, "o2", l1=1, at=NOON)
    assert balances(shop, NOON) == (0, 75, 0, 0)


def test_pending_credit_is_reversed_before_it_matures():
    shop = new_shop(a=TEN)
    redeem(shop, "o1", line("1", 500, quantity=2))
    tell(shop, "o1", "delivered", at=NOON)

    give_back(shop, "o1", l1=1, at=NOON + DAY)

    assert balances(shop, NOON + DAY) == (50, 0, 0, 0)
    assert balances(shop, NOON + 14 * DAY) == (0, 50, 0, 0)


def test_what_was_spent_comes_back_to_its_lots_the_last_taken_first_or_into_one_of_30_days():
    shop = new_shop()
    credit(shop, 100, expires_at=NOON + DAY)
    credit(shop, 100, expires_at=NOON + 5 * DAY)
    redeem(shop, "o1", line("1", 50, quantity=4), cashback_amount="max")

    later = NOON + 2 * DAY
    assert give_back(shop, "o1", l1=1, at=later)["cashback_restored"] == 50
    assert lots_of(shop) == [{"settled": 100}, {"settled": 50, "available": 50}]
    give_back(shop, "o1", l1=3, at=later)

    assert balances(shop, later) == (0, 200, 0, 0)
    # 12 March and 30 days: the end of 11 April in Berlin.
    assert expiring(shop, later) == [
        (100, (NOON + 5 * DAY).isoformat()),
        (100, "2026-04-11T22:00:00+00:00"),
    ]


def test_a_cancel_gives_back_and_reverses_everything_once():
    shop = new_shop(a=TEN)
    credit(shop, 300, expires_at=NOON + DAY)
    redeem(shop, "o1", line("1", 1000), shipping_amount=500, cashback_amount=300)
    assert balances(shop, NOON) == (80, 0, 0, 0)

    answer = shop.cancel(key=key(), order_id="o1", at=NOON)

    assert answer["cashback_restored"] == 300
    assert answer["refund_amount"] == 1200
    assert balances(shop, NOON) == (0, 300, 0, 0)
    with pytest.raises(Refused, match="already_cancelled"):
        shop.cancel(key=key(), order_id="o1", at=NOON)
    with pytest.raises(Refused, match="state_transition_not_allowed"):
        give_back(shop, "o1", l1=1, at=NOON)
