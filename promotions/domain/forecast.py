"""A promotion replayed over past orders: what it would have given, and what that would have cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from common.cart import Cart
from promotions.domain.choosing import conflict
from promotions.domain.facts import CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer
from promotions.domain.pricing import price
from promotions.domain.quote import AppliedOffer, Quote

#: What is not kept with orders, and so matches no condition.
NOT_KEPT = ("countries", "payment_methods", "shipping_methods")
_NAMED_INSTEAD = 5


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order with the promotion, without it, and with nothing beside it. Minor units."""

    order_id: str
    customer_key: int | None
    currency: str
    subtotal: int
    shipping_amount: int
    placed_at: datetime
    #: Whether the promotion was given; what it took itself.
    is_hit: bool
    taken: int
    discount_with: int
    discount_without: int
    discount_alone: int
    #: Whether the promotion would have been given with nothing beside it.
    is_hit_alone: bool
    #: Ids of the promotions that took its place: given, where it would have been by itself.
    instead: tuple[str, ...]


@dataclass(slots=True)
class _Uses:
    """What the promotion has given so far, in one of the two worlds that it is replayed in."""

    in_all: PromotionUsage = field(default_factory=PromotionUsage)
    by_customer: dict[int, int] = field(default_factory=dict)

    def count(self, amount: int, customer_key: int | None) -> None:
        self.in_all = PromotionUsage(
            used=self.in_all.used + 1, spent=self.in_all.spent + amount
        )  # fmt: skip
        if customer_key is not None:
            self.by_customer[customer_key] = self.by_customer.get(customer_key, 0) + 1


@dataclass(slots=True)
class Replay:
    """Prices one order after the other; the promotion's own limits are counted along from zero,
    beside the others and by itself apart.

    Promotions run as if they all were on at every order: their periods are left out, their hours
    are not. The others' limits are not counted.
    """

    tried: Offer
    others: Sequence[Offer]
    shop_zone: ZoneInfo
    _beside: _Uses = field(default_factory=_Uses)
    _alone: _Uses = field(default_factory=_Uses)

    def price(
        self, cart: Cart, *, order_id: str, customer_key: int | None, customer: CustomerFacts,
        placed_at: datetime,
    ) -> Replayed:  # fmt: skip
        """The order once more, three times."""

        def quoted(offers: Iterable[Offer], uses: _Uses) -> Quote:
            return self._quote(cart, offers, uses, customer_key, customer, placed_at)

        with_it = quoted([self.tried, *self.others], self._beside)
        without = quoted(self.others, self._beside)
        alone = quoted([self.tried], self._alone)
        applied = self._given(with_it)
        if applied is not None:
            self._beside.count(applied.amount, customer_key)
        applied_alone = self._given(alone)
        if applied_alone is not None:
            self._alone.count(applied_alone.amount, customer_key)
        is_displaced = applied is None and applied_alone is not None
        return Replayed(
            order_id=order_id,
            customer_key=customer_key,
            currency=cart.currency,
            subtotal=with_it.subtotal,
            shipping_amount=cart.shipping_amount,
            placed_at=placed_at,
            is_hit=applied is not None,
            taken=applied.amount if applied else 0,
            discount_with=with_it.discount_total,
            discount_without=without.discount_total,
            discount_alone=alone.discount_total,
            is_hit_alone=applied_alone is not None,
            instead=self._instead(with_it) if is_displaced else (),
        )

    def _given(self, quote: Quote) -> AppliedOffer | None:
        return next((offer for offer in quote.applied if offer.key == self.tried.key), None)

    def _instead(self, quote: Quote) -> tuple[str, ...]:
        """Those given that may not stand beside it; where there is none, all that left it nothing."""
        given = {offer.key for offer in quote.applied}
        others = [other for other in self.others if other.key in given]
        barring = [other for other in others if conflict(self.tried, other)]
        return tuple(other.promotion_id for other in barring or others)

    def _quote(
        self, cart: Cart, offers: Iterable[Offer], uses: _Uses, customer_key: int | None,
        customer: CustomerFacts, now: datetime,
    ) -> Quote:  # fmt: skip
        used = uses.by_customer.get(customer_key, 0) if customer_key is not None else 0
        return price(
            cart=cart,
            offers=offers,
            codes=(),
            promotion_usage={self.tried.key: uses.in_all},
            customer_usage={self.tried.key: CustomerUsage(used=used)},
            customer=customer,
            now=now,
            shop_zone=self.shop_zone,
        )


