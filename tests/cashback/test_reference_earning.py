"""What orders earn in the reference, against sums done by hand."""

from datetime import UTC, datetime

import pytest

from tests.cashback.tea_shop import (
    DAY,
    NOON,
    TEN,
    balances,
    cart,
    give_back,
    line,
    new_shop,
    redeem,
    tell,
)
from tests.reference.cashback.books import Refused
from tests.reference.cashback.earning import Bonus

TEA = {"include": {"categories": ["tea"]}}


def percent(number, **more):
    return {"name": number, "percent": number} | more


def amount(number, **more):
    return {"name": str(number), "amount": number} | more


def earned(shop, *lines, at=NOON, order_id="o1", **more):
    """By source and line."""
    redeem(shop, order_id, *lines, at=at, **more)
    order = shop.orders[order_id]
    return {
        lot.terms.source: {
            line_id: of_lots[lot.number]
            for line_id, of_lots in order.earned.items()
            if lot.number in of_lots
        }
        for lot in order.lots
    }


def test_a_percentage_is_rounded_once_over_its_lines_and_spread_by_base():
    # 2.5 % of 999 + 333 + 333 is 41.625: 42; 25.2, 8.4 and 8.4, the leftover to the earlier .4.
    found = earned(new_shop(a=percent("2.5")), line("1", 999), line("2", 333), line("3", 333))

    assert found == {"a": {"1": 25, "2": 9, "3": 8}}


def test_half_a_cent_is_rounded_up():
    assert earned(new_shop(a=percent("10")), line("1", 5)) == {"a": {"1": 1}}


def test_the_base_is_after_discount_and_after_what_cashback_paid_and_without_shipping():
    shop = new_shop(a=percent("10"))
    shop.adjust(key="k", customer_id="ada", currency="EUR", amount=400, at=NOON)

    # 1000 - 200 and 495 of shipping are 1295; 400 spread by them: 247.1 and 152.9. 800 - 247 = 553.
    answer = redeem(
        shop, "o1", line("1", 1000, discount=200), shipping_amount=495, cashback_amount=400
    )

    assert answer["lines"] == [247]
    assert answer["shipping_cashback"] == 153
    assert answer["total"] == 895
    assert answer["earned"] == 55


def test_each_line_earns_by_its_best_rule_and_the_smaller_id_among_equals():
    shop = new_shop(b=percent("3", items=TEA), a=percent("3", items=TEA), all=percent("2"))

    found = earned(shop, line("1", 1000, categories=["tea"]), line("2", 1000))

    assert found == {"a": {"1": 30}, "all": {"2": 20}}


def test_the_highest_tier_of_the_customers_segments_replaces_the_percentage_even_a_higher_one():
    tiers = [{"segment": "silver", "percent": "3"}, {"segment": "gold", "percent": "4"}]
    rules = {"a": percent("5", tiers=tiers)}
    line_ = line("1", 1000)

    assert earned(new_shop(**rules), line_) == {"a": {"1": 50}}
    assert earned(new_shop(segments={"ada": ["silver"]}, **rules), line_) == {"a": {"1": 30}}
    assert earned(new_shop(segments={"ada": ["silver", "gold"]}, **rules), line_) == {
        "a": {"1": 40}
    }


def test_an_amount_is_earned_once_and_only_where_no_percentage_matches_a_line():
    shop = new_shop(a=amount(100), b=amount(150), c=amount(150), tea=percent("1", items=TEA))

    # 150 over bases of 1000 and 2000.
    assert earned(shop, line("1", 1000), line("2", 2000)) == {"b": {"1": 50, "2": 100}}
    with_tea = earned(shop, line("1", 1000), line("2", 2000, categories=["tea"]), order_id="o2")
    assert with_tea == {"tea": {"2": 20}}


def test_where_nothing_was_paid_nothing_is_earned():
    shop = new_shop(a=amount(100))
    shop.adjust(key="k", customer_id="ada", currency="EUR", amount=5000, at=NOON)

    assert earned(shop, line("1", 1000), cashback_amount="max") == {}


@pytest.mark.parametrize(
    ("field", "met"),
    [
        ({"conditions": {"min_subtotal": 1000}}, True),
        ({"conditions": {"min_subtotal": 1001}}, False),
        ({"currency": "EUR"}, True),
        ({"currency": "CHF"}, False),
        ({"audience": {"segments": ["gold", "club"]}}, True),
        ({"audience": {"segments": ["gold"]}}, False),
        ({"items": {"exclude": {"skus": ["SKU-1"]}}}, False),
        ({"partner_id": "roaster"}, True),
        ({"schedule": {"starts_at": "2026-03-10T12:00:00Z"}}, True),
        ({"schedule": {"ends_at": "2026-03-10T12:00:00Z"}}, False),
    ],
    ids=str,
)
def test_a_rule_earns_where_all_that_it_asks_for_holds(field, met):
    shop = new_shop(
        a=percent("10", **field),
        segments={"ada": ["club"]},
        partners={"roaster": {"share_percent": "50"}},
    )

    # "Conditions look at the cart as it came": 1000, although 900 are paid.
    assert earned(shop, line("1", 1000, discount=100)) == ({"a": {"1": 90}} if met else {})


def test_caps_clamp_an_order_and_a_customers_month():
    shop = new_shop(a=percent("10", max_per_order=70, max_per_customer_month=100))

    assert earned(shop, line("1", 500)) == {"a": {"1": 50}}
    assert earned(shop, line("1", 500), order_id="o2") == {"a": {"1": 50}}
    assert earned(shop, line("1", 500), order_id="o3") == {}
    assert earned(shop, line("1", 900), customer_id="bob", order_id="o4") == {"a": {"1": 70}}


