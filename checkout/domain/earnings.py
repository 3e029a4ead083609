"""What a cart earns: by the cashback rules, and by the bonuses of its promotions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cashback.domain.earning import Bonus, Earned, Purchase, earn, earned_by_line
from cashback.domain.rules import EarningRule, Funder
from cashback.domain.spending import CashbackQuote
from common.cart import CartLine
from customers.domain.orders import KnownOrder, returned_amount
from promotions.domain.quote import Quote


@dataclass(frozen=True, kw_only=True)
class Earner:
    """The rules, whom they are asked for, and when."""

    rules: Sequence[EarningRule]
    segments: frozenset[str]
    #: By the rules' keys: what those with a monthly cap gave this month.
    given_this_month: Mapping[int, int]
    currency: str
    lines: Sequence[CartLine]
    #: Whose order it is, where cart or order say so: of a partner who is registered here or not.
    partner_id: str | None = None
    #: That partner, where registered.
    partner: Funder | None = None
    now: datetime
    shop_zone: ZoneInfo
    _by_line: dict[tuple[int, ...], Sequence[int]] = field(default_factory=dict, init=False)

    def by_line(self, left: Sequence[int]) -> Sequence[int]:
        """What the rules give on each line by what is left of it; asked for again and again."""
        bases = tuple(left)
        if bases not in self._by_line:
            found = earn(self.purchase(bases), self.rules, now=self.now, shop_zone=self.shop_zone)
            self._by_line[bases] = earned_by_line(found, count=len(bases))
        return self._by_line[bases]

    def earned(self, bases: Sequence[int], bonuses: Sequence[Bonus]) -> Sequence[Earned]:
        """What rules and bonuses give on the lines after everything."""
        if not self.rules and not bonuses:
            return ()
        purchase = self.purchase(bases, bonuses)
        return earn(purchase, self.rules, now=self.now, shop_zone=self.shop_zone)

    def purchase(self, bases: Sequence[int], bonuses: Sequence[Bonus] = ()) -> Purchase:
        """The cart as the rules see it."""
        return Purchase(
            currency=self.currency,
            lines=self.lines,
            bases=bases,
            segments=self.segments,
            partner_id=self.partner_id,
            partner=self.partner,
            bonuses=bonuses,
            given_this_month=self.given_this_month,
        )


def bonuses_of(quote: Quote) -> list[Bonus]:
    """The bonuses of the promotions applied, in the order of work."""
    return [
        Bonus(
            promotion_id=offer.promotion_id,
            amount=offer.bonus.amount,
            lines=offer.bonus.lines,
            pending_days=offer.bonus.pending_days,
            expires_after_days=offer.bonus.expires_after_days,
        )
        for offer in quote.applied
        if offer.bonus is not None
    ]


def why_cashback(
    quote: CashbackQuote, earned: Sequence[Earned], *, available: int | None = None
) -> dict[str, Any]:
    """What a decision says of cashback: nothing where there is none."""
    if not (quote.earned or quote.spent or quote.reason):
        return {}
    told = {"spent": quote.spent, "reason": quote.reason, "earned": quote.earned}
    rules = [
        {**({"promotion_id": one.promotion_id} if one.promotion_id else {}), **one.terms}
        | {"earned": one.amount}
        for one in earned
    ]
    asked = {"available": available} if available is not None else {}
    return {"cashback": told | asked | {"by": rules}}


def cart_lines(order: KnownOrder) -> list[CartLine]:
    """The order's lines as they were in the cart."""
    return [
        CartLine(
            line_id=line.line_id,
            sku=line.sku,
            quantity=line.quantity,
            unit_price=line.unit_price,
            categories=list(line.categories),
            brand=line.brand or None,
            tags=list(line.tags),
            list_price=line.list_price,
            discountable=line.discountable,
        )
        for line in order.lines
    ]


def kept_bases(order: KnownOrder) -> list[int]:
    """What each line comes to after discount and cashback, without what came back of it. Minor units."""
    return [
        line.quantity * line.unit_price
        - line.discount_amount
        - line.cashback_amount
        - returned_amount(
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount_amount=line.discount_amount,
            returned_quantity=line.returned_quantity,
        )
        for line in order.lines
    ]
