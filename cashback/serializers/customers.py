"""What a customer's cashback looks like from outside, and what the shop owes them all."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from cashback.actions.adjust import Adjusted
from cashback.actions.statement import StatementEntry
from cashback.domain.balances import Balance, Liability
from cashback.domain.booking import PostingKind
from common.errors import FieldError, ValidationFailed
from common.fields import Currency, Instant, ShopId, ShortText
from common.ids import public_id
from common.money import MAX_AMOUNT

#: Controls, ends of lines and paragraphs, and what turns the direction of writing (Unicode's Bidi_Control).
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class CustomerCashbackResponse(Struct, frozen=True):
    """What a customer has, in every currency in which there ever was something."""

    balances: list[Balance]


class CashbackEntryResponse(Struct, frozen=True, kw_only=True):
    """What one event did to one of the customer's accounts."""

    #: When it happened.
    at: datetime
    kind: PostingKind
    account: Literal["pending", "available", "held", "debt"]
    currency: Currency
    #: How the account's balance changed, minor units; `debt` grows by what is owed.
    amount: int
    #: Of that account.
    balance_after: int
    #: The order that it came with, was spent on, or went back with.
    order_id: str | None
    #: The rule that it was earned by.
    rule_id: str | None
    #: The promotion whose bonus it is.
    promotion_id: str | None
    #: Why staff gave or took it.
    reason: str | None
    #: When what came in with it expires, if it is not spent; null until that is known.
    expires_at: datetime | None


def entry_response(row: StatementEntry) -> CashbackEntryResponse:
    """The entry as its answer."""
    told = {
        name: getattr(row.entry, name)
        for name in CashbackEntryResponse.__struct_fields__
        if name != "currency"
    }
    return CashbackEntryResponse(currency=row.currency, **told)


class AdjustCashbackRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cashback that is given or taken by hand."""

    customer_id: ShopId
    currency: Currency
    #: Minor units; below zero it is taken from what is available.
    amount: Annotated[int, Meta(ge=-MAX_AMOUNT, le=MAX_AMOUNT, examples=[500])]
    #: Why; the customer reads it in the statement.
    reason: Annotated[ShortText, Meta(min_length=1)]
    #: Until when what is given may be spent; null: the end of the day in 365 days.
    expires_at: Instant | None = None

    def check(self) -> None:
        """Raises:
        ValidationFailed: the reason is blank, or no plain line.
        """
        if _NOT_IN_A_LINE.search(self.reason):
            detail = "A reason of one line, without control characters."
            raise ValidationFailed(errors=[FieldError("/reason", "invalid", detail)])
        if not self.reason.strip():
            error = FieldError("/reason", "required", "A reason that can be read.")
            raise ValidationFailed(errors=[error])


class AdjustmentResponse(Struct, frozen=True, kw_only=True):
    """An adjustment, and what the customer has in its currency then."""

    adjustment_id: Annotated[str, Meta(pattern="^adj_[0-9a-f]{32}$")]
    customer_id: ShopId
    currency: Currency
    amount: int
    reason: str
    #: Until when what was given may be spent; null where it was taken, or repaid debt.
    expires_at: datetime | None
    created_at: datetime
    pending: int
    available: int
    held: int
    debt: int


def adjustment_response(
    request: AdjustCashbackRequest, adjusted: Adjusted, *, adjustment_id: UUID, now: datetime
) -> AdjustmentResponse:
    """What was done, as its answer."""
    return AdjustmentResponse(
        adjustment_id=public_id("adj", adjustment_id),
        customer_id=request.customer_id,
        currency=request.currency,
        amount=request.amount,
        reason=request.reason,
        expires_at=adjusted.expires_at,
        created_at=now,
        **adjusted.balances._asdict(),
    )


class LiabilityResponse(Struct, frozen=True):
    """What the shop owes its customers: always the sum of what they are told."""

    currencies: list[Liability]
