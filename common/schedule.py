"""When something runs: a period, and within it weekly windows by the clock on the wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field

from common.errors import FieldError
from common.fields import Instant, spelled
from common.instants import offset_errors
from common.zones import known_time_zones

_WallClock = Annotated[
    str,
    spelled(
        r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)",
        "A time of day from 00:00 to 23:59.",
        description="Time of day, 00:00 to 23:59.",
        examples=["17:00"],
    ),
]
_Zone = Annotated[
    str,
    spelled(r"^[A-Za-z0-9_+/-]+$(?!\n)", "An IANA time zone: Europe/Berlin.", max_length=64),
]
_DAY = timedelta(days=1)
# Room enough for every time zone around an instant.
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 9000


class WeeklyWindow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Open on these days (ISO 8601: 1 Monday to 7 Sunday) between two times of day.

    An `until` at or before `from` ends on the next day.
    """

    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    from_: _WallClock = field(name="from")
    until: _WallClock


class Schedule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The period, start inclusive and end exclusive; open ends are null."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    #: IANA name, for the weekly windows; null: the shop's.
    timezone: _Zone | None = None
    #: Empty: all the time.
    weekly: Annotated[list[WeeklyWindow], Meta(max_length=50)] = []


@dataclass(frozen=True, slots=True)
class Window:
    """One weekly window made ready."""

    days: frozenset[int]
    opens: time
    closes: time

    def on(self, day: date, *, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The two instants (UTC) of the window that begins on `day`; `None` on other days.

        A local time that does not exist moves to the next that does; of one that occurs twice
        the start takes the first and the end the last.
        """
        if day.isoweekday() not in self.days:
            return None
        last_day = day if self.opens < self.closes else day + _DAY
        return (
            instant_of(datetime.combine(day, self.opens), zone=zone, last=False),
            instant_of(datetime.combine(last_day, self.closes), zone=zone, last=True),
        )


@dataclass(frozen=True, slots=True)
class OpenHours:
    """The weekly windows of a promotion, in its own time zone or the shop's."""

    #: `None`: the shop's.
    zone: ZoneInfo | None
    windows: tuple[Window, ...]

    def is_open(self, *, now: datetime, shop_zone: ZoneInfo) -> bool:
        zone = self.zone or shop_zone
        today = now.astimezone(zone).date()
        # A window lasts a day at most, so what is open now began today or yesterday.
        return any(
            opens <= now < closes for opens, closes in self._openings(today - _DAY, 2, zone=zone)
        )

    def next_opening(
        self, *, now: datetime, ends_at: datetime | None, shop_zone: ZoneInfo
    ) -> datetime | None:
        """The next instant at which a window opens, in the zone of the windows.

        `None` when the promotion ends before.
        """
        zone = self.zone or shop_zone
        today = now.astimezone(zone).date()
        upcoming = [
            opens
            for opens, closes in self._openings(today, 9, zone=zone)
            if now < opens < closes and (ends_at is None or opens < ends_at)
        ]
        return min(upcoming).astimezone(zone) if upcoming else None

    def _openings(
        self, first: date, days: int, *, zone: ZoneInfo
    ) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(days):
            for window in self.windows:
                opening = window.on(first + offset * _DAY, zone=zone)
                if opening is not None:
                    yield opening


def compile_hours(schedule: Schedule) -> OpenHours | None:
    """The windows made ready; `None` when the promotion has none and is open all the time."""
    if not schedule.weekly:
        return None
    return OpenHours(
        zone=ZoneInfo(schedule.timezone) if schedule.timezone else None,
        windows=tuple(
            Window(
                days=frozenset(window.days),
                opens=time.fromisoformat(window.from_),
                closes=time.fromisoformat(window.until),
            )
            for window in schedule.weekly
        ),
    )


def instant_of(local: datetime, *, zone: ZoneInfo, last: bool) -> datetime:
    """The instant (UTC) at which clocks in `zone` show `local` (naive).

    Where they never do, the first instant after the gap; where they do twice, the first or the
    `last` of the two.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> instant_of(datetime(2026, 3, 29, 2, 30), zone=berlin, last=False).isoformat()
    '2026-03-29T01:00:00+00:00'
    >>> instant_of(datetime(2026, 10, 25, 2, 30), zone=berlin, last=True).isoformat()
    '2026-10-25T01:30:00+00:00'
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= second:
        return second if last else first
    # In a gap the two readings swap: the clocks jump somewhere between them.
    before, after = second, first
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            before = middle
        else:
            after = middle
    return after


def schedule_errors(schedule: Schedule) -> Iterator[FieldError]:
    """What no single field of a `schedule` can tell; none when all is well."""
    starts_at, ends_at = schedule.starts_at, schedule.ends_at
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        yield FieldError("/schedule/ends_at", "not_after_start", "The end must be after the start.")
    for name, instant in (("starts_at", starts_at), ("ends_at", ends_at)):
        if instant is not None and not _EARLIEST_YEAR <= instant.year <= _LATEST_YEAR:
            yield FieldError(f"/schedule/{name}", "out_of_range", "This time is too far away.")
    yield from offset_errors({"/schedule/starts_at": starts_at, "/schedule/ends_at": ends_at})
    if schedule.timezone is not None and schedule.timezone not in known_time_zones():
        yield FieldError("/schedule/timezone", "unknown_time_zone", "This time zone is unknown.")
    for at, window in enumerate(schedule.weekly):
        if len(set(window.days)) < len(window.days):
            yield FieldError(
                f"/schedule/weekly/{at}/days", "duplicate", "A day stands here more than once."
            )
