"""When credit comes and goes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

RESTORED_DAYS = 30


def matures_at(told_at: datetime, pending_days: int) -> datetime:
    """ "`delivered_at` (or, if never told, `paid_at`) plus `pending_days`." """
    # Silent: days of 24 hours, as the contract counts days elapsed everywhere else; only expiry
    # goes by the shop's calendar.
    return told_at.astimezone(UTC) + timedelta(days=pending_days)


def end_of_day(available_at: datetime, days: int, shop_zone: str) -> datetime:
    """ "The end, in the shop's time zone, of the available day plus `expires_after_days`": the
    first instant that is not of that day any more.

    >>> end_of_day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 0, "Europe/Berlin").isoformat()
    '2026-03-29T22:00:00+00:00'
    """
    zone = ZoneInfo(shop_zone)
    after = available_at.astimezone(zone).date() + timedelta(days=days + 1)
    # Where midnight does not exist, this is the instant of the jump; where it comes twice, the
    # first: "local times that do not exist move to the next that does, those that occur twice
    # happen once".
    return datetime.combine(after, time(), tzinfo=zone).astimezone(UTC)


def month_of(at: datetime, shop_zone: str) -> tuple[int, int]:
    """The calendar month of `max_per_customer_month`."""
    # Silent: in the shop's time zone, as expiry.
    local = at.astimezone(ZoneInfo(shop_zone))
    return local.year, local.month
