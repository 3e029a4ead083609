"""A promotion replayed over past orders: what it would have given, and what that would have cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common.cart import Cart
from promotions.domain.facts import CustomerFacts, CustomerUsage, PromotionUsage
from promotions.domain.offer import Offer
from promotions.domain.pricing import price
from promotions.domain.quote import Quote


@dataclass(frozen=True, slots=True)
class Replayed:
    """An order with the promotion, without it, and with nothing beside it. Minor units."""

    order_id: str
    customer_key: int | None
    currency: str
    subtotal: int
    placed_at: datetime
    #: Whether the promotion was given; what it took itself.
    is_hit: bool
    taken: int
    discount_with: int
    discount_without: int
    discount_alone: int


@dataclass(slots=True)
class Replay:
    """Prices one order after the other; the promotion's own limits are counted along from zero.

    Promotions run as if they all were on at every order: their periods are left out, their hours
    are not. The others' limits are not counted.
    """

    tried: Offer
    others: Sequence[Offer]
    shop_zone: ZoneInfo
    _usage: PromotionUsage = field(default_factory=PromotionUsage)
    _by_customer: dict[int, int] = field(default_factory=dict)

    def price(
        self, cart: Cart, *, order_id: str, customer_key: int | None, customer: CustomerFacts,
        placed_at: datetime,
    ) -> Replayed:  # fmt: skip
        """The order once more, three times."""
        with_it = self._quote(cart, [self.tried, *self.others], customer_key, customer, placed_at)
        without = self._quote(cart, self.others, customer_key, customer, placed_at)
        alone = self._quote(cart, [self.tried], customer_key, customer, placed_at)
        applied = next((a for a in with_it.applied if a.key == self.tried.key), None)
        if applied is not None:
            self._count(applied.amount, customer_key)
        return Replayed(
            order_id=order_id,
            customer_key=customer_key,
            currency=cart.currency,
            subtotal=with_it.subtotal,
            placed_at=placed_at,
            is_hit=applied is not None,
            taken=applied.amount if applied else 0,
            discount_with=with_it.discount_total,
            discount_without=without.discount_total,
            discount_alone=alone.discount_total,
        )

    def _quote(
        self, cart: Cart, offers: Iterable[Offer], customer_key: int | None,
        customer: CustomerFacts, now: datetime,
    ) -> Quote:  # fmt: skip
        used = self._by_customer.get(customer_key, 0) if customer_key is not None else 0
        return price(
            cart=cart,
            offers=offers,
            codes=(),
            promotion_usage={self.tried.key: self._usage},
            customer_usage={self.tried.key: CustomerUsage(used=used)},
            customer=customer,
            now=now,
            shop_zone=self.shop_zone,
        )

    def _count(self, amount: int, customer_key: int | None) -> None:
        self._usage = PromotionUsage(used=self._usage.used + 1, spent=self._usage.spent + amount)
        if customer_key is not None:
            self._by_customer[customer_key] = self._by_customer.get(customer_key, 0) + 1


@dataclass(slots=True)
class Tally:
    """What a forecast says, order by order. Amounts by currency, in minor units."""

    zone: ZoneInfo
    orders: int = 0
    orders_hit: int = 0
    _customers: set[int] = field(default_factory=set)
    _customers_hit: set[int] = field(default_factory=set)
    _amounts: dict[str, dict[str, int]] = field(default_factory=dict)
    _weeks: dict[date, dict[str, Any]] = field(default_factory=dict)
    _worst: Replayed | None = None

    def add(self, order: Replayed) -> None:
        """Count one order."""
        self.orders += 1
        self.orders_hit += order.is_hit
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
        if order.is_hit and (self._worst is None or _share(order) > _share(self._worst)):
            self._worst = order

    def told(self) -> dict[str, Any]:
        """In plain JSON values; shares are decimal strings, per cent."""
        hit, everybody = len(self._customers_hit), len(self._customers)
        return {
            "orders": self.orders,
            "orders_hit": self.orders_hit,
            "customers": everybody,
            "customers_hit": hit,
            "share_of_customers": _percent(hit, everybody),
            "amounts": [
                {"currency": currency, **amounts}
                for currency, amounts in sorted(self._amounts.items())
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


def _share(order: Replayed) -> float:
    """Only compared: of equal shares the first order stands."""
    return order.discount_with / order.subtotal if order.subtotal else 0.0


def _worst(order: Replayed | None) -> dict[str, Any] | None:
    if order is None:
        return None
    return {
        "order_id": order.order_id,
        "currency": order.currency,
        "subtotal": order.subtotal,
        "discount": order.discount_with,
        "share": _percent(order.discount_with, order.subtotal),
    }


def _percent(part: int, whole: int) -> str:
    """Half up to two decimals."""
    hundredths = (part * 20_000 + whole) // (2 * whole) if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"
