"""What the proof of the best rests on: bounds that hold, and a search that loses nothing by them."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from common.items import names_of
from promotions.domain.basket import fill_basket
from promotions.domain.case import Case, Visit
from promotions.domain.effects.bonus_cashback import BonusCashbackRule
from promotions.domain.effects.gift import GiftRule
from tests.promotions.domain import carts
from tests.promotions.domain.carts import CARTS, COUNTING, EARNINGS, EFFECTS, ITEMS, offers
from tests.promotions.domain.shop import ADA, BERLIN, NOON, cart, off, offer, percent, quote
from tests.promotions.effects import bundle_price, buy_x_get_y

KINDS = {
    "percentage": carts.PERCENTS,
    "fixed amount": carts.FIXED,
    "fixed price": carts.FIXED_PRICES,
    "bundle price": carts.BUNDLES,
    "buy x get y": carts.RUNS,
    "tiered": carts.TIERS,
    "free shipping": carts.SHIPPING,
}


def case_of(made, bought, earnings=None):
    """The promotion at this cart, of which nothing is taken yet."""
    more = {} if earnings is None else {"earnings": earnings}
    basket = fill_basket(lines=bought.lines, shipping=bought.shipping_amount, **more)
    visit = Visit(
        cart=bought,
        names=names_of(bought.lines),
        basket=basket,
        subtotal=bought.subtotal,
        customer=ADA,
        promotion_usage={},
        customer_usage={},
        now=NOON,
        shop_zone=BERLIN,
    )
    return Case(offer=made, code=None, visit=visit)


def left_by(before, basket, bought):
    """What these promotions leave, in this order, whatever their lanes."""
    for made in before:
        eligible = made.items.eligible(bought.lines)
        if eligible:
            plan = made.effect.plan(lines=bought.lines, eligible=eligible)
            basket = basket.after(plan.cut(basket))
    return basket


BEFORE = st.lists(
    st.builds(lambda effect, items: offer(effect=effect, items=items), EFFECTS | COUNTING, ITEMS),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=100)
@given(bought=CARTS | carts.CROWDED_CARTS, items=ITEMS, before=BEFORE, data=st.data())
def test_whatever_others_took_before_no_effect_passes_its_bound(kind, bought, items, before, data):
    check_bound(offer(effect=data.draw(KINDS[kind]), items=items), bought, before)


@pytest.mark.slow
@settings(deadline=None, max_examples=10_000)
@given(bought=CARTS, effect=COUNTING | EFFECTS, items=ITEMS, before=BEFORE)
def test_no_effect_passes_its_bound_in_ten_thousand_carts(bought, effect, items, before):
    check_bound(offer(effect=effect, items=items), bought, before)


def check_bound(made, bought, before):
    """Whatever these took before, in whatever order; whether it took more than alone."""
    case = case_of(made, bought)
    if not case.eligible:
        return False
    left = left_by(before, case.visit.basket, bought)

    taken = case.plan.cut(left).total

    assert taken <= case.most_of(sum(left.left) + left.shipping)
    return taken > case.cut.total


@pytest.mark.parametrize("examples", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_the_bounds_hold_where_effects_take_more_than_alone(examples):
    """Common where carts are crowded: who counts cheap units leaves dearer ones to be rewarded."""
    seen = Counter()

    @settings(deadline=None, max_examples=examples)
    @given(
        bought=carts.CROWDED_CARTS,
        effect=carts.CROWDED_RUNS,
        before=st.lists(st.tuples(carts.CROWDED, carts.CHEAP_ITEMS), min_size=1, max_size=2),
    )
    def look(bought, effect, before):
        first = [offer(effect=counting, items=items) for counting, items in before]
        seen[check_bound(offer(effect=effect), bought, first)] += 1

    look()
    assert seen[True] > seen.total() / 20


def test_what_rounding_adds_line_by_line_is_within_the_bound():
    """10 % of 5 is 1, nine times; of 45 together it were 5."""
    bought = cart(*[(1, 5)] * 9)
    made = offer(effect=percent("10", "lines"))

    assert case_of(made, bought).cut.total == 9
    assert not check_bound(made, bought, [])


@settings(deadline=None)
@given(bought=CARTS, effect=EFFECTS, items=ITEMS, data=st.data())
def test_who_leaves_more_before_leaves_no_less_behind(bought, effect, items, data):
    """`left - most_of(left)` never falls, so that bounds may be worked through one by one."""
    case = case_of(offer(effect=effect, items=items), bought)
    assume(case.eligible)
    everything = bought.subtotal + bought.shipping_amount
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, everything)] * 2)))

    assert less - case.most_of(less) <= more - case.most_of(more)


@settings(deadline=None)
@given(bought=CARTS, effect=carts.GIFTS | carts.BONUSES, before=BEFORE, earnings=EARNINGS)
def test_gifts_and_bonuses_take_nothing_and_gifts_never_change(bought, effect, before, earnings):
    case = case_of(offer(effect=effect), bought, earnings)
    assume(case.eligible)
    left = left_by(before, case.visit.basket, bought)

    cut = case.plan.cut(left)

    assert (cut.total, case.most_of(10**9)) == (0, 0)
    assert cut.benefit == case.cut.benefit
    assert cut.bonus == 0 or any(left.left[line] for line in case.eligible)


def test_an_effect_may_take_more_than_alone():
    """Why there are bounds at all: 10, 10, 10, 1, 1, 1 without the ones frees a 10, not 1 + 1 + 1."""
    bought = cart((3, 10), (3, 1))
    case = case_of(offer(effect=buy_x_get_y(1, 1)), bought)
    ones = offer(effect=bundle_price(3, 2), items={"max_unit_price": 1})

    left = left_by([ones], case.visit.basket, bought)

    assert case.cut.total == 3
    assert case.plan.cut(left).total == 10
    assert case.most_of(10**9) == 21


@settings(deadline=None, max_examples=200)
@given(bought=CARTS, given_offers=offers(at_most=6), earnings=EARNINGS)
def test_the_search_finds_what_trying_every_combination_finds(bought, given_offers, earnings):
    found = quote(bought, given_offers, customer=ADA, earnings=earnings)

    assert found.best
    assert told(found) == best_of_all(found.choice.candidates)


@pytest.mark.slow
@settings(deadline=None, max_examples=5_000)
@given(bought=CARTS, given_offers=offers(at_most=7), earnings=EARNINGS)
def test_the_search_loses_nothing_in_five_thousand_carts(bought, given_offers, earnings):
    found = quote(bought, given_offers, customer=ADA, earnings=earnings)

    assert told(found) == best_of_all(found.choice.candidates)


@pytest.mark.parametrize("examples", [200, pytest.param(5_000, marks=pytest.mark.slow)])
def test_also_where_promotions_take_each_others_units(examples):
    @settings(deadline=None, max_examples=examples)
    @given(
        bought=carts.CROWDED_CARTS,
        given_offers=offers(
            at_most=6, effects=carts.CROWDED | carts.FIXED, items=carts.CROWDED_ITEMS
        ),
    )
    def look(bought, given_offers):
        found = quote(bought, given_offers, customer=ADA)
        assert told(found) == best_of_all(found.choice.candidates)

    look()


def test_one_that_takes_nothing_is_kept_where_it_makes_another_take_more():
    """a makes the ones free; b counts them at no further saving, so that c frees a ten, not ones."""
    offers = [
        offer("a", effect=off(1, "unit"), items={"max_unit_price": 1}, stacking={"priority": 2}),
        offer(
            "b", effect=bundle_price(3, 2), items={"max_unit_price": 1}, stacking={"priority": 1}
        ),
        offer("c", effect=buy_x_get_y(1, 1)),
    ]

    found = quote(cart((3, 10), (3, 1)), offers)

    assert {row.promotion_id: row.amount for row in found.applied} == {"a": 3, "b": 0, "c": 10}


def told(found):
    """Benefit, bonus and ids of the combination chosen."""
    ids = sorted(row.promotion_id for row in found.applied)
    return found.choice.chosen.benefit, found.choice.chosen.bonus, ids


def best_of_all(candidates):
    """The same of the combination that the policy prefers, by pricing each legal one."""
    ranked = [(0, 0, 0, 0, [])]
    for size in range(1, len(candidates) + 1):
        for chosen in combinations(candidates, size):
            cuts = cuts_of(chosen) if is_legal([case.offer for case in chosen]) else None
            if cuts is not None:
                benefit, bonus = sum(cut.benefit for cut in cuts), sum(cut.bonus for cut in cuts)
                priorities = sum(case.offer.priority for case in chosen)
                ids = sorted(case.offer.promotion_id for case in chosen)
                ranked.append((-benefit, -bonus, size, -priorities, ids))
    benefit, bonus, _, _, ids = min(ranked)
    return -benefit, -bonus, ids


def cuts_of(chosen):
    """What each takes in the order of work; `None` if one gives more than its budget has left."""
    basket, cuts = chosen[0].visit.basket, []
    for case in sorted(chosen, key=lambda case: case.offer.turn):
        cut = case.plan.cut(basket)
        if case.budget_left is not None and cut.total > case.budget_left:
            return None
        cuts.append(cut)
        basket = basket.after(cut)
    return cuts


def is_legal(offers):
    groups = [made.group for made in offers if made.group is not None]
    if len(groups) != len(set(groups)):
        return False
    return all(
        isinstance(other.effect, GiftRule | BonusCashbackRule) and not other.exclusive
        for made in offers
        if made.exclusive
        for other in offers
        if other is not made
    )
