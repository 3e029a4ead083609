"""Bonus cashback over HTTP: chosen, shown as earned, explained, and booked."""

import pytest

from promotions.queries.verify import limit_breaches
from tests.checkout.till import line
from tests.promotions.effects import bonus_cashback, fixed_price, gift

TEAS = line(quantity=3)
TITLE = {"de": "5 € Cashback extra", "en": "5 € extra cashback"}
FIVE = bonus_cashback(amount=500)


@pytest.fixture
def shop(till):
    """5.00 extra cashback with the code BONUS-26; a bonus takes nothing from the budget."""
    till.offer(
        "bonus",
        code="BONUS-26",
        effect=FIVE,
        title=TITLE,
        limits={"discount_budget": 1, "redemptions": 1},
    )
    return till


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_earned_and_takes_nothing_from_the_price(shop, language):
    found = shop.validate(TEAS, codes=["BONUS-26"], language=language)

    assert found["cashback"] == {
        "spendable": 0,
        "spent": 0,
        "earned": 500,
        "available_at": None,
        "reason": None,
    }
    assert found["applied"] == [
        {"promotion_id": "bonus", "code": "BONUS-26", "title": TITLE[language], "amount": 0}
    ]
    assert (found["discount_total"], found["total"], found["best"]) == (0, 3000, True)


def test_bonuses_add_up_and_each_comes_once(till):
    for name, amount in (("a", 500), ("b", 70)):
        till.offer(name, activation="automatic", effect=bonus_cashback(amount=amount))

    assert till.validate(line(quantity=9), line("2"))["cashback"]["earned"] == 570


def test_without_rules_a_multiple_of_nothing_is_nothing(till):
    till.offer("double", activation="automatic", effect=bonus_cashback(multiplier="2"))

    found = till.validate(TEAS)

    assert (found["cashback"]["earned"], found["applied"]) == (0, [])


def test_where_nothing_is_paid_nothing_is_earned(shop):
    shop.offer("all", activation="automatic", effect=fixed_price(0))

    found = shop.validate(TEAS, codes=["BONUS-26"])

    assert (found["total"], found["cashback"]["earned"]) == (0, 0)
    assert found["codes"][0]["status"] == "skipped"
    assert found["codes"][0]["reason"]["code"] == "better_offer_applied"


def test_the_promise_is_kept_and_shown_again(shop):
    held = shop.reserve(TEAS, codes=["BONUS-26"])
    shop.offer("bonus", status="archived", effect=bonus_cashback(amount=1))

    redeemed = shop.redeem_held(held, "o1")

    shown = shop.api.get(f"/checkout/redemptions/{redeemed['redemption_id']}")
    for found in (held, shop.look(held), redeemed, shown):
        assert found["cashback"]["earned"] == 500


def test_it_uses_its_code_and_a_cancel_gives_that_back(shop):
    redeemed = shop.redeem("o1", TEAS, codes=["BONUS-26"])
    assert shop.why(TEAS, codes=["BONUS-26"]) == "usage_limit_reached"

    shop.cancel(redeemed)

    assert shop.why(TEAS, codes=["BONUS-26"]) is None
    assert limit_breaches() == []


def test_it_is_booked_with_the_order_and_taken_back_when_that_comes_back(shop):
    shop.redeem("o1", TEAS, codes=["BONUS-26"])
    order = shop.put_order("o1", TEAS, status="delivered")

    back = shop.give_back("o1", "r1", {"1": 3})

    assert (order["cashback"]["earned"], back["cashback_reversed"]) == (500, 500)
    assert (back["cashback_restored"], back["cashback_debt"]) == (0, 0)
    assert (back["refund_amount"], back["codes_restored"]) == (3000, ["BONUS-26"])


def test_an_automatic_bonus_is_kept_from_guests_without_a_word(till):
    till.offer("bonus", activation="automatic", effect=FIVE)

    found = till.validate(TEAS, customer=None)

    assert (found["cashback"]["earned"], found["applied"]) == (0, [])
    assert found["cashback"]["reason"] is None


def test_a_guest_cannot_redeem_its_code(shop):
    refused = shop.redeem("o1", TEAS, codes=["BONUS-26"], customer=None)

    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    assert refused["codes"][0]["reason"]["code"] == "sign_in_required"


def test_among_equals_the_greater_bonus_wins_and_the_decision_says_so(till):
    group = {"stacking": {"group": "thanks"}}
    till.offer("a-small", activation="automatic", effect=FIVE, **group)
    till.offer("big", activation="automatic", effect=bonus_cashback(amount=501), **group)
    till.offer("mug", activation="automatic", effect=gift())

    quote = till.validate(TEAS)

    decision = till.api.get(f"/decisions/{quote['decision_id']}")["decision"]
    told = {row["promotion_id"]: row for row in decision["promotions"]}
    (effect,) = [rule for rule in told["big"]["rules"] if rule["rule"] == "effect"]
    assert effect["found"] == {"discount": 0, "gift": 0, "bonus": 501}
    assert (told["big"]["outcome"], told["big"]["given"], told["big"]["bonus"]) == (
        "applied",
        0,
        501,
    )
    assert told["a-small"]["outcome"] == "left_out"
    choice = decision["choice"]
    assert (choice["chosen"], choice["over"]) == (["big", "mug"], ["a-small"])
    assert (choice["benefit"], choice["bonus"]) == (400, 501)
    assert quote["cashback"]["earned"] == 501
