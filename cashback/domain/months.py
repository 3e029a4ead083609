"""Calendar months by the shop's clocks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cashback.domain.earning import month_of


def month_named(text: str, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month "2026-03" by the clocks of `zone`: its first instant, and the next month's.

    >>> [i.isoformat() for i in month_named("2026-03", zone=ZoneInfo("Europe/Berlin"))]
    ['2026-03-01T00:00:00+01:00', '2026-04-01T00:00:00+02:00']
    """
    year, _, month = text.partition("-")
    return month_of(datetime(int(year), int(month), 15, tzinfo=zone), zone=zone)
