"""Bodies and answers of returns."""

from typing import Annotated

from msgspec import Meta, Struct

from common.fields import ShopId


class ReturnLineRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Units of one line that come back."""

    line_id: ShopId
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class ReturnRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What comes back; `lines` may be empty only if shipping is refunded."""

    return_id: ShopId
    lines: Annotated[list[ReturnLineRequest], Meta(max_length=1000)] = []
    refund_shipping: bool = False


class ReturnedLineResponse(Struct, frozen=True):
    """Units of one line, and the money for them."""

    line_id: str
    quantity: int
    refund_amount: int


class ReturnResponse(Struct, frozen=True, kw_only=True):
    """What a return gives back, minor units; `refund_amount` goes to the card."""

    return_id: str
    order_id: str
    refund_amount: int
    discount_reversed: int
    shipping_refunded: int
    #: What had paid for it, shipping's share included.
    cashback_restored: int
    #: What it had earned.
    cashback_reversed: int
    #: Of that, what is owed from later credit.
    cashback_debt: int
    #: Of that, what went off the refund.
    clawback_offset: int
    codes_restored: list[str]
    conditions_no_longer_met: list[str]
    lines: list[ReturnedLineResponse]
