"""Reads: segments and who is in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import F

from customers.domain.rules import Leaf, leaves_of
from customers.models import Segment, SegmentMember
from customers.queries.segment_book import SegmentBook, current_segments
from customers.queries.segment_sql import (
    SegmentDefinition,
    leaves_of_one_sql,
    segments_of_one_sql,
)

#: So many segments' rules stand in one statement.
_ASKED_TOGETHER = 100


def segment_by_reference(reference: str, *, lock: bool = False) -> Segment | None:
    """The segment with this id of the shop's; `lock` holds the row until the transaction ends."""
    rows = Segment.objects.filter(reference=reference)
    return (rows.select_for_update(no_key=True) if lock else rows).first()


def segments_page(*, after: str | None, limit: int) -> list[Segment]:
    """The next segments by id, one more than `limit`."""
    rows = Segment.objects.order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])


def segments_named(references: Collection[str]) -> list[Segment]:
    """Those of the segments that there are."""
    return list(Segment.objects.filter(reference__in=references)) if references else []


def members_keys(*, segment_key: int, after: int, limit: int) -> list[int]:
    """The keys of the next members, in order; `after` is the last key seen, 0 at first."""
    rows = SegmentMember.objects.filter(segment_id=segment_key, customer_id__gt=after)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True)[:limit])


def members_page(*, segment_key: int, after: int, limit: int) -> list[tuple[int, str, datetime]]:
    """Key, id and the beginning of the next memberships, one more than `limit`."""
    rows = SegmentMember.objects.filter(segment_id=segment_key, customer_id__gt=after)
    shown = rows.order_by("customer_id").annotate(reference=F("customer__reference"))
    return list(shown.values_list("customer_id", "reference", "since")[: limit + 1])


def segments_of_customer(
    *, customer_key: int, after: str | None, limit: int, now: datetime
) -> list[tuple[str, str]]:
    """Id and name of the next segments, by id, that the customer is in at `now`, one more than
    `limit`. Rules are evaluated live.
    """
    book = current_segments()
    known = sorted(name for name in book.by_reference if after is None or name > after)
    found: list[str] = []
    while known and len(found) <= limit:
        asked, known = known[:_ASKED_TOGETHER], known[_ASKED_TOGETHER:]
        found += segments_of_one(asked, book=book, customer_key=customer_key, now=now)
    found = found[: limit + 1]
    rows = Segment.objects.filter(reference__in=found).order_by("reference")
    return list(rows.values_list("reference", "name"))


def segments_of_one(
    references: Sequence[str], *, book: SegmentBook, customer_key: int, now: datetime
) -> list[str]:
    """Those of the segments that the customer is in at `now`, in their order."""
    sql = segments_of_one_sql(references, book.by_reference, customer="%(customer)s")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"customer": customer_key, "now": now})
        row = cursor.fetchone()
    return list(row[0]) if row else []


class ExplainedLeaf(NamedTuple):
    """A condition with the value found for a customer, None where it is missing."""

    leaf: Leaf
    found: Any
    holds: bool


class Explained(NamedTuple):
    """Whether a customer is in a segment, and every condition of its rule."""

    is_member: bool
    leaves: Sequence[ExplainedLeaf]


def explain_segment(
    *, segment: SegmentDefinition, book: SegmentBook, customer_key: int, now: datetime
) -> Explained:
    """Why the customer is in the segment, or is not, evaluated live; a static one has no conditions."""
    leaves = list(leaves_of(segment.rule)) if segment.rule is not None else []
    inside = segments_of_one([segment.reference], book=book, customer_key=customer_key, now=now)
    if not leaves:
        return Explained(bool(inside), [])
    with connection.cursor() as cursor:
        cursor.execute(
            leaves_of_one_sql(leaves, book.by_reference), {"customer": customer_key, "now": now}
        )
        row = cursor.fetchone()
    pairs = list(zip(row[::2], row[1::2], strict=True))
    return Explained(
        bool(inside),
        [
            ExplainedLeaf(leaf, msgspec.json.decode(found) if found is not None else None, holds)
            for leaf, (found, holds) in zip(leaves, pairs, strict=True)
        ],
    )
