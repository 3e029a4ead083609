"""How many customers a rule holds of, within a time that people wait for."""

import random
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction

from customers.domain.rules import Rule
from customers.queries.segment_book import SegmentBook
from customers.queries.segment_sql import members_sql, sampled_sql

#: What counting everybody may take, in milliseconds, and what an estimate may take in all.
EXACT_MS = 800
ESTIMATE_MS = 600
SAMPLE = 10
_FIRST_DRAW = 100
_GROWTH = 10
_CAUTION = 0.7


class Preview(NamedTuple):
    """A count, exact unless it is marked, and some of those counted (the shop's ids)."""

    members: int
    is_estimate: bool
    sample: Sequence[str]


def preview(rule: Rule, *, book: SegmentBook, now: datetime) -> Preview:
    """Count everybody, or estimate from a sample where that takes too long."""
    members = members_sql(rule, book.by_reference)
    try:
        count, sample = within(EXACT_MS, _COUNT.replace("{members}", members), {"now": now})
    except OperationalError:
        return _estimate(rule, book=book, now=now)
    return Preview(count, is_estimate=False, sample=sample)


# Braces of rules are escaped in their literals.
_COUNT = f"""
    WITH found AS MATERIALIZED ({{members}}), first AS (SELECT id FROM found ORDER BY id LIMIT {SAMPLE})
    SELECT (SELECT count(*) FROM found), ARRAY(
        SELECT customer.reference FROM first JOIN customers_customer AS customer USING (id)
        ORDER BY id)"""


def _estimate(rule: Rule, *, book: SegmentBook, now: datetime) -> Preview:
    """By customers drawn at random: a small draw, then as large ones as the time that is left allows."""
    sql = sampled_sql(rule, book.by_reference, shown=SAMPLE)
    everybody, keys = _customers()
    looked_at, hits = 0, 0
    sample: list[str] = []
    end, draw = time.monotonic() + ESTIMATE_MS / 1000, _FIRST_DRAW
    while draw and (left := end - time.monotonic()) > 0:
        # Every call draws others; what one of them misses the next may find.
        drawn = random.sample(keys, min(draw, len(keys)))
        try:
            seen, found, some = within(int(left * 1000) + 1, sql, {"now": now, "drawn": drawn})
        except OperationalError:
            break
        looked_at, hits = looked_at + seen, hits + found
        sample = [*sample, *(some or ())][:SAMPLE]
        took, left = left - (end - time.monotonic()), end - time.monotonic()
        # What would not be ready in time would be lost.
        draw = int(draw * min(_GROWTH, _CAUTION * left / took))
    count = round(everybody * hits / looked_at) if looked_at else 0
    return Preview(count, is_estimate=True, sample=sample)


def _customers() -> tuple[int, range]:
    """About how many there are, and where their keys lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT reltuples::bigint FROM pg_class WHERE oid = 'customers_customer'::regclass),"
            " coalesce(min(id), 0), coalesce(max(id), -1) FROM customers_customer"
        )
        rows, first, last = cursor.fetchone()
    keys = range(first, last + 1)
    return (rows if rows >= 0 else len(keys)), keys


def within(milliseconds: int, sql: str, binds: dict[str, Any]) -> tuple[Any, ...]:
    """The one row of a statement.

    Raises:
        OperationalError: it took longer.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
            [f"{milliseconds}ms"],
        )
        before, _ = cursor.fetchone()
        cursor.execute(sql, binds)
        row: tuple[Any, ...] = cursor.fetchone()
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    return row
