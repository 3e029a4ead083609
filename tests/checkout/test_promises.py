"""A promised price is kept: an active reservation is honoured whatever becomes of its offer."""

import pytest

from tests.api import DAY, NOON
from tests.checkout.till import line

ROOMY = {"limits": {"redemptions": 5, "per_customer": 5, "per_code": 5, "discount_budget": 5000}}
YESTERDAY = (NOON - DAY).isoformat()


def offer(**fields):
    return lambda till: till.offer(**{**ROOMY, **fields})


def code(**fields):
    return lambda till: till.change_code("TEA-2026", **fields)


#: What happens meanwhile, and what a new cart is told then.
MEANWHILE = {
    "it gives less": (offer(effect={"kind": "fixed_amount", "amount": 1}), None),
    "it gives nothing": (
        offer(effect={"kind": "percentage", "percent": "0.0001"}),
        "no_effect",
    ),
    "it is for other items": (offer(items={"include": {"skus": ["CUP"]}}), "no_qualifying_items"),
    "it asks for more": (offer(conditions={"min_subtotal": 3001}), "min_order_not_met"),
    "it is for others": (offer(audience={"registered": True}), "customer_not_eligible"),
    "it is paused": (offer(status="paused"), "promotion_not_running"),
    "it is archived": (offer(status="archived"), "promotion_not_running"),
    "it has ended": (offer(schedule={"ends_at": YESTERDAY}), "code_expired"),
    "it is exclusive": (offer(stacking={"exclusive": True}), None),
    "fewer uses than there are": (offer(limits={"redemptions": 1}), "usage_limit_reached"),
    "fewer for each customer": (offer(limits={"per_customer": 1}), "customer_limit_reached"),
    "fewer for each code": (offer(limits={"per_code": 1}), "code_already_used"),
    "less budget than was spent": (offer(limits={"discount_budget": 299}), "budget_exhausted"),
    "the code is disabled": (code(status="disabled"), "code_disabled"),
    "the code has ended": (code(valid_until=YESTERDAY), "code_expired"),
    "the code has fewer uses": (code(max_redemptions=1), "code_already_used"),
}


@pytest.fixture
def promised(till):
    """Ada has used the code once, and holds it once more."""
    till.offer(code="TEA-2026", **ROOMY)
    assert till.redeem("past", codes=["TEA-2026"]).status == 201
    held = till.reserve(codes=["TEA-2026"])
    assert (held.status, held["total"]) == (201, 2700)
    return held


@pytest.mark.parametrize(("change", "reason"), MEANWHILE.values(), ids=MEANWHILE)
def test_the_price_is_kept_though(till, promised, change, reason):
    change(till)
    assert till.why(codes=["TEA-2026"]) == reason

    redeemed = till.redeem_held(promised, "o1")

    assert redeemed.status == 201, redeemed
    for name in ("total", "discount_total", "lines", "applied", "codes"):
        assert redeemed[name] == promised[name]
    assert till.api.get("/orders/o1")["lines"][0]["discount_amount"] == 300
    assert till.code("TEA-2026") == (2, 0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [values for values in MEANWHILE.values() if values[1]],
    ids=[name for name, values in MEANWHILE.items() if values[1]],
)
def test_another_cart_is_priced_anew_and_if_refused_the_promise_stays(
    till, promised, change, reason
):
    change(till)

    refused = till.swap(promised, codes=["TEA-2026"])

    assert refused.status == 422
    assert refused["codes"][0]["reason"]["code"] == reason
    assert till.look(promised).body == promised.body
    assert till.redeem_held(promised, "o1")["total"] == 2700


def test_more_time_keeps_the_price_too(till, promised):
    till.offer(status="archived")

    assert till.extend(promised, 86_400)["total"] == 2700
    assert till.redeem_held(promised, "o1", at=NOON + DAY / 2)["total"] == 2700


def test_another_offer_that_came_meanwhile_changes_nothing(till, promised):
    till.offer("better", activation="automatic", effect={"kind": "percentage", "percent": "50"})

    assert till.validate(codes=["TEA-2026"])["total"] < 2700
    assert till.redeem_held(promised, "o1")["total"] == 2700


def test_an_order_that_came_meanwhile_changes_nothing(till):
    till.offer("welcome", code="WELCOME1", conditions={"nth_order": 1})
    held = till.reserve(codes=["WELCOME1"])
    assert till.redeem("other", line()).status == 201

    assert till.why(codes=["WELCOME1"], at=NOON + DAY) == "nth_order_not_met"
    assert till.redeem_held(held, "o1")["discount_total"] == 300


def test_what_a_promise_holds_cannot_be_deleted(till, promised):
    refused = till.api.delete("/promotions/tea")

    assert (refused.status, refused["code"]) == (409, "in_use")


def test_a_cancel_gives_back_what_was_promised_then(till, promised):
    """`after_cancel` is that of the moment when the price was promised."""
    till.offer(after_cancel="keep")
    redeemed = till.redeem_held(promised, "o1")

    till.cancel(redeemed)

    assert till.code("TEA-2026") == (1, 0)
