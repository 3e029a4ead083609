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
    single = [each for each, count in units for _ in range(count)]
    amount = data.draw(st.integers(0, sum(single)))

    found = spread_over_units(units, amount)

    cuts = spread(amount, single)
    assert [each for each, count in found for _ in range(count)] == [
        each - cut for each, cut in zip(single, cuts, strict=True)
    ]


@settings(deadline=None)
@given(bought=CARTS, effects=st.lists(EFFECTS, min_size=1, max_size=5))
def test_the_units_of_a_line_always_sum_to_the_line(bought, effects):
    basket = fill_basket(lines=bought.lines, shipping=0)
    for effect in effects:
        made = offer(effect=effect)
        cut = made.effect.cut(basket, made.items.eligible(bought.lines))
        before, basket = basket, basket.after(cut)

        assert cut.items == sum(before.left) - sum(basket.left)
        for line, came in enumerate(bought.lines):
            units = basket.units(line)
            assert sum(each * count for each, count in units) == basket.left[line]
            assert sum(count for _, count in units) == came.quantity
            assert all(each >= 0 and count > 0 for each, count in units)


@settings(deadline=None)
@given(bought=CARTS, effect=EFFECTS, first=EFFECTS)
def test_less_left_never_makes_an_effect_take_more(bought, effect, first):
    """What the search for the best combination relies on."""
    basket = fill_basket(lines=bought.lines, shipping=0)
    made, before = offer(effect=effect), offer(effect=first)
    eligible = made.items.eligible(bought.lines)
    less = basket.after(before.effect.cut(basket, eligible))

    taken = made.effect.cut(less, eligible).total

    assert taken <= made.effect.cut(basket, eligible).total
    assert taken <= made.effect.most_of(sum(less.left), len(eligible))
