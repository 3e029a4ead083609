"""Whether anybody is in an audience at this moment."""

from collections.abc import Sequence
from datetime import datetime

from django.db import OperationalError

from customers.domain.rules import Group, Leaf, Negation, Rule
from customers.queries.preview import within
from customers.queries.segment_book import SegmentBook
from customers.queries.segment_sql import members_sql

#: Longer nobody waits for an answer that is only advice; in milliseconds.
PATIENCE_MS = 500


def is_empty_audience(
    *,
    segments: Sequence[str],
    exclude_segments: Sequence[str],
    book: SegmentBook,
    now: datetime,
) -> bool | None:
    """Whether nobody is in any of `segments` and in none of `exclude_segments`; None where finding
    out would take too long.
    """
    parts: list[Rule] = [_in(segments)]
    if exclude_segments:
        parts.append(Negation(_in(exclude_segments)))
    members = members_sql(Group("all", tuple(parts)), book.by_reference)
    try:
        (is_empty,) = within(PATIENCE_MS, f"SELECT NOT EXISTS ({members})", {"now": now})
    except OperationalError:
        return None
    return bool(is_empty)


def _in(references: Sequence[str]) -> Leaf:
    return Leaf("", "segment", "in", list(references), None)
