"""What happened in the tea shop before today: two hundred orders, the same ones each time."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from common.cart import Cart, CartLine
from config.demo.assortment import BY_SKU, PRODUCTS, Product
from config.demo.people import Person
from customers.domain.orders import OrderLineState, OrderState, Status

SEED = 21
COUNT = 200
A_YEAR = timedelta(days=365)
#: So long ago the checkout began to use promotions; orders before were imported.
PROMOTIONS_SINCE = timedelta(days=120)
REGULARS_ORDER_AT_LEAST = 5

#: The days until an order has come so far.
_DAYS = {"paid": 1, "shipped": 3, "delivered": 6}
_STEPS = tuple(_DAYS)

Fate = Literal["kept", "cancelled", "returned"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order as it was placed at `at`; its cart holds the codes that the shopper tried."""

    order_id: str
    at: datetime
    cart: Cart
    fate: Fate

    def order(self, *, status: Status) -> OrderState:
        """The order as the shop tells it, `status` reached in the days after it was placed."""
        reached = _STEPS[: _STEPS.index(status) + 1] if status in _STEPS else ()
        instants = {step: self.at + timedelta(days=_DAYS[step]) for step in reached}
        return OrderState(
            customer_id=self.cart.customer_id,
            currency=self.cart.currency,
            status=status,
            placed_at=self.at,
            paid_at=instants.get("paid"),
            shipped_at=instants.get("shipped"),
            delivered_at=instants.get("delivered"),
            channel=self.cart.channel,
            shipping_amount=self.cart.shipping_amount,
            lines=[_order_line(line) for line in self.cart.lines],
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A personal code, and since when its holder has it."""

    code: str
    since: datetime


def purchases(people: Sequence[Person], *, today: datetime) -> list[Purchase]:
    """All of them, the oldest first, without codes."""
    random = Random(SEED)
    # More of them lately: the shop grows.
    ages = [1 + (A_YEAR.days - 1) * random.random() ** 1.5 for _ in range(COUNT)]
    moments = sorted(_at_daytime(today, age, random) for age in ages)
    return [_purchase(number, at, people, random) for number, at in enumerate(moments, start=1)]


def status_today(purchase: Purchase, *, today: datetime) -> Status:
    """How far an order has come that was neither cancelled nor is quite new."""
    days = (today - purchase.at) / timedelta(days=1)
    steps: tuple[tuple[int, Status], ...] = ((7, "delivered"), (4, "shipped"), (2, "paid"))
    return next((status for age, status in steps if days > age), "placed")


def regulars(bought: Sequence[Purchase], *, by: datetime) -> list[str]:
    """Customers with many orders placed by then."""
    counts = Counter(
        purchase.cart.customer_id
        for purchase in bought
        if purchase.cart.customer_id is not None and purchase.at < by
    )
    return sorted(name for name, count in counts.items() if count >= REGULARS_ORDER_AT_LEAST)


def with_codes(
    bought: Sequence[Purchase],
    *,
    personal: Mapping[str, Sequence[Held]],
    shared: Sequence[str],
    welcome: str,
    known: Collection[str],
) -> list[Purchase]:
    """The same with codes tried: a shopper's own (`personal`, by customer), shared ones, now and
    then somebody else's; mostly `welcome` by those who were not `known` before.
    """
    random = Random(SEED + 1)
    seen = set(known)
    tried = []
    for purchase in bought:
        customer_id = purchase.cart.customer_id or ""
        own = [held.code for held in personal.get(customer_id, ()) if held.since < purchase.at]
        chance = random.random()
        codes: list[str] = []
        if customer_id not in seen and chance < 0.7:
            codes = [welcome]
        elif own and chance < 0.8:
            codes = [random.choice(own)]
        elif chance < 0.6:
            codes = [random.choice(shared)]
        elif chance < 0.68:
            codes = [random.choice(personal[random.choice(sorted(personal))]).code]
        seen.add(customer_id)
        tried.append(
            Purchase(purchase.order_id, purchase.at, carrying(purchase.cart, codes), purchase.fate)
        )
    return tried


def carrying(cart: Cart, codes: Sequence[str]) -> Cart:
    """The cart with these codes in place of its own."""
    members = {name: getattr(cart, name) for name in cart.__struct_fields__}
    return Cart(**members | {"codes": list(codes)})


def _purchase(number: int, at: datetime, people: Sequence[Person], random: Random) -> Purchase:
    known = [person for person in people if person.registered_at < at]
    buyer = random.choices(known, [person.zeal for person in known])[0]
    is_guest = random.random() < 0.06
    country = buyer.profile.country or "DE"
    lines = _lines(random)
    subtotal = sum(line.subtotal for line in lines)
    postage = 495 if country == "DE" else 895
    cart = Cart(
        customer_id=None if is_guest else buyer.customer_id,
        currency="EUR",
        channel=random.choices(("web", "app"), (3, 1))[0],
        shipping_country=country,
        shipping_method="parcel",
        payment_method=random.choice(("card", "paypal", "invoice")),
        shipping_amount=0 if subtotal >= 6000 else postage,
        lines=lines,
    )
    fate: Fate = random.choices(("kept", "cancelled", "returned"), (88, 5, 7))[0]
    return Purchase(f"T-{10_000 + number}", at, cart, fate)


def _lines(random: Random) -> list[CartLine]:
    wanted = random.sample(PRODUCTS, random.choices((1, 2, 3, 4, 5), (2, 4, 4, 2, 1))[0])
    return [
        cart_line(str(at), product, _units(product, random)) for at, product in enumerate(wanted, 1)
    ]


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


def _units(product: Product, random: Random) -> int:
    return random.choices((1, 2, 3), (5, 3, 1))[0] if "Tee" in product.categories else 1


def _order_line(line: CartLine) -> OrderLineState:
    return OrderLineState(
        line_id=line.line_id,
        sku=line.sku,
        name=BY_SKU[line.sku].name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        categories=line.categories,
        brand=line.brand,
        tags=line.tags,
        list_price=line.list_price,
    )


def _at_daytime(today: datetime, days: float, random: Random) -> datetime:
    """A moment of that day, from breakfast to night."""
    midnight = (today - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(minutes=random.randint(7 * 60, 23 * 60))
