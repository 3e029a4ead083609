"""What the shopper is told to add, and what is never told."""

import pytest

from promotions.domain.facts import PromotionUsage
from tests.promotions.domain.shop import cart, code, off, offer, percent, quote


def hints(bought, *offers, **more):
    """Promotion and reason of each hint."""
    found = quote(bought, offers, **more)
    return [(hint.promotion_id, hint.refusal.code.value) for hint in found.nearly]


def wants(promotion_id, **conditions):
    return offer(promotion_id, effect=off(50), conditions=conditions)


def test_the_least_missing_comes_first_and_three_at_most():
    offers = [wants(f"from-{amount}", min_subtotal=amount) for amount in (5000, 2000, 3000, 4000)]

    assert hints(cart((1, 1000)), *offers) == [
        ("from-2000", "min_order_not_met"),
        ("from-3000", "min_order_not_met"),
        ("from-4000", "min_order_not_met"),
    ]


def test_money_units_and_items_are_compared_by_an_average_unit():
    # An average unit costs 500: missing are 400, one unit = 500, and two units = 1000.
    bought = cart((1, 400), (1, 600))

    found = hints(
        bought,
        wants("items", contains=[{"include": {"skus": ["CUP"]}, "min_quantity": 2}]),
        wants("units", min_quantity=3),
        wants("money", min_subtotal=1400),
    )

    assert [promotion_id for promotion_id, _ in found] == ["money", "units", "items"]


def test_several_things_missing_are_one_hint_with_the_first_reason():
    found = hints(cart((1, 400)), wants("a", min_subtotal=1000, min_quantity=2))

    assert found == [("a", "min_quantity_not_met")]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"status": "paused"}, id="paused"),
        pytest.param({"activation": "code"}, id="its code was not given"),
        pytest.param({"audience": {"registered": True}}, id="for others"),
        pytest.param({"limits": {"redemptions": 1}}, id="used up"),
        pytest.param({"effect": percent("0.0001")}, id="no effect on this cart"),
        pytest.param({"items": {"include": {"skus": ["9"]}}}, id="no item"),
        pytest.param({"schedule": {"ends_at": "2026-01-01T00:00:00Z"}}, id="over"),
    ],
)
def test_who_fails_anything_else_is_no_hint(fields):
    never = offer("a", **{"effect": off(50), "conditions": {"min_subtotal": 2000}} | fields)

    assert hints(cart((1, 1000)), never, usage={"a": PromotionUsage(used=1)}) == []


def test_the_promotion_of_a_code_given_is_a_hint():
    bought = cart((1, 1000), codes=["TEA1", "TEA2"])
    coded = offer("a", activation="code", effect=off(50), conditions={"min_subtotal": 2000})

    found = hints(bought, coded, codes=[code("TEA1", "a"), code("TEA2", "a")])

    assert found == [("a", "min_order_not_met")]
