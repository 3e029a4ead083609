"""What happened in the tea shop before today: two years of orders, the same ones each time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import Literal

from msgspec import structs

from common.cart import Cart, CartLine
from common.money import parse_percent, percent_of
from config.demo import companions
from config.demo.assortment import BY_SKU
from config.demo.baskets import STORE, at_the_counter, filled, packed
from config.demo.favourites import Rota, with_favourite
from config.demo.people import OLDEST, Person, at_daytime
from config.demo.seasons import demand
from customers.domain.orders import OrderLineState, OrderState, Status

SEED = 21
COUNT = 4_000
#: So long ago the checkout began to use promotions; orders before, and of the shop's own till, are
#: imported.
PROMOTIONS_SINCE = timedelta(days=60)
#: The same share of all orders whatever the season, so that as much is to be seen.
_LATELY = 0.18
_AT_THE_COUNTER = 0.3
_FOR_AN_OFFER = 0.55
REGULARS_ORDER_AT_LEAST = 5
#: Who has not ordered for so long may have forgotten the shop.
SILENCE = timedelta(days=200)

#: The days until an order has come so far.
_DAYS = {"paid": 1, "shipped": 3, "delivered": 6}
_STEPS = tuple(_DAYS)
_WEEK = timedelta(days=7)

Fate = Literal["kept", "cancelled", "returned in part", "returned"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order as it was placed at `at`; its cart holds the codes that the shopper tried.

    `voucher` is what the shop itself took off each line, in percent, before the checkout did.
    """

    order_id: str
    at: datetime
    cart: Cart
    fate: Fate
    voucher: int = 0

    def is_redeemed(self, *, today: datetime) -> bool:
        """Whether it came through the checkout with its promotions."""
        return self.cart.channel != STORE and self.at >= today - PROMOTIONS_SINCE

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
            lines=[_order_line(line, voucher=self.voucher) for line in self.cart.lines],
        )


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes to buy, for the first time or again."""

    at: datetime
    buyer: Person
    is_first: bool = False


def purchases(people: Sequence[Person], *, today: datetime, count: int = COUNT) -> list[Purchase]:
    """All of them, the oldest first; those that were made for an offer carry its code."""
    random = Random(SEED)
    since = today - PROMOTIONS_SINCE
    rota = Rota(today=today)
    along = Random(companions.SEED)
    came = _coming(people, today=today, count=count, random=random)
    bought = [_purchase(coming, since=since, rota=rota, random=random) for coming in came]
    bought = [_taking_along(one, today=today, random=along) for one in bought]
    bought.sort(key=lambda purchase: purchase.at)
    return [
        replace(purchase, order_id=f"T-{10_000 + number}")
        for number, purchase in enumerate(bought, start=1)
    ]


def status_today(purchase: Purchase, *, today: datetime) -> Status:
    """How far an order has come that is not quite new."""
    if purchase.fate == "cancelled":
        return "cancelled"
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


def silent(bought: Sequence[Purchase], *, by: datetime) -> list[str]:
    """Customers who had bought by then, but not for a long time."""
    last = {
        purchase.cart.customer_id: purchase.at
        for purchase in bought
        if purchase.cart.customer_id is not None and purchase.at < by
    }
    return sorted(name for name, at in last.items() if at < by - SILENCE)


def _coming(
    people: Sequence[Person], *, today: datetime, count: int, random: Random
) -> list[Coming]:
    """Everybody who comes to buy, in order: most of them once they have registered."""
    firsts = [
        Coming(_minutes_after(person.registered_at, random), person, is_first=True)
        for person in people
        if random.random() < 0.75
    ][:count]
    since = today - PROMOTIONS_SINCE
    lately = max(round(count * _LATELY) - sum(first.at >= since for first in firsts), 0)
    before = count - len(firsts) - lately
    moments = [
        *_moments(_ages(PROMOTIONS_SINCE, OLDEST - _WEEK), today, before, random),
        *_moments(_ages(timedelta(), PROMOTIONS_SINCE), today, lately, random),
    ]
    again = _returning(people, sorted(moments), today=today, random=random)
    return sorted([*firsts, *again], key=lambda coming: (coming.at, coming.buyer.customer_id))


def _minutes_after(at: datetime, random: Random) -> datetime:
    return at + timedelta(minutes=random.randint(4, 55))


def _ages(youngest: timedelta, oldest: timedelta) -> range:
    """Days before today, yesterday being 1."""
    return range(youngest.days + 1, oldest.days + 1)


def _moments(ages: range, today: datetime, count: int, random: Random) -> list[datetime]:
    """When somebody comes, of these days: by season, and more often the longer there is a shop."""
    days = [today - timedelta(days=age) for age in ages]
    pull = [
        demand(day.date()) * (1.6 - age / OLDEST.days) for age, day in zip(ages, days, strict=True)
    ]
    return [at_daytime(day, random) for day in random.choices(days, pull, k=count)]


def _returning(
    people: Sequence[Person], moments: Sequence[datetime], *, today: datetime, random: Random
) -> list[Coming]:
    """Who comes again at these moments: week by week, of those who know the shop by then."""
    registered = [person.registered_at for person in people]
    weeks = [today - _WEEK * number for number in range(OLDEST.days // 7, -1, -1)]
    came: list[Coming] = []
    for begins, ends in pairwise(weeks):
        known = people[: bisect_left(registered, begins)]
        zeal = list(accumulate(p.zeal if p.leaves_at > ends else 0 for p in known))
        for at in moments[bisect_left(moments, begins) : bisect_left(moments, ends)]:
            came.append(Coming(at, random.choices(known, cum_weights=zeal)[0]))
    return came


def _purchase(coming: Coming, *, since: datetime, rota: Rota, random: Random) -> Purchase:
    """It gets its number later: for the sake of an offer it may move to another hour."""
    at, buyer = coming.at, coming.buyer
    lines = filled(month=at.month, interests=buyer.interests, random=random)
    customer_id = None if random.random() < 0.05 else buyer.customer_id
    country = buyer.profile.country or "DE"
    if random.random() < _AT_THE_COUNTER:
        cart = at_the_counter(lines, customer_id=customer_id, random=random)
    else:
        cart = packed(lines, customer_id=customer_id, country=country, random=random)
    is_imported = at < since or cart.channel == STORE
    if not is_imported and not coming.is_first and random.random() < _FOR_AN_OFFER:
        at, cart = with_favourite(cart, rota.next(at), at=at, random=random)
    weights = (94, 4, 1, 1) if is_imported else (86, 5, 6, 3)
    fates: tuple[Fate, ...] = ("kept", "cancelled", "returned in part", "returned")
    has_voucher = random.random() < 0.12
    return Purchase(
        order_id="",
        at=at,
        cart=cart,
        fate=random.choices(fates, weights)[0],
        voucher=random.choice((5, 10)) if has_voucher and at < since else 0,
    )


def _taking_along(purchase: Purchase, *, today: datetime, random: Random) -> Purchase:
    """With what goes with it, where it is told as history."""
    lines = companions.with_companions(purchase.cart.lines, month=purchase.at.month, random=random)
    if purchase.is_redeemed(today=today):
        return purchase
    return replace(purchase, cart=structs.replace(purchase.cart, lines=lines))


def _order_line(line: CartLine, *, voucher: int) -> OrderLineState:
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
        discount_amount=percent_of(line.subtotal, parse_percent(str(voucher))) if voucher else None,
    )
