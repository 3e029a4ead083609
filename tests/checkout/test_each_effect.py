"""All kinds of effect over HTTP: what is nearly reached, what orders keep, what returns give back."""

import pytest

from tests.checkout.till import line
from tests.promotions.effects import (
    ONE_OF_EACH,
    bonus_cashback,
    buy_x_get_y,
    free_shipping,
    gift,
    tiered,
)

SHIPPED = {"shipping_amount": 495}
#: 5 x 10.00.
FIVE = line(quantity=5)


def named(rows):
    return [(row["promotion_id"], row["reason"]["code"]) for row in rows]


@pytest.mark.parametrize("effect", ONE_OF_EACH, ids=lambda effect: effect["kind"])
def test_each_kind_is_reserved_redeemed_shown_cancelled_and_given_back(till, effect):
    till.offer(code="TEA-2026", effect=effect, limits={"redemptions": 1})
    quote = till.validate(FIVE, codes=["TEA-2026"], **SHIPPED)
    held = till.reserve(FIVE, codes=["TEA-2026"], **SHIPPED)
    assert (held.status, held["codes"][0]["status"]) == (201, "applied")
    assert till.why(FIVE, codes=["TEA-2026"], **SHIPPED) == "held_by_other_checkout"

    redeemed = till.redeem_held(held, "o1")

    parts = ("total", "item_discount", "shipping_discount", "gifts", "lines", "applied", "cashback")
    for name in parts:
        assert redeemed[name] == held[name] == quote[name]
    assert till.why(FIVE, codes=["TEA-2026"], **SHIPPED) == "usage_limit_reached"
    order = till.api.get("/orders/o1")
    assert order["lines"][0]["discount_amount"] == quote["item_discount"]
    assert order["shipping_discount"] == quote["shipping_discount"]
    till.cancel(redeemed)
    again = till.redeem("o2", FIVE, codes=["TEA-2026"], **SHIPPED)
    assert again["total"] == quote["total"]
    backs = [till.give_back("o2", f"r{at}", {"1": 1}, shipping=at == 2) for at in range(5)]
    assert sum(back["refund_amount"] for back in backs) == quote["total"]
    assert sum(back["discount_reversed"] for back in backs) == quote["item_discount"]
    assert [back["codes_restored"] for back in backs] == [[]] * 4 + [["TEA-2026"]]


def test_all_nine_together_add_up_and_come_back_to_the_cent(till):
    for effect in ONE_OF_EACH:
        till.offer(effect["kind"].replace("_", "-"), activation="automatic", effect=effect)

    sold = till.redeem("o1", FIVE, line("2", sku="CUP", quantity=2, unit_price=333), **SHIPPED)

    assert sold["best"]
    assert sum(row["amount"] for row in sold["applied"]) == sold["discount_total"]
    assert (sold["shipping_total"], len(sold["gifts"]), sold["cashback"]["earned"]) == (0, 1, 50)
    steps = ["1", "2", "1", "1", "2", "1", "1"]
    backs = [till.give_back("o1", f"r{at}", {name: 1}) for at, name in enumerate(steps)]
    assert sum(back["refund_amount"] for back in backs) == sold["total"]
    assert sum(back["discount_reversed"] for back in backs) == sold["item_discount"]


@pytest.mark.parametrize("effect", ONE_OF_EACH, ids=lambda effect: effect["kind"])
def test_each_kind_is_nearly_reached_where_only_money_is_missing(till, effect):
    till.offer(
        "near",
        activation="automatic",
        title={"de": "Bald", "en": "Soon"},
        effect=effect,
        conditions={"min_subtotal": 5001},
    )

    found = till.validate(FIVE, language="de", **SHIPPED)["nearly"]

    assert named(found) == [("near", "min_order_not_met")]
    assert found[0]["title"] == "Bald"
    assert found[0]["reason"]["params"] == {"required": 5001, "current": 5000, "missing": 1}


@pytest.mark.parametrize(
    ("effect", "fields"),
    [
        (tiered({5001: "10"}), {}),
        (free_shipping(), {}),
        (buy_x_get_y(5, 1), {}),
        (bonus_cashback(multiplier="2"), {}),
        (bonus_cashback(amount=5), {"customer": None}),
    ],
    ids=["below all tiers", "no shipping", "no run", "no rules", "a guest"],
)
def test_what_would_do_nothing_is_not_nearly_reached(till, effect, fields):
    till.offer("far", activation="automatic", effect=effect, conditions={"min_subtotal": 5001})

    assert till.validate(FIVE, **fields)["nearly"] == []


def test_least_missing_comes_first_among_all_kinds(till):
    for name, effect, conditions in [
        ("gift", gift(), {"min_subtotal": 7000}),
        ("ship", free_shipping(), {"min_subtotal": 6000}),
        ("bonus", bonus_cashback(amount=5), {"min_quantity": 8}),
        ("run", buy_x_get_y(1, 1), {"contains": [{"include": {"skus": ["POT"]}}]}),
    ]:
        till.offer(name, activation="automatic", effect=effect, conditions=conditions)

    # An average unit is 10.00: missing are 10.00 twice, 20.00 and 30.00.
    assert named(till.validate(FIVE, **SHIPPED)["nearly"]) == [
        ("run", "required_items_missing"),
        ("ship", "min_order_not_met"),
        ("gift", "min_order_not_met"),
    ]


def test_a_tier_is_no_condition_of_which_a_return_could_miss_the_minimum(till):
    """20 % from 5 units on: 10.00 off; the discount of what is kept stays as it was."""
    tiers = tiered({3: "10", 5: "20"}, by="quantity")
    till.offer("tiers", activation="automatic", effect=tiers)
    till.offer("asked", activation="automatic", effect=gift(), conditions={"min_quantity": 5})
    sold = till.redeem("o1", FIVE)

    back = till.give_back("o1", "r1", {"1": 4})
    last = till.give_back("o1", "r2", {"1": 1})

    assert sold["item_discount"] == 1000
    assert (back["refund_amount"], back["conditions_no_longer_met"]) == (3200, ["asked"])
    assert last["refund_amount"] == 800


def test_a_run_is_no_condition_either(till):
    till.offer("run", activation="automatic", effect=buy_x_get_y(4, 1))
    sold = till.redeem("o1", FIVE)

    back = till.give_back("o1", "r1", {"1": 1})

    assert sold["total"] == 4000
    assert (back["refund_amount"], back["conditions_no_longer_met"]) == (800, [])
