"""Clocks on walls: which instant a local time is, and when quiet hours are over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.errors import FieldError
from common.schedule import Window, instant_of
from common.zones import known_time_zones

#: In place of a campaign's time zone: each customer's own.
OF_CUSTOMER = "customer"

_DAY = timedelta(days=1)
_EVERY_DAY = frozenset(range(1, 8))


def instant_at(day: date, at: time, *, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which clocks in `zone` show that time of that day.

    A time that does not exist moves to the next that does; of one that occurs twice the first counts.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> instant_at(date(2026, 3, 29), time(2, 30), zone=berlin).isoformat()
    '2026-03-29T01:00:00+00:00'
    >>> instant_at(date(2026, 10, 25), time(2, 30), zone=berlin).isoformat()
    '2026-10-25T00:30:00+00:00'
    """
    return instant_of(datetime.combine(day, at), zone=zone, last=False)


def end_of_validity(days: int, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The end (UTC) of the day so many days from now, by the clocks of `zone`.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    >>> end_of_validity(7, now=noon, zone=ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-17T23:00:00+00:00'
    """
    last = now.astimezone(zone).date() + timedelta(days=days)
    return instant_at(last + _DAY, time.min, zone=zone)


def after_quiet_hours(
    instant: datetime, *, quiet_from: time, quiet_until: time, zone: ZoneInfo
) -> datetime:
    """The instant itself, or the end (UTC) of the quiet hours in which it lies by the clocks of `zone`.

    They include their start, exclude their end, and may go over midnight; from and until the same: there
    are none. When clocks go back a quiet time never ends between two readings of its own end: it begins
    with the first `quiet_from` and ends with the last `quiet_until`, so that no clock ever shows a quiet
    time when something is sent. An end that does not exist is the next time that does.

    >>> from datetime import UTC
    >>> night = {"quiet_from": time(21), "quiet_until": time(8), "zone": ZoneInfo("Europe/Berlin")}
    >>> after_quiet_hours(datetime(2026, 7, 1, 20, 30, tzinfo=UTC), **night).isoformat()
    '2026-07-02T06:00:00+00:00'
    >>> after_quiet_hours(datetime(2026, 7, 1, 12, tzinfo=UTC), **night).isoformat()
    '2026-07-01T12:00:00+00:00'
    """
    if quiet_from == quiet_until:
        return instant
    window = Window(days=_EVERY_DAY, opens=quiet_from, closes=quiet_until)
    # Where next to nothing is left between two quiet times, a change of the clocks may swallow it.
    while (end := _end_of_quiet(instant, window, zone=zone)) is not None:
        instant = end
    return instant


def is_time_zone(name: str) -> bool:
    """Whether it is a name of the IANA database.

    >>> is_time_zone("Europe/Berlin"), is_time_zone("Europe/berlin"), is_time_zone("customer")
    (True, False, False)
    """
    return name in known_time_zones()


def timezone_errors(timezone: str) -> list[FieldError]:
    """What is wrong with a campaign's `timezone`: `customer` or a name of the IANA database.

    >>> timezone_errors("customer"), [wrong.code for wrong in timezone_errors("Mars/Olympus")]
    ([], ['unknown_time_zone'])
    """
    if timezone == OF_CUSTOMER or is_time_zone(timezone):
        return []
    detail = '"customer", or an IANA time zone: Europe/Berlin.'
    return [FieldError("/timezone", "unknown_time_zone", detail)]


def zone_for(*, campaign: str, customer: str, shop: ZoneInfo) -> ZoneInfo:
    """By whose clocks a customer gets a campaign: the campaign's, or the customer's, or else the shop's.

    `customer` is the customer's time zone, "" where it is not known.

    >>> shop = ZoneInfo("Europe/Berlin")
    >>> zone_for(campaign="customer", customer="Asia/Tokyo", shop=shop).key
    'Asia/Tokyo'
    >>> zone_for(campaign="customer", customer="", shop=shop).key
    'Europe/Berlin'
    >>> zone_for(campaign="Europe/London", customer="Asia/Tokyo", shop=shop).key
    'Europe/London'
    """
    name = customer if campaign == OF_CUSTOMER else campaign
    return ZoneInfo(name) if is_time_zone(name) else shop


def _end_of_quiet(instant: datetime, window: Window, *, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet time in which the instant lies; None where it lies in none."""
    for opens, closes in _nights(instant.astimezone(zone).date(), window, zone=zone):
        if opens <= instant < closes:
            return closes
    return None


def _nights(today: date, window: Window, *, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """A quiet time lasts a day at most, so one that is now began today or yesterday."""
    for day in (today - _DAY, today):
        if (night := window.on(day, zone=zone)) is not None:
            yield night
