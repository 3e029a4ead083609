"""What rules must know of a customer whose order earns without being priced."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from msgspec import Struct

from cashback.domain.earning import month_of
from cashback.queries import facts as cashback
from cashback.queries.facts import CashbackFacts
from cashback.queries.rule_book import RuleBook
from cashback.queries.shop import shop_zone
from common.statements import value_array
from customers.queries.segment_book import (
    STAMP,
    SegmentBook,
    audience_sql,
    known_segments,
    segments_at,
)


class EarningFacts(Struct, frozen=True):
    """The customer's segments, of those that rules ask for, and what capped rules gave this month."""

    segments: frozenset[str] = frozenset()
    cashback: CashbackFacts = CashbackFacts()


def earning_facts(
    *, customer_key: int, currency: str, rules: RuleBook, now: datetime
) -> EarningFacts:
    """Read once; no statement where no rule asks for anything."""
    if not rules.segments and not rules.capped:
        return EarningFacts()
    begins, ends = month_of(now, zone=shop_zone())
    parameters: dict[str, Any] = {
        "customer_key": customer_key,
        "currency": currency,
        "capped": value_array(rules.capped),
        "month_begins": begins,
        "month_ends": ends,
        "now": now,
    }
    book = known_segments()
    for _ in range(3):
        with connection.cursor() as cursor:
            cursor.execute(_sql(book, rules.segments), parameters)
            stamp, member_of, given = cursor.fetchone()
        current = segments_at(stamp or 0)
        if current is book:
            break
        book = current
    return EarningFacts(frozenset(member_of or ()), cashback.parse(rules.stamp, None, given))


@lru_cache(maxsize=100)
def _sql(book: SegmentBook, asked: tuple[str, ...]) -> str:
    return f"""
        WITH who AS (SELECT %(customer_key)s::bigint AS id)
        SELECT {STAMP}, {audience_sql(book, asked)}, {cashback.GIVEN}"""
