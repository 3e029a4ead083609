"""Orders that a redemption makes, or finds."""

import pytest

from common.cart import CartLine
from customers.actions import orders
from customers.actions.orders import OrderDiffersFromRedemption, RedeemedLine
from customers.actions.people import ensure_customer
from customers.queries.orders import order_by_reference
from tests.api import NOON

pytestmark = pytest.mark.django_db

TEA = CartLine(line_id="1", sku="TEA-1", quantity=2, unit_price=1299, categories=["tea"])
POT = CartLine(line_id="2", sku="POT", quantity=1, unit_price=2400, tags=["a", "b"])


def redeem(*lines, reference="o1", customer="c1", currency="EUR", **more):
    key = ensure_customer(reference=customer, now=NOON) if customer else None
    return orders.write_redeemed_order(
        reference=reference,
        customer_key=key,
        currency=currency,
        channel="web",
        shipping_amount=495,
        shipping_discount=95,
        lines=[RedeemedLine(line, discount) for line, discount in lines],
        now=NOON,
        **more,
    )


def test_an_unknown_order_is_made_as_placed_with_the_carts_lines():
    written = redeem((TEA, 520), (POT, 0))
    order = order_by_reference("o1")
    assert written.created
    assert (order.key, order.status, order.placed_at) == (written.order_key, "placed", NOON)
    assert order.is_redeemed
    assert [(line.sku, line.discount_amount, line.is_redeemed) for line in order.lines] == [
        ("TEA-1", 520, True),
        ("POT", 0, True),
    ]
    assert order.lines[0].categories == ("tea",)
    assert order.lines[1].tags == ("a", "b")


def test_a_redeemed_order_is_not_redeemed_again():
    redeem((TEA, 520))
    with pytest.raises(OrderDiffersFromRedemption):
        redeem((TEA, 520))
