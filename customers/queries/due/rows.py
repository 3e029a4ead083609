"""What a SELECT of due customers is, and its window.

Columns: `customer_id`, `occurrence` (a text that is the same whenever the same is found), `local_date` or
`at` (the other is null), `subject` (the key of the row that it is about, or null). Nobody who was erased is
among them.

Its window is told by two instants, `%(since)s` (excluded) and `%(until)s` (included). What is due at an
instant is found in one window of those that follow each other. What is due on a local day is found in all
that touch this day anywhere on Earth: from the day before `since` to that of `until` at its earliest place.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings

#: The days of the window, both included.
FIRST_DAY = "((%(since)s::timestamptz AT TIME ZONE 'UTC')::date - 1)"
LAST_DAY = "((%(until)s::timestamptz AT TIME ZONE 'UTC') + interval '14 hours')::date"
SHOP_ZONE = "%(shop_zone)s::text"
#: Where the row `customer` is.
CUSTOMER_ZONE = f"coalesce(nullif(customer.timezone, ''), {SHOP_ZONE})"


class DueRows(NamedTuple):
    """The SELECT, and its parameters but those of the window."""

    sql: str
    binds: Mapping[str, Any]


def shop_zone() -> Mapping[str, str]:
    """The parameter of `SHOP_ZONE`."""
    return {"shop_zone": settings.SHOP_TIME_ZONE}


def is_within(column: str, delay: str | None = None) -> str:
    """The condition that the column's instant, after a `delay` (SQL of an interval), is in the window."""
    later = f" - {delay}" if delay else ""
    return f"{column} > %(since)s::timestamptz{later} AND {column} <= %(until)s::timestamptz{later}"


def is_on_days(day: str, *, offset: str) -> str:
    """The condition that the day, moved back by so many days (SQL of a number), is in the window."""
    return f"{day} - {offset} BETWEEN {FIRST_DAY} AND {LAST_DAY}"


def is_near_days(column: str, *, offset: str) -> str:
    """The same of an instant, wherever its day is read: a condition for an index, a day too wide."""
    return (
        f"{column} >= ({FIRST_DAY} + {offset} - 1)::timestamp AT TIME ZONE 'UTC'"
        f" AND {column} < ({LAST_DAY} + {offset} + 2)::timestamp AT TIME ZONE 'UTC'"
    )


def last_day(ends_at: str, *, zone: str) -> str:
    """The last day of what ends at an instant that is excluded."""
    return f"(({ends_at} - interval '1 microsecond') AT TIME ZONE {zone})::date"