@dataclass(slots=True)
class Tally:
    """What a forecast says, order by order. Amounts by currency, in minor units."""

    zone: ZoneInfo
    orders: int = 0
    orders_hit: int = 0
    orders_alone: int = 0
    _instead: Counter[str] = field(default_factory=Counter)
    _customers: set[int] = field(default_factory=set)
    _customers_hit: set[int] = field(default_factory=set)
    _amounts: dict[str, dict[str, int]] = field(default_factory=dict)
    _weeks: dict[date, dict[str, Any]] = field(default_factory=dict)
    _worst: Replayed | None = None

    def add(self, order: Replayed) -> None:
        """Count one order."""
        self.orders += 1
        self.orders_hit += order.is_hit
        self.orders_alone += order.is_hit_alone
        self._instead.update(order.instead)
        if order.customer_key is not None:
            self._customers.add(order.customer_key)
            if order.is_hit:
                self._customers_hit.add(order.customer_key)
        cost = order.discount_with - order.discount_without
        _add(self._amounts.setdefault(order.currency, {}), {
            "discount": order.taken,
            "discount_alone": order.discount_alone,
            "discount_with": order.discount_with,
            "discount_without": order.discount_without,
            "cost": cost,
        })  # fmt: skip
        day = order.placed_at.astimezone(self.zone).date()
        week = self._weeks.setdefault(
            day - timedelta(days=day.weekday()), {"orders": 0, "orders_hit": 0, "cost": {}}
        )
        week["orders"] += 1
        week["orders_hit"] += order.is_hit
        _add(week["cost"], {order.currency: cost})
        # Of equal shares the first order stands.
        if order.is_hit and (self._worst is None or _share(order) > _share(self._worst)):
            self._worst = order

    def told(self) -> dict[str, Any]:
        """In plain JSON values; shares are decimal strings, per cent."""
        hit, everybody = len(self._customers_hit), len(self._customers)
        return {
            "orders": self.orders,
            "orders_hit": self.orders_hit,
            "orders_alone": self.orders_alone,
            "customers": everybody,
            "customers_hit": hit,
            "share_of_customers": _percent(hit, everybody),
            "amounts": [
                {"currency": currency, **amounts}
                for currency, amounts in sorted(self._amounts.items())
            ],
            "instead": [
                {"promotion_id": promotion_id, "orders": orders}
                for promotion_id, orders in sorted(
                    self._instead.items(), key=lambda each: (-each[1], each[0])
                )[:_NAMED_INSTEAD]
            ],
            "worst_basket": _worst(self._worst),
            "weeks": [
                {"starts_on": start.isoformat(), **week}
                for start, week in sorted(self._weeks.items())
            ],
        }


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for name, amount in more.items():
        sums[name] = sums.get(name, 0) + amount


def _share(order: Replayed) -> Fraction:
    """Of goods and shipping, since the discount takes from both."""
    return Fraction(order.discount_with, order.subtotal + order.shipping_amount or 1)


def _worst(order: Replayed | None) -> dict[str, Any] | None:
    if order is None:
        return None
    return {
        "order_id": order.order_id,
        "currency": order.currency,
        "subtotal": order.subtotal,
        "shipping_amount": order.shipping_amount,
        "discount": order.discount_with,
        "share": _percent(order.discount_with, order.subtotal + order.shipping_amount),
    }


def _percent(part: int, whole: int) -> str:
    """Half up to two decimals."""
    hundredths = (part * 20_000 + whole) // (2 * whole) if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"
