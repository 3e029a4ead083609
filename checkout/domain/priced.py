"""A priced cart: discounts and cashback together, free of any language, fit to be kept as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from cashback.domain.earning import Bonus
from cashback.domain.spending import CashbackQuote
from checkout.domain.earnings import bonuses_of
from common.money import allocate
from common.reasons import Language
from promotions.domain.quote import Quote


class Refused(Struct, frozen=True):
    """A reason code with what the customer may know of it."""

    code: str
    params: dict[str, Any]


class PricedLine(Struct, frozen=True):
    """A line; `discount` and `cashback` are of the whole line, minor units."""

    line_id: str
    subtotal: int
    discount: int
    cashback: int
    #: promotion_id, code, amount
    discounts: list[tuple[str, str | None, int]]


class PricedOffer(Struct, frozen=True):
    """A promotion of the chosen combination; `amount` includes shipping."""

    promotion_id: str
    code: str | None
    titles: dict[Language, str]
    amount: int


class PricedCode(Struct, frozen=True):
    """What became of a code, in the caller's spelling."""

    code: str
    status: str
    promotion_id: str | None
    reason: Refused | None


class PricedGift(Struct, frozen=True):
    """An item added free of charge."""

    sku: str
    quantity: int
    promotion_id: str


class PricedNearly(Struct, frozen=True):
    """A promotion that the cart only just misses."""

    promotion_id: str
    titles: dict[Language, str]
    reason: Refused


class PricedCart(Struct, frozen=True, kw_only=True):
    """Everything that an answer of the checkout says, amounts in minor units of `currency`."""

    currency: str
    subtotal: int
    item_discount: int
    shipping_amount: int
    shipping_discount: int
    shipping_cashback: int
    lines: list[PricedLine]
    gifts: list[PricedGift]
    applied: list[PricedOffer]
    codes: list[PricedCode]
    cashback: CashbackQuote
    nearly: list[PricedNearly]
    best: bool
    #: What promotions give on top of what the cashback rules earn.
    bonuses: list[Bonus] = []

    @property
    def bases(self) -> list[int]:
        """What each line comes to after discount and cashback: what it earns by."""
        return [line.subtotal - line.discount - line.cashback for line in self.lines]

    @property
    def shipping_total(self) -> int:
        """Left to pay for shipping."""
        return self.shipping_amount - self.shipping_discount - self.shipping_cashback

    @property
    def total(self) -> int:
        """Left to pay for everything."""
        return (
            self.subtotal
            - self.item_discount
            + self.shipping_amount
            - self.shipping_discount
            - self.cashback.spent
        )


def with_cashback(quote: Quote, cashback: CashbackQuote) -> PricedCart:
    """The quote with cashback spread over what is left to pay: the lines, then the shipping."""
    left = [line.subtotal - line.discount for line in quote.lines]
    left.append(quote.shipping_amount - quote.shipping_discount)
    *line_shares, shipping_share = allocate(cashback.spent, left)
    return PricedCart(
        currency=quote.currency,
        subtotal=quote.subtotal,
        item_discount=quote.item_discount,
        shipping_amount=quote.shipping_amount,
        shipping_discount=quote.shipping_discount,
        shipping_cashback=shipping_share,
        lines=[
            PricedLine(
                line.line_id,
                line.subtotal,
                line.discount,
                share,
                [(d.promotion_id, d.code, d.amount) for d in line.discounts],
            )
            for line, share in zip(quote.lines, line_shares, strict=True)
        ],
        gifts=[PricedGift(gift.sku, gift.quantity, gift.promotion_id) for gift in quote.gifts],
        applied=[
            PricedOffer(offer.promotion_id, offer.code, dict(offer.titles), offer.amount)
            for offer in quote.applied
        ],
        codes=[
            PricedCode(
                row.code,
                str(row.status),
                row.promotion_id,
                refused(row.refusal.code, row.refusal.params) if row.refusal else None,
            )
            for row in quote.codes
        ],
        cashback=cashback,
        bonuses=bonuses_of(quote),
        nearly=[
            PricedNearly(
                offer.promotion_id,
                dict(offer.titles),
                refused(offer.refusal.code, offer.refusal.params),
            )
            for offer in quote.nearly
        ],
        best=quote.best,
    )


def refused(code: str, params: Mapping[str, Any]) -> Refused:
    """A refusal of the promotions as it is kept."""
    return Refused(str(code), dict(params))


def discounts_of(priced: PricedCart) -> Sequence[tuple[str, int, int]]:
    """line_id, discount and cashback of each line: what an order keeps of its redemption."""
    return [(line.line_id, line.discount, line.cashback) for line in priced.lines]
