"""What the segments are, kept in each process and renewed the moment their stamp has moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import msgspec
from django.db import connection

from customers.domain.rules import Rule
from customers.queries.rules import read_rule
from customers.queries.segment_sql import SegmentDefinition, segments_of_one_sql

#: A scalar for the one statement of a checkout call: the version of all segments.
STAMP = "(SELECT version FROM customers_segmentstamp WHERE id = 1)"


@dataclass(frozen=True, slots=True, eq=False)
class SegmentBook:
    """All segments as of one value of the stamp; never changed, only replaced."""

    stamp: int = 0
    by_reference: Mapping[str, SegmentDefinition] = field(default_factory=dict)


_NONE = SegmentBook()
_book = _NONE
_renewing = Lock()


def known_segments() -> SegmentBook:
    """What this process knows; perhaps stale, so compare its stamp with the database's."""
    return _book


def segments_at(stamp: int) -> SegmentBook:
    """The segments at `stamp` or newer: one statement if the stamp has moved, none otherwise."""
    global _book
    if stamp == 0:
        # A shop without segments: what was known is of another database.
        _book = _NONE
    elif _book.stamp < stamp:
        with _renewing:
            if _book.stamp < stamp:
                _book = read_segments()
    return _book


def current_segments() -> SegmentBook:
    """The segments of this moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce({STAMP}, 0)")
        return segments_at(cursor.fetchone()[0])


def read_segments() -> SegmentBook:
    """The segments as the caller's transaction sees them. Stamp and segments are of one instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce({STAMP}, 0), segment.id, segment.reference, segment.rule
            FROM (VALUES (1)) AS one (row) LEFT JOIN customers_segment AS segment ON true
            """
        )
        rows = cursor.fetchall()
    return SegmentBook(
        stamp=rows[0][0],
        by_reference={
            reference: SegmentDefinition(key, reference, _rule(rule))
            for _, key, reference, rule in rows
            if key is not None
        },
    )


@lru_cache(maxsize=10_000)
def _rule(text: str | None) -> Rule | None:
    """A rule that was read before it was kept."""
    return read_rule(msgspec.json.decode(text)) if text is not None else None


@lru_cache(maxsize=100)
def audience_sql(book: SegmentBook, references: tuple[str, ...]) -> str:
    """A scalar for the one statement of a checkout call: which of these the customer `who` is in.

    An array of the shop's ids; null for a guest and for a stranger. Evaluates rules live, at `now`.
    """
    if not references:
        return "NULL::text[]"
    one = segments_of_one_sql(references, book.by_reference, customer="(SELECT id FROM who)")
    return f"({one})"
