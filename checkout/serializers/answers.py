"""Answers of the checkout: a priced cart in the caller's language."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from checkout.domain.priced import PricedCart, PricedLine, Refused
from common.reasons import Language, describe


class ReasonResponse(Struct, frozen=True):
    """Why not: a code that never changes, and words for the customer."""

    code: str
    title: str
    detail: str
    params: dict[str, Any]


class DiscountResponse(Struct, frozen=True):
    """What one promotion took from a line, minor units."""

    promotion_id: str
    code: str | None
    amount: int


class LineResponse(Struct, frozen=True):
    """A line of the cart, minor units; `total` is what is left to pay for it."""

    line_id: str
    subtotal: int
    discount: int
    cashback: int
    total: int
    discounts: list[DiscountResponse]


class GiftResponse(Struct, frozen=True):
    """An item that is added free of charge."""

    sku: str
    quantity: int
    promotion_id: str


class AppliedResponse(Struct, frozen=True):
    """A promotion of the chosen combination; `amount` includes shipping."""

    promotion_id: str
    code: str | None
    title: str
    amount: int


class CodeStatusResponse(Struct, frozen=True):
    """What became of a code."""

    code: str
    status: Literal["applied", "inapplicable", "skipped"]
    promotion_id: str | None
    reason: ReasonResponse | None


class CashbackResponse(Struct, frozen=True):
    """Cashback at checkout, minor units."""

    #: The smaller of what is available and the total before cashback.
    spendable: int
    spent: int
    #: By the cashback rules and by bonuses of promotions; a guest earns nothing.
    earned: int
    available_at: Annotated[
        datetime | None,
        Meta(
            description="Null: what is earned is available days after payment or delivery is told."
        ),
    ]
    reason: ReasonResponse | None


class NearlyResponse(Struct, frozen=True):
    """A promotion that the cart only just misses."""

    promotion_id: str
    title: str
    reason: ReasonResponse


class PricedCartResponse(Struct, frozen=True, kw_only=True):
    """A priced cart, amounts in minor units of `currency`."""

    decision_id: str | None
    currency: str
    subtotal: int
    item_discount: int
    shipping_amount: int
    shipping_discount: int
    shipping_cashback: int
    shipping_total: int
    discount_total: int
    cashback_spent: int
    total: int
    lines: list[LineResponse]
    gifts: list[GiftResponse]
    applied: list[AppliedResponse]
    codes: list[CodeStatusResponse]
    cashback: CashbackResponse
    nearly: list[NearlyResponse]
    best: bool


class ReservationResponse(PricedCartResponse, frozen=True, kw_only=True):
    """A priced cart that is held until `expires_at`."""

    reservation_id: str
    status: Literal["active", "redeemed", "released", "expired"]
    expires_at: datetime


class RedemptionResponse(PricedCartResponse, frozen=True, kw_only=True):
    """A priced cart whose offers were used for an order."""

    redemption_id: str
    order_id: str
    status: Literal["redeemed", "cancelled"]
    reservation_id: str | None = None
    redeemed_at: datetime | None = None
    cancelled_at: datetime | None = None


class DecisionResponse(Struct, frozen=True):
    """Why a call was answered as it was."""

    decision_id: str
    kind: Literal["validate", "reserve", "redeem"]
    made_at: datetime
    decision: dict[str, Any] = field(default_factory=dict)


def priced_members(
    priced: PricedCart, *, decision_id: str | None, language: Language
) -> dict[str, Any]:
    """The members of `PricedCartResponse`."""
    return {
        "decision_id": decision_id,
        "currency": priced.currency,
        "subtotal": priced.subtotal,
        "item_discount": priced.item_discount,
        "shipping_amount": priced.shipping_amount,
        "shipping_discount": priced.shipping_discount,
        "shipping_cashback": priced.shipping_cashback,
        "shipping_total": priced.shipping_total,
        "discount_total": priced.item_discount + priced.shipping_discount,
        "cashback_spent": priced.cashback.spent,
        "total": priced.total,
        "lines": [_line(line) for line in priced.lines],
        "gifts": [
            GiftResponse(gift.sku, gift.quantity, gift.promotion_id) for gift in priced.gifts
        ],
        "applied": [
            AppliedResponse(offer.promotion_id, offer.code, offer.titles[language], offer.amount)
            for offer in priced.applied
        ],
        "codes": code_rows(priced, language=language),
        "cashback": cashback_row(priced, language=language),
        "nearly": [
            NearlyResponse(
                offer.promotion_id,
                offer.titles[language],
                _reason(offer.reason, priced.currency, language),
            )
            for offer in priced.nearly
        ],
        "best": priced.best,
    }


def code_rows(priced: PricedCart, *, language: Language) -> list[CodeStatusResponse]:
    """One row per code given."""
    return [
        CodeStatusResponse(
            row.code,
            row.status,  # type: ignore[arg-type]  # the domain's own three words
            row.promotion_id,
            _reason(row.reason, priced.currency, language) if row.reason else None,
        )
        for row in priced.codes
    ]


def cashback_row(priced: PricedCart, *, language: Language) -> CashbackResponse:
    """What cashback can do for this cart."""
    cashback = priced.cashback
    reason = None
    if cashback.reason is not None:
        spendable = {"spendable": cashback.spendable}
        reason = _reason(Refused(cashback.reason, spendable), priced.currency, language)
    return CashbackResponse(
        spendable=cashback.spendable,
        spent=cashback.spent,
        earned=cashback.earned,
        available_at=None,
        reason=reason,
    )


def _line(line: PricedLine) -> LineResponse:
    return LineResponse(
        line.line_id,
        line.subtotal,
        line.discount,
        line.cashback,
        line.subtotal - line.discount - line.cashback,
        [DiscountResponse(*discount) for discount in line.discounts],
    )


def _reason(refused: Refused, currency: str, language: Language) -> ReasonResponse:
    title, detail = describe(refused.code, refused.params, currency=currency, language=language)
    return ReasonResponse(refused.code, title, detail, refused.params)
