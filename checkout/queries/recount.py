"""Recounting: the roll-ups against the redemptions, returns and decisions that they count.

What is not counted yet is added to what the roll-ups say, so that nobody need stop for a recount.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from checkout.queries.contributions import (
    FIGURES,
    RECOUNTED_REDEMPTIONS,
    UNCOUNTED_CALLS,
    UNCOUNTED_REDEMPTIONS,
    calls,
)

#: Decisions are kept for 90 days, in whole weeks.
PROVABLE = timedelta(days=83)

_UNCOUNTED = "WITH uncounted AS (SELECT * FROM checkout_uncounted)"
_NAMES = ", ".join(FIGURES)


def _sides(names: list[str]) -> str:
    """For each figure what was found and what is right."""
    return ", ".join(
        f"coalesce(found.{name}, 0)::bigint, coalesce(counted.{name}, 0)::bigint" for name in names
    )


def _differ(names: list[str]) -> str:
    return " OR ".join(
        f"coalesce(found.{name}, 0) <> coalesce(counted.{name}, 0)" for name in names
    )


_REDEMPTIONS = f"""
    {_UNCOUNTED}
    SELECT promotion_id, day, currency, {_sides(list(FIGURES))}
    FROM (
        SELECT promotion_id, day, currency, {", ".join(f"sum({name}) AS {name}" for name in FIGURES)}
        FROM (SELECT promotion_id, day, currency, {_NAMES} FROM checkout_promotionday
            UNION ALL SELECT promotion_id, day, currency, {_NAMES}
            FROM ({UNCOUNTED_REDEMPTIONS}) AS coming) AS part
        GROUP BY promotion_id, day, currency
    ) AS found
    FULL JOIN ({RECOUNTED_REDEMPTIONS}) AS counted USING (promotion_id, day, currency)
    WHERE {_differ(list(FIGURES))}
    ORDER BY promotion_id, day, currency
"""

_CALL = "promotion_id, day, week, kind, outcome"
_CALLS = f"""
    {_UNCOUNTED}
    SELECT {_CALL}, {_sides(["calls"])}
    FROM (
        SELECT {_CALL}, sum(calls) AS calls
        FROM (SELECT {_CALL}, calls FROM checkout_callday
            UNION ALL SELECT {_CALL}, calls FROM ({UNCOUNTED_CALLS}) AS coming) AS part
        WHERE week >= %(since)s GROUP BY {_CALL}
    ) AS found
    FULL JOIN ({calls("SELECT * FROM checkout_decision WHERE made_at >= %(since_instant)s")})
        AS counted USING ({_CALL})
    WHERE {_differ(["calls"])}
    ORDER BY {_CALL}
"""

#: The key of a row, and found and right value of each of its figures in turn.
Difference = tuple[Any, ...]


def redemption_differences() -> list[Difference]:
    """Rows that differ: promotion_id, day, currency; found and counted of each of `FIGURES`."""
    return _read(_REDEMPTIONS, {})


def call_differences(*, now: datetime) -> list[Difference]:
    """Rows that differ: promotion_id, day, week, kind, outcome; calls found and counted.

    Of the weeks whose decisions are all still kept at the real instant `now`.
    """
    since = provable_since(now)
    return _read(_CALLS, {"since": since, "since_instant": f"{since}T00:00:00Z"})


def provable_since(now: datetime) -> date:
    """The first Monday whose week is wholly kept."""
    day = (now - PROVABLE).date()
    return day + timedelta(days=-day.weekday() % 7)


def _read(statement: str, parameters: dict[str, Any]) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"zone": settings.SHOP_TIME_ZONE, **parameters})
        return cursor.fetchall()
