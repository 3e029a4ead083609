"""One promotion at one visit to checkout: all that its rules look at."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from common.cart import Cart
from common.items import ItemNames
from promotions.domain.basket import NOTHING, Basket, Cut
from promotions.domain.effects.plan import Plan
from promotions.domain.facts import (
    NEVER_USED,
    NEVER_USED_BY_CUSTOMER,
    CodeFacts,
    CustomerFacts,
    CustomerUsage,
    PromotionUsage,
)
from promotions.domain.offer import Offer


class Visit(Struct, frozen=True):
    """One call at checkout: the cart, who is there, and the counters as they stand."""

    cart: Cart
    #: Of all its lines.
    names: ItemNames
    #: The cart's lines with nothing taken yet.
    basket: Basket
    #: Minor units, before any discount.
    subtotal: int
    customer: CustomerFacts
    #: By promotion key; absent means never used.
    promotion_usage: Mapping[int, PromotionUsage]
    customer_usage: Mapping[int, CustomerUsage]
    now: datetime
    shop_zone: ZoneInfo


class Case:
    """One offer, by itself or by one of its codes, at one visit. What is costly is found once."""

    __slots__ = ("_cut", "_plan", "code", "eligible", "is_about_cart", "offer", "visit")

    def __init__(self, *, offer: Offer, code: CodeFacts | None, visit: Visit) -> None:
        self.offer = offer
        self.code = code
        self.visit = visit
        items = offer.items
        #: Whether a line matches `include`, whatever leaves it out afterwards.
        self.is_about_cart = items.includes_any(visit.names)
        #: Positions of the eligible lines.
        self.eligible = items.eligible(visit.cart.lines) if self.is_about_cart else ()
        self._plan: Plan | None = None
        self._cut: Cut | None = None if self.eligible else NOTHING

    @property
    def plan(self) -> Plan:
        """What the offer's effect does to this cart, of which some line must be eligible."""
        if self._plan is None:
            lines = self.visit.cart.lines
            self._plan = self.offer.effect.plan(lines=lines, eligible=self.eligible)
        return self._plan

    @property
    def cut(self) -> Cut:
        """What the offer would take from this cart alone, conditions aside."""
        if self._cut is None:
            self._cut = self.plan.cut(self.visit.basket)
        return self._cut

    def most_of(self, left: int) -> int:
        """The most it takes in any combination that leaves it `left` of the whole cart."""
        ceiling = self.plan.ceiling
        return min(self.cut.total if ceiling is None else ceiling, self.plan.most_of(left))

    @property
    def usage(self) -> PromotionUsage:
        return self.visit.promotion_usage.get(self.offer.key, NEVER_USED)

    @property
    def customer_usage(self) -> CustomerUsage:
        return self.visit.customer_usage.get(self.offer.key, NEVER_USED_BY_CUSTOMER)

    @property
    def zone(self) -> ZoneInfo:
        """In which the offer's times are told."""
        return self.offer.zone or self.visit.shop_zone

    @property
    def budget_left(self) -> int | None:
        """Minor units that may still be given; `None` without a budget."""
        budget = self.offer.discount_budget
        if budget is None:
            return None
        return max(budget - self.usage.spent - self.usage.held_amount, 0)
