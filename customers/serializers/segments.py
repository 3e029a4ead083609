"""What segments look like from outside."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from common.errors import FieldError, ValidationFailed
from common.fields import NO_NUL, ShopId
from customers.models import Segment
from customers.queries.segments import ExplainedLeaf

MAX_MEMBERS = 1_000_000

GivenRule = Annotated[
    dict[str, Any],
    Meta(
        description=(
            'A tree: `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}` or a condition with `field`, '
            "`op`, `value` and the field's options; at most 5 deep and 50 conditions."
        ),
        examples=[
            {
                "all": [
                    {"field": "customer.country", "op": "in", "value": ["DE", "AT"]},
                    {"field": "orders.count", "op": "gte", "value": 3, "within_days": 365},
                ]
            }
        ],
    ),
]


class PutSegmentRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment: a static one is the list of customers that the shop sends, a dynamic one has a rule."""

    name: Annotated[str, NO_NUL, Meta(min_length=1, max_length=255)]
    kind: Literal["static", "dynamic"] = "static"
    rule: GivenRule | None = None


class PreviewRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule to try."""

    rule: GivenRule


class PreviewResponse(Struct, frozen=True):
    """How many customers a rule holds of, and up to ten of them."""

    count: int
    is_estimate: bool
    sample: list[str]


class ExplainedLeafResponse(Struct, frozen=True):
    """A condition of a rule and what was found for the customer: null where a value is missing."""

    #: Where it stands in the rule.
    pointer: str
    field: str
    op: str
    value: Any
    options: dict[str, Any]
    found: Any
    holds: bool


class ExplainResponse(Struct, frozen=True):
    """Whether a customer is in a segment, and why."""

    segment_id: str
    customer_id: str
    is_member: bool
    leaves: list[ExplainedLeafResponse]


class SegmentResponse(Struct, frozen=True, kw_only=True):
    """A segment; its members are as of `evaluated_at`."""

    segment_id: str
    name: str
    kind: Literal["static", "dynamic"]
    rule: dict[str, Any] | None
    member_count: int
    #: Null: a new rule, nobody has been looked for yet.
    evaluated_at: datetime | None


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


def check_kind(asked: PutSegmentRequest) -> None:
    """A rule belongs to a dynamic segment, and to every one of them.

    Raises:
        ValidationFailed
    """
    if asked.kind == "static" and asked.rule is not None:
        raise ValidationFailed(
            errors=[FieldError("/rule", "not_allowed", "A static segment has no rule.")]
        )
    if asked.kind == "dynamic" and asked.rule is None:
        raise ValidationFailed(
            errors=[FieldError("/rule", "required", "A dynamic segment has a rule.")]
        )


def explained_leaf(explained: ExplainedLeaf) -> ExplainedLeafResponse:
    """A condition with what was found."""
    leaf = explained.leaf
    options = msgspec.to_builtins(leaf.options)
    return ExplainedLeafResponse(
        pointer=leaf.pointer.removeprefix("/rule"),
        field=leaf.field,
        op=leaf.op,
        value=leaf.value,
        options={name: value for name, value in options.items() if value is not None},
        found=explained.found,
        holds=explained.holds,
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
