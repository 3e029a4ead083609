"""What segments look like from outside."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.errors import FieldError, ValidationFailed
from common.fields import NO_NUL, ShopId
from customers.models import Segment

MAX_MEMBERS = 1_000_000


class PutSegmentRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment. A static one is the list of customers that the shop sends."""

    name: Annotated[str, NO_NUL, Meta(min_length=1, max_length=255)]
    kind: Literal["static", "dynamic"] = "static"
    rule: Any = None


class SegmentResponse(Struct, frozen=True, kw_only=True):
    """A segment; its members are as of `evaluated_at`."""

    segment_id: str
    name: str
    kind: Literal["static", "dynamic"]
    rule: Any
    member_count: int
    evaluated_at: datetime


class PutMembersRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole list; duplicates are harmless."""

    customer_ids: Annotated[list[ShopId], Meta(max_length=MAX_MEMBERS)]


class MemberResponse(Struct, frozen=True):
    """A customer in a segment, and since when."""

    customer_id: str
    since: datetime


class SegmentOfCustomerResponse(Struct, frozen=True):
    """A segment that the customer is in."""

    segment_id: str
    name: str


def check_static(asked: PutSegmentRequest) -> None:
    """Only lists are kept so far.

    Raises:
        ValidationFailed
    """
    if asked.kind != "static":
        raise ValidationFailed(
            errors=[FieldError("/kind", "invalid", "Only static segments are offered.")]
        )
    if asked.rule is not None:
        raise ValidationFailed(
            errors=[FieldError("/rule", "invalid", "A static segment has no rule.")]
        )


def segment_request(segment: Segment) -> dict[str, Any]:
    """The segment as `PUT` takes it."""
    return {"name": segment.name, "kind": segment.kind, "rule": segment.rule}


def segment_response(segment: Segment) -> SegmentResponse:
    """The segment as an answer."""
    return SegmentResponse(
        segment_id=segment.reference,
        name=segment.name,
        kind=segment.kind,  # type: ignore[arg-type]  # held by the column's choices
        rule=segment.rule,
        member_count=segment.member_count,
        evaluated_at=segment.evaluated_at,
    )
