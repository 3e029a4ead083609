"""Shipping discounts over HTTP: priced, counted against budgets, kept by the order, paid back."""

import pytest

from promotions.queries.verify import limit_breaches
from tests.checkout.till import line
from tests.promotions.effects import bundle_price, free_shipping

TEAS = line(quantity=3)
SHIPPED = {"shipping_amount": 495}
EUR_2 = {"shipping_price": 200}


@pytest.fixture
def shop(till):
    """Shipping for 2.00 with the code SHIP-2026; of 6.00 set aside 2.95 go at a time."""
    till.offer(
        "ship",
        code="SHIP-2026",
        effect=free_shipping(**EUR_2),
        title={"de": "Versand für 2 €", "en": "Shipping for 2 €"},
        limits={"discount_budget": 600},
    )
    return till


CODE = {"codes": ["SHIP-2026"], **SHIPPED}


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Versand für 2 €"), ("en", "Shipping for 2 €")]
)
def test_it_comes_off_the_shipping_and_off_no_line(shop, language, title):
    found = shop.validate(TEAS, language=language, **CODE)

    assert (found["item_discount"], found["shipping_discount"], found["discount_total"]) == (
        0,
        295,
        295,
    )
    assert (found["shipping_amount"], found["shipping_total"], found["total"]) == (495, 200, 3200)
    assert (found["lines"][0]["discount"], found["lines"][0]["discounts"]) == (0, [])
    assert found["applied"] == [
        {"promotion_id": "ship", "code": "SHIP-2026", "title": title, "amount": 295}
    ]


def test_with_items_and_order_discounts_everything_adds_up(shop):
    """3 x 10.00, two for 15.00, 10 % off the 25.00 left, and 2.00 for the shipping."""
    shop.offer("two", activation="automatic", effect=bundle_price(2, 1500))
    shop.offer("ten", activation="automatic", effect={"kind": "percentage", "percent": "10"})

    found = shop.validate(TEAS, **CODE)

    assert {row["promotion_id"]: row["amount"] for row in found["applied"]} == {
        "two": 500,
        "ten": 250,
        "ship": 295,
    }
    assert (found["item_discount"], found["discount_total"]) == (750, 1045)
    assert found["total"] == 3000 - 750 + 200
    assert [part["promotion_id"] for part in found["lines"][0]["discounts"]] == ["two", "ten"]


def test_the_order_keeps_its_shipping_before_and_off(shop):
    shop.redeem("o1", TEAS, **CODE)

    told = shop.put_order("o1", TEAS, status="shipped", shipping_amount=495)

    assert (told["shipping_amount"], told["shipping_discount"]) == (495, 295)


def test_what_was_paid_for_shipping_goes_back_and_is_no_item_discount(shop):
    sold = shop.redeem("o1", TEAS, **CODE)

    part = shop.give_back("o1", "r1", {"1": 1}, shipping=True)
    rest = shop.give_back("o1", "r2", {"1": 2})

    assert (part["refund_amount"], part["shipping_refunded"], part["discount_reversed"]) == (
        1200,
        200,
        0,
    )
    assert part["refund_amount"] + rest["refund_amount"] == sold["total"] == 3200
    assert rest["codes_restored"] == ["SHIP-2026"]


def test_free_shipping_gives_no_shipping_back(till):
    till.offer("free", activation="automatic", effect=free_shipping())
    sold = till.redeem("o1", TEAS, **SHIPPED)

    back = till.give_back("o1", "r1", {"1": 3}, shipping=True)

    assert (sold["total"], sold["shipping_total"]) == (3000, 0)
    assert (back["refund_amount"], back["shipping_refunded"]) == (3000, 0)


def test_a_budget_counts_what_comes_off_the_shipping(shop):
    """6.00 are enough for 2.95 twice, not three times; held ones count like spent ones."""
    held = shop.reserve(TEAS, **CODE)
    redeemed = shop.redeem("o1", TEAS, **CODE)

    assert shop.why(TEAS, **CODE) == "held_by_other_checkout"
    shop.redeem_held(held, "o2")
    assert shop.why(TEAS, **CODE) == "budget_exhausted"
    refused = shop.redeem("o3", TEAS, **CODE)
    assert (refused.status, refused["code"]) == (422, "offers_not_applicable")
    # 10 cents are left: a parcel at 2.10 needs no more.
    assert shop.why(TEAS, codes=["SHIP-2026"], shipping_amount=210) is None
    assert limit_breaches() == []

    shop.cancel(redeemed)

    assert shop.why(TEAS, **CODE) is None
    assert limit_breaches() == []


def test_the_completing_return_gives_the_budget_back(shop):
    for order_id in ("o1", "o2"):
        shop.redeem(order_id, TEAS, **CODE)

    shop.give_back("o1", "r1", {"1": 2}, shipping=True)
    assert shop.why(TEAS, **CODE) == "budget_exhausted"
    shop.give_back("o1", "r2", {"1": 1})

    assert shop.why(TEAS, **CODE) is None
    assert limit_breaches() == []


def test_a_swap_to_cheaper_shipping_gives_the_difference_back(shop):
    held = shop.reserve(TEAS, **CODE)
    shop.redeem("o1", TEAS, **CODE)

    swapped = shop.swap(held, TEAS, codes=["SHIP-2026"], shipping_amount=250)

    assert (swapped.status, swapped["shipping_discount"]) == (200, 50)
    # 6.00 - 2.95 - 0.50 = 2.55.
    assert shop.why(TEAS, codes=["SHIP-2026"], shipping_amount=455) is None
    assert shop.why(TEAS, codes=["SHIP-2026"], shipping_amount=456) == "held_by_other_checkout"


def test_the_promised_shipping_stands_though_the_promotion_has_changed(shop):
    held = shop.reserve(TEAS, **CODE)
    shop.offer("ship", effect=free_shipping(shipping_price=490))

    redeemed = shop.redeem_held(held, "o1")

    assert (redeemed["shipping_discount"], redeemed["total"]) == (295, 3200)


def test_no_cashback_is_spread_over_shipping_that_is_free(till):
    """There is no cashback to spend yet; asking for all of it spends nothing and tells no reason."""
    till.offer("free", activation="automatic", effect=free_shipping())

    found = till.validate(TEAS, cashback_amount="max", **SHIPPED)

    assert (found["shipping_cashback"], found["cashback_spent"], found["total"]) == (0, 0, 3000)
    assert found["cashback"]["reason"] is None
