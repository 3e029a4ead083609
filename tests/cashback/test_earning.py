"""What an order earns: the best rule for each line, tiers, amounts, caps, bonuses, partners."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashback.domain.earning import Bonus, Purchase, earn, earned_by_line
from cashback.domain.rules import Funder
from tests.api import DAY, NOON
from tests.cashback.money import line, rule

BERLIN = ZoneInfo("Europe/Berlin")
TEA, CUP = {"categories": ["tea"]}, {"categories": ["cups"]}
ONLY_TEA = {"include": {"categories": ["tea"]}}
ACME, OTHER = Funder(1, "acme", 300_000), Funder(2, "other", 1_000_000)


def purchase(*lines, **more):
    more.setdefault("bases", [one.subtotal for one in lines])
    return Purchase(currency="EUR", lines=lines, **more)


def earned(bought, *rules, now=NOON):
    """By rule or promotion, what it gives and how it is shared among the lines."""
    by_id = sorted(rules, key=lambda one: one.rule_id)
    found = earn(bought, by_id, now=now, shop_zone=BERLIN)
    return {
        one.rule.rule_id if one.rule else one.promotion_id: (one.amount, list(one.shares))
        for one in found
    }


def test_a_rule_sums_its_bases_and_is_rounded_half_up_once():
    bought = purchase(line("1", 25), line("2", 25), line("3", 25))
    assert earned(bought, rule(percent="2")) == {"two-percent": (2, [1, 1, 0])}
    assert earned(purchase(line("1", 25)), rule(percent="2")) == {"two-percent": (1, [1])}
    assert earned(purchase(line("1", 24)), rule(percent="2")) == {}


def test_the_base_is_what_was_paid_in_money():
    bought = purchase(line("1", 1000), line("2", 1000), bases=[600, 0])
    assert earned(bought, rule(percent="10")) == {"two-percent": (60, [60, 0])}


def test_each_line_counts_for_the_best_rule_that_matches_it():
    bought = purchase(line("1", 1000, **TEA), line("2", 1000, **CUP), line("3", 500, **TEA))
    rules = [rule(1, "all", percent="2"), rule(2, "tea", percent="5", items=ONLY_TEA)]
    assert earned(bought, *rules) == {"all": (20, [0, 20, 0]), "tea": (75, [50, 0, 25])}


def test_of_equal_percentages_the_smallest_id_counts():
    rules = [rule(1, "b"), rule(2, "B"), rule(3, "a")]
    assert earned(purchase(line()), *rules) == {"B": (20, [20])}


@pytest.mark.parametrize(
    ("segments", "amount"),
    [(set(), 20), ({"gold"}, 50), ({"silver"}, 10), ({"gold", "silver", "x"}, 50)],
    ids=["none", "gold", "a tier may be lower", "the highest of them"],
)
def test_the_highest_tier_of_the_customers_segments_replaces_the_percentage(segments, amount):
    tiers = [{"segment": "silver", "percent": "1"}, {"segment": "gold", "percent": "5"}]
    bought = purchase(line(), segments=frozenset(segments))
    assert earned(bought, rule(percent="2", tiers=tiers)) == {"two-percent": (amount, [amount])}


def test_with_tiers_alone_only_their_segments_earn():
    tiered = rule(tiers=[{"segment": "gold", "percent": "5"}])
    assert earned(purchase(line()), tiered) == {}
    assert earned(purchase(line(), segments=frozenset({"gold"})), tiered) != {}


def test_an_amount_is_earned_once_where_no_percentage_matches_any_line():
    bought = purchase(line("1", 300, **TEA), line("2", 100, **CUP))
    amounts = [
        rule(1, "b", amount=200, currency="EUR"),
        rule(2, "a", amount=200, currency="EUR"),
        rule(3, "c", amount=100, currency="EUR"),
    ]
    assert earned(bought, *amounts) == {"a": (200, [150, 50])}
    tea = rule(4, "tea", percent="1", items=ONLY_TEA)
    assert earned(bought, *amounts, tea) == {"tea": (3, [3, 0])}


def test_an_amount_is_spread_over_the_lines_that_match_and_nothing_comes_of_a_base_of_0():
    only_tea = rule(1, "tea", amount=7, currency="EUR", items=ONLY_TEA)
    bought = purchase(line("1", 300, **TEA), line("2", 100, **CUP), line("3", 300, **TEA))
    assert earned(bought, only_tea) == {"tea": (7, [4, 0, 3])}
    free = purchase(line("1", 300, **TEA), line("2", 100, **CUP), bases=[0, 100])
    assert earned(free, only_tea) == {}


@pytest.mark.parametrize(
    ("fields", "given", "amount"),
    [
        ({"max_per_order": 15}, {}, 15),
        ({"max_per_customer_month": 30}, {}, 20),
        ({"max_per_customer_month": 30}, {1: 18}, 12),
        ({"max_per_customer_month": 30}, {1: 30}, 0),
        ({"max_per_customer_month": 30}, {1: 99}, 0),
        ({"max_per_customer_month": 30, "max_per_order": 5}, {1: 18}, 5),
    ],
)
def test_caps_clamp_and_never_refuse(fields, given, amount):
    bought = purchase(line(), given_this_month=given)
    capped = rule(percent="2", currency="EUR", **fields)
    assert earned(bought, capped) == ({"two-percent": (amount, [amount])} if amount else {})


@pytest.mark.parametrize(
    ("fields", "earns"),
    [
        ({"currency": "EUR"}, True),
        ({"currency": "USD"}, False),
        ({"currency": "EUR", "conditions": {"min_subtotal": 1000}}, True),
        ({"currency": "EUR", "conditions": {"min_subtotal": 1001}}, False),
        ({"audience": {"segments": ["gold", "regulars"]}}, True),
        ({"audience": {"segments": ["gold"]}}, False),
        ({"schedule": {"starts_at": NOON.isoformat()}}, True),
        ({"schedule": {"ends_at": NOON.isoformat()}}, False),
        ({"items": {"exclude": {"skus": ["SKU-1"]}}}, False),
        ({"items": {"skip_reduced": True}}, False),
    ],
)
def test_a_rule_counts_where_all_that_it_asks_for_holds(fields, earns):
    bought = purchase(line(list_price=1200), bases=[1], segments=frozenset({"regulars"}))
    assert bool(earned(bought, rule(percent="50", **fields))) is earns


def test_weekly_hours_are_by_the_shops_clocks():
    evening = {"weekly": [{"days": [2], "from": "18:00", "until": "20:00"}]}
    bought, late = purchase(line()), rule(schedule=evening)
    assert earned(bought, late, now=datetime(2026, 3, 10, 16, 59, tzinfo=UTC)) == {}
    assert earned(bought, late, now=datetime(2026, 3, 10, 17, tzinfo=UTC)) != {}


def test_a_bonus_is_spread_over_its_lines_by_their_bases():
    bought = purchase(line("1", 300), line("2", 100), bonuses=[Bonus("spring", 40, (0, 1))])
    assert earned(bought) == {"spring": (40, [30, 10])}
    paid = purchase(line("1", 300), bases=[0], bonuses=[Bonus("spring", 40, (0,))])
    assert earned(paid) == {}


def test_rules_and_bonuses_of_a_line_add_up():
    bought = purchase(line("1", 300), line("2", 100), bonuses=[Bonus("spring", 40, (0, 1))])
    found = earn(bought, [rule(percent="10")], now=NOON, shop_zone=BERLIN)
    assert earned_by_line(found, count=2) == [60, 20]


@pytest.mark.parametrize(
    ("of_rule", "of_order", "paid"),
    [
        (None, None, 0),
        (ACME, None, 6),
        (ACME, ACME, 6),
        (None, OTHER, 20),
        (ACME, OTHER, None),
    ],
    ids=["nobody", "the rule's", "its own order", "the order's", "another's order"],
)
def test_a_partner_pays_its_share(of_rule, of_order, paid):
    partner_id = of_order.partner_id if of_order else None
    bought = purchase(line(), partner_id=partner_id, partner=of_order)
    found = earn(bought, [rule(partner=of_rule)], now=NOON, shop_zone=BERLIN)
    assert [one.partner_amount for one in found] == ([] if paid is None else [paid])


def test_a_partners_rule_gives_nothing_on_an_order_of_somebody_who_is_not_registered():
    bought = purchase(line(), partner_id="unreg")
    found = earn(bought, [rule(partner=ACME)], now=NOON, shop_zone=BERLIN)
    assert found == []


def test_an_order_earns_at_most_a_million_millions_rules_before_bonuses():
    lines = [line("1", 10**12), line("2", 10**12, quantity=2)]
    bonus = Bonus("b", 99 * 10**12, (0, 1))

    half = earn(purchase(*lines, bonuses=[bonus]), [rule(percent="25")], now=NOON, shop_zone=BERLIN)
    all_ = earn(purchase(*lines, bonuses=[bonus]), [rule(percent="50")], now=NOON, shop_zone=BERLIN)

    assert [one.amount for one in half] == [750_000_000_000, 250_000_000_000]
    assert list(half[1].shares) == [83_333_333_333, 166_666_666_667]
    assert [(one.amount, sum(one.shares)) for one in all_] == [(10**12, 10**12)]


amounts = st.integers(0, 10**12)


@given(st.lists(amounts, min_size=1, max_size=30), st.integers(1, 1_000_000), amounts)
def test_shares_sum_to_what_is_earned_and_nothing_is_earned_of_nothing(bases, percent, bonus):
    lines = [line(str(at), base) for at, base in enumerate(bases)]
    bought = purchase(*lines, bonuses=[Bonus("b", bonus, tuple(range(len(bases))))])
    found = earn(
        bought, [rule(percent=f"{percent / 10_000:.4f}")], now=NOON + DAY, shop_zone=BERLIN
    )
    for one in found:
        assert sum(one.shares) == one.amount > 0
        assert all(share == 0 for share, base in zip(one.shares, bases, strict=True) if not base)
        assert 0 <= one.partner_amount <= one.amount
