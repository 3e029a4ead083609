"""Laws of arithmetic: nothing lost, nothing below zero, to the single unit."""

from hypothesis import given, settings
from hypothesis import strategies as st

from common.money import allocate
from promotions.domain.basket import Run, fill_basket, spread_over_units
from tests.promotions.domain.carts import CARTS, EARNINGS, ITEM_EFFECTS, ITEMS, offers
from tests.promotions.domain.shop import ADA, offer, quote
from tests.reference.units import spread

RUNS = st.lists(st.builds(Run, st.integers(0, 50), st.integers(1, 6)), min_size=1, max_size=5).map(
    tuple
)


@settings(deadline=None)
@given(bought=CARTS, given_offers=offers(at_most=7), earnings=EARNINGS)
def test_a_quote_adds_up(bought, given_offers, earnings):
    found = quote(bought, given_offers, customer=ADA, earnings=earnings)

    assert sum(line.discount for line in found.lines) == found.item_discount
    assert sum(row.item_amount for row in found.applied) == found.item_discount
    assert sum(row.shipping_amount for row in found.applied) == found.shipping_discount
    assert sum(row.amount for row in found.applied) == found.discount_total
    assert 0 <= found.shipping_discount <= found.shipping_amount
    assert found.total == (
        found.subtotal - found.item_discount + found.shipping_amount - found.shipping_discount
    )
    for line in found.lines:
        assert 0 <= line.discount <= line.subtotal
        assert line.discount == sum(discount.amount for discount in line.discounts)
        assert all(discount.amount > 0 for discount in line.discounts)


@settings(deadline=None)
@given(bought=CARTS, given_offers=offers(at_most=7), earnings=EARNINGS)
def test_what_was_chosen_is_worth_its_discounts_and_gifts(bought, given_offers, earnings):
    found = quote(bought, given_offers, customer=ADA, earnings=earnings)

    given_away = sum(gift.quantity * gift.unit_price for gift in found.gifts)
    assert found.choice.chosen.benefit == found.discount_total + given_away
    assert found.choice.chosen.bonus == found.bonus_cashback
    budgets = {made.promotion_id: made.discount_budget for made in given_offers}
    for row in found.applied:
        budget = budgets[row.promotion_id]
        assert budget is None or row.amount <= budget


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
@given(bought=CARTS, effects=st.lists(st.tuples(ITEM_EFFECTS, ITEMS), min_size=1, max_size=5))
def test_the_units_of_a_line_always_sum_to_the_line(bought, effects):
    basket = fill_basket(lines=bought.lines, shipping=0)
    for effect, items in effects:
        made = offer(effect=effect, items=items)
        eligible = made.items.eligible(bought.lines)
        if not eligible:
            continue
        cut = made.effect.plan(lines=bought.lines, eligible=eligible).cut(basket)
        before, basket = basket, basket.after(cut)

        assert cut.items == sum(before.left) - sum(basket.left)
        for line, came in enumerate(bought.lines):
            assert_sound(basket.units(line), came, basket.left[line])
            assert counted(before.units(line)) <= counted(basket.units(line))


def assert_sound(units, came, left):
    assert sum(run.each * run.units for run in units) == left
    assert sum(run.units for run in units) == came.quantity
    assert all(0 <= run.each <= came.unit_price and run.units > 0 for run in units)


def counted(units):
    """Positions of the units that were counted: they stay so, each in its place."""
    flags = [run.counted for run in units for _ in range(run.units)]
    return {at for at, flag in enumerate(flags) if flag}