def test_a_month_begins_at_the_shops_midnight_and_what_went_back_counts_no_more():
    shop = new_shop(a=percent("10", max_per_customer_month=100))
    last_of_march = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    redeem(shop, "o1", line("1", 900, quantity=1), at=NOON)

    assert earned(shop, line("1", 500), order_id="o2", at=last_of_march) == {"a": {"1": 10}}
    # 22:00 UTC is midnight in Berlin.
    april = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert earned(shop, line("1", 1500), order_id="o3", at=april) == {"a": {"1": 100}}
    shop.cancel(key="c", order_id="o3", at=april)
    assert earned(shop, line("1", 600), order_id="o4", at=april) == {"a": {"1": 60}}


def test_a_partner_pays_its_share_and_gets_exactly_that_back():
    rule = percent("10", partner_id="roaster")
    shop = new_shop(roaster=rule, partners={"roaster": {"share_percent": "33.3"}})
    bought = cart(line("1", 333, quantity=3), partner_id="roaster")

    shop.record_order(order_id="o1", cart=bought, status="paid", at=NOON)

    # 10 % of 999 is 100, of which 33.3 % are 33.
    ledger = shop.ledger
    assert ledger.of_shop("partner:roaster", "EUR") == -33
    assert ledger.of_shop("expense", "EUR") == -67
    for _ in range(3):
        give_back(shop, "o1", l1=1, at=NOON)
    assert ledger.of_shop("partner:roaster", "EUR") == ledger.of_shop("expense", "EUR") == 0


def test_a_partners_rule_gives_nothing_on_orders_of_somebody_who_is_not_registered():
    rules = {"a": TEN, "roaster": percent("50", partner_id="roaster")}
    shop = new_shop(partners={"roaster": {"share_percent": "50"}}, **rules)

    bought = cart(line("1", 1000), partner_id="a-stranger")
    shop.record_order(order_id="o1", cart=bought, status="paid", at=NOON)

    assert balances(shop, NOON) == (100, 0, 0, 0)
    assert shop.ledger.of_shop("expense", "EUR") == -100


def test_bonuses_are_spread_by_base_over_their_lines_beside_what_the_rules_earn():
    bonus = Bonus("double", 100, ("1", "2"), pending_days=1, expires_after_days=2)
    shop = new_shop(a=percent("10"))

    found = earned(shop, line("1", 100), line("2", 200), line("3", 300), bonuses=[bonus])

    assert found == {"a": {"1": 10, "2": 20, "3": 30}, "double": {"1": 33, "2": 67}}


def test_a_bonus_does_not_use_up_the_month_of_a_rule_that_has_its_promotions_id():
    shop = new_shop(a=percent("10", max_per_customer_month=100))
    redeem(shop, "o1", line("1", 100), bonuses=[Bonus("a", 95, ("1",))])
    assert balances(shop, NOON) == (105, 0, 0, 0)

    assert earned(shop, line("1", 1000), order_id="o2") == {"a": {"1": 90}}


def test_an_order_earns_at_most_a_million_millions_rules_before_bonuses():
    two = [line("1", 10**12), line("2", 2 * 10**12)]
    bonus = Bonus("b", 99 * 10**12, ("1", "2"))

    assert earned(new_shop(a=percent("25")), *two, bonuses=[bonus]) == {
        "a": {"1": 250_000_000_000, "2": 500_000_000_000},
        "b": {"1": 83_333_333_333, "2": 166_666_666_667},
    }
    assert sum(earned(new_shop(a=percent("50")), *two, bonuses=[bonus])["a"].values()) == 10**12


def test_guests_earn_nothing():
    shop = new_shop(a=TEN)

    assert redeem(shop, "o1", line("1", 1000), customer_id=None)["earned"] == 0
    assert shop.ledger.transfers == []


def test_an_order_that_was_not_redeemed_earns_once_when_it_is_first_recorded_as_paid_or_later():
    shop = new_shop(a=TEN)
    shop.record_order(order_id="o1", cart=cart(line("1", 1000)), status="placed", at=NOON)
    assert balances(shop, NOON) == (0, 0, 0, 0)

    tell(shop, "o1", "shipped", at=NOON)
    tell(shop, "o1", "delivered", at=NOON + DAY)

    assert balances(shop, NOON + DAY) == (100, 0, 0, 0)


def test_an_order_that_earned_when_it_was_paid_earns_nothing_when_it_is_redeemed():
    shop = new_shop(a=TEN)
    shop.adjust(key="k", customer_id="ada", currency="EUR", amount=2000, at=NOON)
    two = line("1", 1000, quantity=2)
    shop.record_order(order_id="o1", cart=cart(two), status="paid", at=NOON)

    with pytest.raises(Refused, match="order_differs_from_redemption"):
        redeem(shop, "o1", line("1", 1000, quantity=3))
    answer = redeem(shop, "o1", two, cashback_amount="max")

    assert (answer["cashback_spent"], answer["earned"]) == (2000, 0)
    # Nothing was paid in money: the units share evenly what the order had earned.
    back = give_back(shop, "o1", l1=1, at=NOON)
    assert (back["cashback_restored"], back["cashback_reversed"]) == (1000, 100)
    assert balances(shop, NOON) == (100, 1000, 0, 0)


def test_later_edits_of_a_rule_change_nothing_that_was_earned():
    shop = new_shop(a=TEN)
    redeem(shop, "o1", line("1", 1000, quantity=2))
    shop.rule_book.rules["a"] = percent("50", pending_days=0)

    tell(shop, "o1", "delivered", at=NOON)

    assert balances(shop, NOON + 13 * DAY) == (200, 0, 0, 0)
    assert give_back(shop, "o1", l1=1, at=NOON + 13 * DAY)["cashback_reversed"] == 100
