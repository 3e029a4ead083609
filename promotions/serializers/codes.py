"""Codes: what a call may say of them, and their answer."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.fields import NO_NUL, Instant, ShopId
from common.ids import public_id
from promotions.models import Code
from promotions.queries.codes import effective_limit

CodeStatus = Literal["active", "disabled"]

_Spelling = Annotated[
    str,
    NO_NUL,
    Meta(
        min_length=4,
        max_length=200,
        description="4-64 letters and digits; case, spaces and hyphens make no difference.",
        examples=["SPRING-7KQ2"],
    ),
]
_Uses = Annotated[int, Meta(ge=1, le=10**9)]


class IssueCodeRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One code. Without `code` one is drawn by chance; with a `customer_id` it is personal."""

    code: _Spelling | None = None
    customer_id: ShopId | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    max_redemptions: _Uses | None = None


class ChangeCodeRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What of a code can be changed."""

    status: CodeStatus = "active"
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    max_redemptions: _Uses | None = None


class CodeResponse(Struct, frozen=True, kw_only=True):
    """A code. `max_redemptions` is its own limit, `limit` the one in force (null: none)."""

    code: str
    promotion_id: str
    #: Its holder, where it is personal.
    customer_id: str | None
    batch_id: str | None
    status: CodeStatus
    valid_from: datetime | None
    valid_until: datetime | None
    max_redemptions: int | None
    limit: int | None
    used: int
    #: Uses that open checkouts hold.
    held: int
    created_at: datetime


def code_response(code: Code) -> CodeResponse:
    """The code as its answer; reads nothing that `queries.codes` has not read."""
    return CodeResponse(
        code=code.spelling,
        promotion_id=code.promotion.reference,
        customer_id=code.customer.reference if code.customer else None,
        batch_id=public_id("bat", code.batch.batch_id) if code.batch else None,
        status=code.status,  # type: ignore[arg-type]  # held by the column's choices
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        max_redemptions=code.max_redemptions,
        limit=effective_limit(code),
        used=code.used,
        held=code.held,
        created_at=code.created_at,
    )
