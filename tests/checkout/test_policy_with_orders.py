"""Sentences of the pricing policy that only orders in a database can show.

Named in `tests/promotions/rules_sentences.json`.
"""

import pytest

from tests.api import DAY, HOUR, NOON, Api

OFFER = {
    "name": "3 € off",
    "status": "active",
    "currency": "EUR",
    "effect": {"kind": "fixed_amount", "amount": 300},
}


def cart(*, quantity=3, at=NOON, **more):
    line = {"line_id": "1", "sku": "TEA-1", "quantity": quantity, "unit_price": 1000}
    return {"customer_id": "ada", "currency": "EUR", "lines": [line], "at": at.isoformat()} | more


def order(status="paid", *, placed_at=NOON - DAY):
    line = {"line_id": "1", "sku": "TEA-1", "quantity": 1, "unit_price": 1000}
    return {
        "customer_id": "ada",
        "currency": "EUR",
        "status": status,
        "placed_at": placed_at.isoformat(),
        "lines": [line],
        "at": (NOON + 2 * DAY).isoformat(),
    }


@pytest.fixture
def sell(api: Api):
    """Makes a promotion with the code TEA-2026 and redeems it for the order o1."""

    def redeem(**fields):
        assert api.put("/promotions/tea", OFFER | fields).status == 201
        assert api.post("/promotions/tea/codes", {"code": "TEA-2026"}).status == 201
        made = api.post("/checkout/redemptions", cart(codes=["TEA-2026"], order_id="o1"))
        assert made.status == 201, made

    return redeem


def give_back(api, units, *, at=NOON):
    body = {
        "return_id": f"r{units}",
        "lines": [{"line_id": "1", "quantity": units}],
        "at": at.isoformat(),
    }
    made = api.post("/orders/o1/returns", body)
    assert made.status == 201, made
    return made


def why_not(api, *, at=NOON):
    """The reason that the code is given now; `None` when it would be applied."""
    (row,) = api.post("/checkout/validate", cart(codes=["TEA-2026"], at=at))["codes"]
    return row["reason"] and row["reason"]["code"]


def test_earlier_orders_are_recorded_or_redeemed_not_cancelled_and_placed_before(api: Api):
    second = OFFER | {"activation": "automatic", "conditions": {"nth_order": 2}}
    api.put("/promotions/second", second)

    def is_second():
        return bool(api.post("/checkout/validate", cart())["applied"])

    assert not is_second()
    api.put("/orders/future", order(placed_at=NOON + HOUR))
    api.put("/orders/this-instant", order(placed_at=NOON))
    api.put("/orders/cancelled", order("cancelled"))
    assert not is_second()
    api.put("/orders/recorded", order())
    assert is_second()
    api.put("/orders/recorded", order("cancelled"))
    assert not is_second()
    made = api.post("/checkout/redemptions", cart(order_id="redeemed", at=NOON - HOUR))
    assert made.status == 201
    assert is_second()


def test_a_partial_return_gives_back_no_use_and_the_completing_one_what_a_cancel_would(
    api: Api, sell
):
    sell(limits={"redemptions": 1})

    assert give_back(api, 1)["codes_restored"] == []
    assert why_not(api) == "usage_limit_reached"
    assert give_back(api, 2)["codes_restored"] == ["TEA-2026"]
    assert why_not(api) is None


def test_the_completing_return_keeps_what_a_cancel_would_keep(api: Api, sell):
    sell(limits={"redemptions": 1}, after_cancel="keep")

    assert give_back(api, 3)["codes_restored"] == []
    assert why_not(api) == "usage_limit_reached"


def test_an_expired_code_stays_expired_after_the_return(api: Api, sell):
    sell(limits={"redemptions": 1}, schedule={"ends_at": (NOON + DAY).isoformat()})

    give_back(api, 3, at=NOON + 2 * DAY)

    assert why_not(api, at=NOON + 2 * DAY) == "code_expired"


@pytest.mark.parametrize(
    ("conditions", "is_met"),
    [
        ({"min_subtotal": 2000}, True),
        ({"min_subtotal": 2001}, False),
        ({"min_quantity": 2}, True),
        ({"min_quantity": 3}, False),
        ({"contains": [{"include": {"skus": ["TEA-1"]}, "min_quantity": 2}]}, True),
        ({"contains": [{"include": {"skus": ["TEA-1"]}, "min_amount": 2001}]}, False),
    ],
    ids=str,
)
def test_a_partial_return_below_a_minimum_names_the_promotion(api: Api, sell, conditions, is_met):
    sell(conditions=conditions)

    found = give_back(api, 1)

    assert found["refund_amount"] == 900
    assert found["conditions_no_longer_met"] == ([] if is_met else ["tea"])
