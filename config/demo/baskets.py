"""What shoppers put into their carts: by season, by taste, and by chance."""

from collections.abc import Collection, Sequence
from functools import cache
from random import Random

from common.cart import Cart, CartLine
from config.demo.assortment import PRODUCTS, Product

STORE = "store"
PARCEL, EXPRESS, PICKUP = "parcel", "express", "pickup"
_POSTAGE = {"DE": 495}
_POSTAGE_ABROAD = 895
_EXPRESS_ON_TOP = 500
#: How much likelier a shopper takes what they like best.
_TASTE = 4


def cart_line(line_id: str, product: Product, quantity: int) -> CartLine:
    """A product in a cart."""
    return CartLine(
        line_id=line_id,
        sku=product.sku,
        quantity=quantity,
        unit_price=product.price,
        categories=list(product.categories),
        brand=product.brand,
        tags=list(product.tags),
        list_price=product.list_price,
    )


def filled(*, month: int, interests: Collection[str], random: Random) -> list[CartLine]:
    """The lines of a cart in that month of the year."""
    shelf = on_the_shelf(month)
    weights = [1 if set(interests).isdisjoint(product.categories) else _TASTE for product in shelf]
    size = random.choices((1, 2, 3, 4, 5, 6), (3, 5, 5, 3, 2, 1))[0]
    wanted = dict.fromkeys(random.choices(shelf, weights, k=size))
    return [
        cart_line(str(at), product, _units(product, random)) for at, product in enumerate(wanted, 1)
    ]


def packed(
    lines: Sequence[CartLine], *, customer_id: str | None, country: str, random: Random
) -> Cart:
    """A cart at the till: where from, where to, and how it is paid."""
    method = random.choices((PARCEL, EXPRESS, PICKUP), (85, 7, 8 if country == "DE" else 0))[0]
    return Cart(
        customer_id=customer_id,
        currency="EUR",
        channel=random.choices(("web", "app"), (3, 1))[0],
        shipping_country=country,
        shipping_method=method,
        payment_method=random.choices(("card", "paypal", "invoice"), (4, 4, 3))[0],
        shipping_amount=postage(method=method, country=country),
        lines=list(lines),
    )


def at_the_counter(lines: Sequence[CartLine], *, customer_id: str | None, random: Random) -> Cart:
    """A cart in the shop itself, paid and taken along at once."""
    return Cart(
        customer_id=customer_id,
        currency="EUR",
        channel=STORE,
        payment_method=random.choice(("cash", "card")),
        lines=list(lines),
    )


def postage(*, method: str, country: str) -> int:
    """What delivery costs, minor units."""
    if method == PICKUP:
        return 0
    parcel = _POSTAGE.get(country, _POSTAGE_ABROAD)
    return parcel + (_EXPRESS_ON_TOP if method == EXPRESS else 0)


@cache
def on_the_shelf(month: int) -> Sequence[Product]:
    """What is sold in that month."""
    return [product for product in PRODUCTS if not product.months or month in product.months]


def _units(product: Product, random: Random) -> int:
    return random.choices((1, 2, 3), (5, 3, 1))[0] if "Tee" in product.categories else 1
