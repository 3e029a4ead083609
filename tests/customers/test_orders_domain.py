"""What an order counts, unit by unit."""

from hypothesis import given
from hypothesis import strategies as some

from customers.domain.orders import KnownLine, figures_of, returned_amount


@given(
    quantity=some.integers(1, 40),
    unit_price=some.integers(0, 5_000),
    share=some.fractions(0, 1),
    back=some.integers(0, 40),
)
def test_returned_units_take_their_own_share_of_the_discount(quantity, unit_price, share, back):
    discount = int(quantity * unit_price * share)
    back = min(back, quantity)
    each = [discount // quantity + (unit < discount % quantity) for unit in range(quantity)]
    assert sum(each) == discount
    assert returned_amount(
        quantity=quantity, unit_price=unit_price, discount_amount=discount, returned_quantity=back
    ) == sum(unit_price - taken for taken in each[:back])


@given(some.integers(1, 100_000), some.integers(0, 10**7), some.fractions(0, 1))
def test_an_order_of_which_all_came_back_comes_to_nothing(quantity, unit_price, share):
    line = KnownLine(
        key=1, line_id="1", sku="A", name="", categories=(), brand="", tags=(), quantity=quantity,
        unit_price=unit_price, list_price=None, discountable=True,
        discount_amount=int(quantity * unit_price * share), cashback_amount=0,
        returned_quantity=quantity, is_redeemed=False,
    )  # fmt: skip
    figures = figures_of("paid", [line])
    assert (figures.orders, figures.items, figures.amount) == (1, 0, 0)
