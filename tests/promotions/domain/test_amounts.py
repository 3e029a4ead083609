"""Laws of arithmetic: nothing lost, nothing below zero, to the single unit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from common.money import allocate
from promotions.domain.basket import Run, fill_basket, spread_over_units
from tests.promotions.domain.brute_force import spread
from tests.promotions.domain.carts import CARTS, EFFECTS, offers
from tests.promotions.domain.shop import offer, quote

RUNS = st.lists(st.builds(Run, st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=5).map(
    tuple
)


@settings(deadline=None)
@given(bought=CARTS, given_offers=offers(at_most=6))
def test_a_quote_adds_up(bought, given_offers):
    found = quote(bought, given_offers)

    assert sum(line.discount for line in found.lines) == found.item_discount
    assert sum(row.amount for row in found.applied) == found.discount_total
    assert found.total == found.subtotal - found.item_discount
    for line in found.lines:
        assert 0 <= line.discount <= line.subtotal
        assert line.discount == sum(discount.amount for discount in line.discounts)
        assert all(discount.amount > 0 for discount in line.discounts)


@given(weights=st.lists(st.integers(0, 10**6), max_size=8), amount=st.integers(0, 10**6))
def test_allocating_loses_nothing(weights, amount):
    amount = min(amount, sum(weights))

    parts = allocate(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    assert parts == spread(amount, weights)


@given(units=RUNS, data=st.data())
def test_runs_of_units_are_spread_over_like_single_units(units, data):
    single = [run.each for run in units for _ in range(run.units)]
    amount = data.draw(st.integers(0, sum(single)))

    found = spread_over_units(units, amount)

    cuts = spread(amount, single)
    assert [run.each for run in found for _ in range(run.units)] == [
        each - cut for each, cut in zip(single, cuts, strict=True)
    ]


@settings(deadline=None)
@given(bought=CARTS, effects=st.lists(EFFECTS, min_size=1, max_size=5))
def test_the_units_of_a_line_always_sum_to_the_line(bought, effects):
    basket = fill_basket(lines=bought.lines, shipping=0)
    for effect in effects:
        cut = plan(offer(effect=effect), bought).cut(basket)
        before, basket = basket, basket.after(cut)

        assert cut.items == sum(before.left) - sum(basket.left)
        for line, came in enumerate(bought.lines):
            units = basket.units(line)
            assert sum(run.each * run.units for run in units) == basket.left[line]
            assert sum(run.units for run in units) == came.quantity
            assert all(run.each >= 0 and run.units > 0 for run in units)


@settings(deadline=None)
@given(bought=CARTS, effect=EFFECTS, first=EFFECTS)
def test_less_left_never_makes_an_effect_take_more(bought, effect, first):
    """What the search for the best combination relies on."""
    basket = fill_basket(lines=bought.lines, shipping=0)
    made, before = plan(offer(effect=effect), bought), plan(offer(effect=first), bought)
    less = basket.after(before.cut(basket))

    taken = made.cut(less).total

    assert taken <= (made.cut(basket).total if made.ceiling is None else made.ceiling)
    assert taken <= made.most_of(sum(less.left) + less.shipping)


def plan(made, bought):
    return made.effect.plan(lines=bought.lines, eligible=made.items.eligible(bought.lines))
