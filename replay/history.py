"""Receipts become orders; what cannot be an order line is dropped and counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from replay.reading import Product, Purchase

#: Products that the grocer's own list lacks.
UNKNOWN = Product("", "")


class PastLine(NamedTuple):
    """Amounts in cents; `discount` is for the whole line."""

    product_id: str
    product: Product
    quantity: int
    unit_price: int
    discount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """One basket."""

    basket_id: str
    household_id: str
    placed_at: datetime
    lines: list[PastLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Orders in the order of their first line; `dropped` counts lines."""

    orders: list[PastOrder]
    dropped: int


def past_orders(purchases: Iterable[Purchase], *, products: Mapping[str, Product]) -> History:
    """Group the lines by basket. Lines without units or without value are dropped.

    Raises:
        ValueError: a basket of two households.
    """
    orders: dict[str, PastOrder] = {}
    dropped = 0
    for purchase in purchases:
        if purchase.quantity < 1 or purchase.value <= 0:
            dropped += 1
            continue
        order = orders.get(purchase.basket_id)
        if order is None:
            order = orders[purchase.basket_id] = PastOrder(
                basket_id=purchase.basket_id,
                household_id=purchase.household_id,
                placed_at=purchase.bought_at,
                lines=[],
            )
        elif order.household_id != purchase.household_id:
            raise ValueError(f"basket {purchase.basket_id} belongs to two households")
        order.lines.append(_line(purchase, products.get(purchase.product_id, UNKNOWN)))
    return History(orders=list(orders.values()), dropped=dropped)


def _line(purchase: Purchase, product: Product) -> PastLine:
    """The unit price is rounded up, so that the rest is a discount and never a surcharge."""
    unit_price = -(-purchase.value // purchase.quantity)
    return PastLine(
        product_id=purchase.product_id,
        product=product,
        quantity=purchase.quantity,
        unit_price=unit_price,
        discount=unit_price * purchase.quantity - purchase.value,
    )
