"""Gifts over HTTP: offered, promised, put into the order by the shop, sent back and explained."""

import pytest

from promotions.queries.verify import limit_breaches
from tests.checkout.till import line
from tests.promotions.effects import fixed_price, gift

TITLE = {"de": "Eine Tasse dazu", "en": "A mug with it"}
MUG = {"sku": "MUG", "quantity": 2, "promotion_id": "mug"}
TEAS = line(quantity=3)
SENT = line("gift", sku="MUG", categories=[], quantity=2, unit_price=0)


@pytest.fixture
def shop(till):
    """Two mugs at 4.00 with the code MUG-2026, once per customer."""
    till.offer(
        "mug",
        code="MUG-2026",
        effect=gift("MUG", 400, quantity=2),
        title=TITLE,
        limits={"per_customer": 1, "redemptions": 2, "discount_budget": 1},
    )
    return till


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_gift_is_told_beside_the_price_which_it_leaves_as_it_is(shop, language):
    found = shop.validate(codes=["MUG-2026"], shipping_amount=495, language=language)

    assert found["gifts"] == [MUG]
    assert found["applied"] == [
        {"promotion_id": "mug", "code": "MUG-2026", "title": TITLE[language], "amount": 0}
    ]
    assert (found["discount_total"], found["total"], found["best"]) == (0, 3495, True)
    assert [row["line_id"] for row in found["lines"]] == ["1"]
    assert found["lines"][0]["discounts"] == []
    assert found["codes"][0]["status"] == "applied"


def test_a_guest_gets_gifts_too(till):
    till.offer("mug", activation="automatic", effect=gift("MUG", 400, quantity=2))

    assert till.validate(customer=None)["gifts"] == [MUG]


def test_a_promised_gift_is_given_though_the_promotion_has_ended(shop):
    held = shop.reserve(codes=["MUG-2026"])
    shop.offer("mug", status="archived", effect=gift("POT", 900))

    redeemed = shop.redeem_held(held, "o1")

    shown = shop.api.get(f"/checkout/redemptions/{redeemed['redemption_id']}")
    assert [found["gifts"] for found in (held, shop.look(held), redeemed, shown)] == [[MUG]] * 4
    assert shop.code("MUG-2026", "mug") == (1, 0)


def test_a_gift_uses_its_code_and_counts_but_no_budget(shop):
    shop.redeem("o1", codes=["MUG-2026"])

    assert shop.why(codes=["MUG-2026"]) == "customer_limit_reached"
    assert shop.redeem("o2", codes=["MUG-2026"], customer="bob").status == 201
    assert shop.why(codes=["MUG-2026"], customer="eve") == "usage_limit_reached"
    assert limit_breaches() == []


def test_a_cancel_gives_the_use_of_a_gift_back(shop):
    redeemed = shop.redeem("o1", codes=["MUG-2026"])

    assert shop.cancel(redeemed).status == 200

    assert shop.why(codes=["MUG-2026"]) is None
    assert shop.code("MUG-2026", "mug") == (0, 0)


def test_the_shop_puts_its_gifts_into_the_order_at_no_price(shop):
    shop.redeem("o1", TEAS, codes=["MUG-2026"])

    priced = shop.put_order("o1", TEAS, {**SENT, "unit_price": 1})
    free = shop.put_order("o1", TEAS, SENT)
    without = shop.put_order("o1", TEAS)

    assert (priced.status, priced["code"]) == (409, "order_differs_from_redemption")
    assert [(got.status, len(got["lines"])) for got in (free, without)] == [(200, 2), (200, 1)]


def test_gifts_come_back_for_nothing_and_complete_the_order(shop):
    till = shop
    till.offer("half", activation="automatic", effect=fixed_price(500))
    sold = till.redeem("o1", TEAS, codes=["MUG-2026"])
    till.put_order("o1", TEAS, SENT)

    teas = till.give_back("o1", "r1", {"1": 3})
    mugs = till.give_back("o1", "r2", {"gift": 2})

    assert sold["total"] == 1500
    assert (teas["refund_amount"], teas["discount_reversed"], teas["codes_restored"]) == (
        1500,
        1500,
        [],
    )
    assert (mugs["refund_amount"], mugs["lines"][0]["refund_amount"]) == (0, 0)
    assert mugs["codes_restored"] == ["MUG-2026"]
    assert till.why(codes=["MUG-2026"]) is None


def test_where_the_shop_told_no_gift_the_teas_complete_the_order(shop):
    shop.redeem("o1", TEAS, codes=["MUG-2026"])

    assert shop.give_back("o1", "r1", {"1": 3})["codes_restored"] == ["MUG-2026"]


def test_a_gift_that_needed_a_minimum_is_named_when_a_return_misses_it(till):
    till.offer("mug", activation="automatic", effect=gift(), conditions={"min_subtotal": 2001})
    till.redeem("o1", TEAS)

    assert till.give_back("o1", "r1", {"1": 1})["conditions_no_longer_met"] == ["mug"]


def test_gifts_of_several_promotions_stand_in_the_order_of_work(till):
    for name, priority in (("mug", 1), ("pot", 2), ("cup", 1)):
        till.offer(
            name,
            activation="automatic",
            effect=gift(name.upper(), 400),
            stacking={"priority": priority},
        )

    found = till.validate()

    assert [row["sku"] for row in found["gifts"]] == ["POT", "CUP", "MUG"]
    assert [row["promotion_id"] for row in found["applied"]] == ["pot", "cup", "mug"]


def test_the_decision_tells_what_a_gift_was_worth_and_what_it_was_chosen_over(till):
    group = {"stacking": {"group": "thanks"}}
    till.offer("mug", activation="automatic", effect=gift("MUG", 400, quantity=2), **group)
    till.offer(
        "off", activation="automatic", effect={"kind": "fixed_amount", "amount": 799}, **group
    )

    quote = till.validate()

    decision = till.api.get(f"/decisions/{quote['decision_id']}")["decision"]
    told = {row["promotion_id"]: row for row in decision["promotions"]}
    (effect,) = [rule for rule in told["mug"]["rules"] if rule["rule"] == "effect"]
    assert effect["found"] == {"discount": 0, "gift": 800, "bonus": 0}
    assert [told["mug"][name] for name in ("outcome", "given", "gift_value")] == ["applied", 0, 800]
    assert (told["off"]["outcome"], told["off"]["alone"]) == ("left_out", 799)
    choice = decision["choice"]
    assert (choice["chosen"], choice["over"], choice["benefit"]) == (["mug"], ["off"], 800)
