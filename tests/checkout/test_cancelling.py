"""Cancelling a redemption, by itself or by its order."""

import pytest

from tests.api import DAY, NOON, Api
from tests.checkout.till import Till, line

FULL = {"limits": {"redemptions": 1, "per_customer": 1, "per_code": 1, "discount_budget": 300}}


def by_cancel(till: Till, redeemed):
    return till.cancel(redeemed)


def by_order(till: Till, redeemed):
    return till.put_order(redeemed["order_id"], status="cancelled")


def by_patch(till: Till, redeemed):
    body = {"status": "cancelled", "at": NOON.isoformat()}
    return till.api.patch(f"/orders/{redeemed['order_id']}", body)


WAYS = [by_cancel, by_order, by_patch]


@pytest.fixture
def sell(till):
    """Sells Ada's cart with the one and only code."""

    def sell(**fields):
        till.offer(code="TEA-2026", **FULL, **fields)
        made = till.redeem("o1", codes=["TEA-2026"])
        assert made.status == 201, made
        return made

    return sell


@pytest.mark.parametrize("cancel", WAYS)
@pytest.mark.parametrize(("after", "reason"), [("restore", None), ("keep", "code_already_used")])
def test_uses_come_back_where_the_promotion_says_so(till, sell, cancel, after, reason):
    redeemed = sell(after_cancel=after)
    assert till.why(codes=["TEA-2026"]) == "code_already_used"

    assert cancel(till, redeemed).status == 200

    assert till.why(codes=["TEA-2026"]) == reason
    shown = till.api.get(f"/checkout/redemptions/{redeemed['redemption_id']}")
    assert (shown["status"], shown["total"]) == ("cancelled", redeemed["total"])
    order = till.api.get("/orders/o1")
    assert order["status"] == "cancelled"
    assert order["redemption"]["status"] == "cancelled"


def test_everything_is_free_for_the_next_order_and_for_one_only(till, sell):
    till.cancel(sell())

    assert till.redeem("o2", codes=["TEA-2026"]).status == 201
    assert till.redeem("o3", codes=["TEA-2026"]).status == 422
    assert till.code("TEA-2026") == (1, 0)


def test_of_two_offers_each_goes_by_its_own_word(till):
    till.offer(code="TEA-2026", limits={"redemptions": 1}, after_cancel="keep")
    till.offer("more", code="MORE-26", limits={"redemptions": 1}, after_cancel="restore")
    till.cancel(till.redeem("o1", codes=["TEA-2026", "MORE-26"]))

    assert till.why(codes=["TEA-2026"]) == "usage_limit_reached"
    assert till.why(codes=["MORE-26"]) is None


@pytest.mark.parametrize("first", WAYS)
def test_the_second_cancel_is_told_so(till, sell, first):
    redeemed = sell()
    first(till, redeemed)

    again = till.cancel(redeemed)

    assert (again.status, again["code"]) == (409, "already_cancelled")
    # The order may be told to be cancelled as often as the shop likes.
    assert by_order(till, redeemed).status == 200
    assert till.code("TEA-2026") == (0, 0)


@pytest.mark.parametrize("cancel", WAYS)
@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_what_was_shipped_is_not_cancelled(till, sell, cancel, status):
    redeemed = sell()
    assert till.put_order("o1", status=status).status == 200

    refused = cancel(till, redeemed)

    assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")
    assert till.code("TEA-2026") == (1, 0)
    assert till.api.get("/orders/o1")["redemption"]["status"] == "redeemed"


@pytest.mark.parametrize("cancel", WAYS)
@pytest.mark.parametrize("units", [{"1": 1}, {"1": 3}, {}], ids=["part", "all", "shipping"])
def test_what_came_back_is_not_cancelled(till, sell, cancel, units):
    redeemed = sell()
    assert till.give_back("o1", "r1", units, shipping=not units).status == 201
    used = till.code("TEA-2026")

    refused = cancel(till, redeemed)

    assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")
    assert till.code("TEA-2026") == used


def test_a_paid_order_may_still_be_cancelled(till, sell):
    redeemed = sell()
    till.put_order("o1", status="paid")

    assert till.cancel(redeemed).status == 200


def test_a_cancelled_order_is_no_earlier_order_and_not_redeemed_again(till, sell):
    till.offer("second", code="SECOND-2", conditions={"nth_order": 2})
    redeemed = sell()
    tomorrow = NOON + DAY
    assert till.why(codes=["SECOND-2"], at=tomorrow) is None

    till.cancel(redeemed)

    assert till.why(codes=["SECOND-2"], at=tomorrow) == "nth_order_not_met"
    again = till.redeem("o1", codes=["TEA-2026"])
    assert (again.status, again["code"]) == (409, "order_already_redeemed")
    assert again["redemption_id"] == redeemed["redemption_id"]


def test_an_expired_code_stays_expired(till, sell):
    redeemed = sell()
    till.change_code("TEA-2026", valid_until=NOON.isoformat())

    assert till.cancel(redeemed).status == 200

    assert till.code("TEA-2026") == (0, 0)
    assert till.why(codes=["TEA-2026"]) == "code_expired"


def test_a_cancelled_order_can_only_be_told_as_it_was(till, sell):
    till.cancel(sell())

    refused = till.put_order("o1", line(quantity=3), status="paid")

    assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")


@pytest.mark.parametrize("redemption_id", ["red_" + "0" * 32, "red_1", "rsv_" + "0" * 32, "o1"])
def test_what_is_not_there_is_not_found(api: Api, redemption_id):
    path = f"/checkout/redemptions/{redemption_id}"

    assert api.get(path).status == 404
    assert api.post(f"{path}/cancel", {}).status == 404
