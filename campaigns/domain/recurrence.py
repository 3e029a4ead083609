"""Which days a recurrence rule (RFC 5545) names, by days and longer.

`dateutil` reads every rule that is taken here and finds the same days (but those of the first week of
a year by its number from the end, where they are in the old year); tests hold the two against each
other. It looks for the next day up to the year 9999, though, and a rule such as "each 30 February" would
keep a worker busy for seconds: here the work is bounded by the days between which it looks.
"""

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Literal

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

_DAY = timedelta(days=1)
#: Leap years and weekdays fall together in every way within 28 years without a century's exception.
_CYCLE = (date(2024, 1, 1), date(2051, 12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A rule made ready. Weekdays are 0 Monday to 6 Sunday, each with its place in the month or year, 0:
    all of them. Empty: any.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    #: Included.
    until: date | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: frozenset[int] = frozenset()
    week_starts: int = 0

    def dates(self, *, start: date, first: date, last: date) -> list[date]:
        """The days from `first` to `last`, both included, none before `start`, which the rule begins with.

        `start` itself is one only if the rule names it.

        >>> rule = Recurrence(frequency="MONTHLY", weekdays=frozenset({(4, -1)}))
        >>> january = date(2026, 1, 1)
        >>> [day.day for day in rule.dates(start=january, first=january, last=date(2026, 3, 31))]
        [30, 27, 27]
        """
        return list(self._named(start=start, first=first, last=last))

    def ends_before(self, day: date, *, start: date) -> bool:
        """Whether no day from `day` on is named. False of a rule that says nothing of an end."""
        if self.until is not None:
            return self.until < day
        if self.count is None or day <= start:
            return False
        named = self.dates(start=start, first=start, last=day - _DAY)
        return len(named) == self.count

    def is_ever(self) -> bool:
        """Whether there is such a day at all, whenever it begins."""
        each = replace(self, interval=1, count=None, until=None)
        first, last = _CYCLE
        return next(each._named(start=first, first=first, last=last), None) is not None

    def _named(self, *, start: date, first: date, last: date) -> Iterator[date]:
        last = min(last, self.until or last)
        begin = first if self.count is None else start
        for day in islice(self._from(start, first=begin, last=last), self.count):
            if day >= first:
                yield day

    def _from(self, start: date, *, first: date, last: date) -> Iterator[date]:
        """The days in order; `count` is not looked at. Periods before `first` are passed over."""
        rule = self._with_defaults(start)
        at = begin = rule._period_of(start)
        if first > start:
            passed = rule._period_of(first) - begin
            at += passed - passed % rule.interval
        end = rule._period_of(last)
        while at <= end:
            yield from (day for day in rule._chosen(at) if start <= day <= last)
            at += rule.interval

    def _with_defaults(self, start: date) -> "Recurrence":
        """What the rule does not say is as on the day that it begins with."""
        if self.frequency == "DAILY" or self.weekdays or self.month_days:
            return self
        if self.frequency == "WEEKLY":
            return replace(self, weekdays=frozenset({(start.weekday(), 0)}))
        if self.year_days or self.weeks:
            return self
        months = self.months
        if self.frequency == "YEARLY" and not months:
            months = frozenset({start.month})
        return replace(self, months=months, month_days=frozenset({start.day}))

    def _period_of(self, day: date) -> int:
        """The number of its day, week, month or year, counted on from any."""
        match self.frequency:
            case "DAILY":
                return day.toordinal()
            case "WEEKLY":
                return (day.toordinal() - 1 - self.week_starts) // 7
            case "MONTHLY":
                return day.year * 12 + day.month - 1
            case "YEARLY":
                return day.year

    def _days_of(self, period: int) -> list[date]:
        match self.frequency:
            case "DAILY":
                first, days = date.fromordinal(period), 1
            case "WEEKLY":
                first, days = date.fromordinal(period * 7 + 1 + self.week_starts), 7
            case "MONTHLY":
                year, month = divmod(period, 12)
                first, days = date(year, month + 1, 1), _days_in_month(year, month + 1)
            case "YEARLY":
                first, days = date(period, 1, 1), _days_in_year(period)
        return [first + day * _DAY for day in range(days)]

    def _chosen(self, period: int) -> list[date]:
        days = [day for day in self._days_of(period) if self._holds_of(day)]
        if not self.positions:
            return days
        places = {at - 1 if at > 0 else len(days) + at for at in self.positions}
        return [day for place, day in enumerate(days) if place in places]

    def _holds_of(self, day: date) -> bool:
        month, year = _days_in_month(day.year, day.month), _days_in_year(day.year)
        return (
            (not self.months or day.month in self.months)
            and _is_at(day.day, month, self.month_days)
            and _is_at(day.timetuple().tm_yday, year, self.year_days)
            and (not self.weeks or _is_at(*self._week_of(day), self.weeks))
            and (not self.weekdays or self._is_weekday(day))
        )

    def _week_of(self, day: date) -> tuple[int, int]:
        """The number of its week, and how many weeks that week's year has."""
        year = self._middle_of_week(day).year
        number = (self._middle_of_week(day).timetuple().tm_yday - 1) // 7 + 1
        # 28 December is always in the last week of its year.
        last = self._middle_of_week(date(year, 12, 28)).timetuple().tm_yday
        return number, (last - 1) // 7 + 1

    def _middle_of_week(self, day: date) -> date:
        """It is in the year to which the week belongs."""
        return day + (3 - (day.weekday() - self.week_starts) % 7) * _DAY

    def _is_weekday(self, day: date) -> bool:
        if self.frequency == "YEARLY" and not self.months:
            at, of = day.timetuple().tm_yday, _days_in_year(day.year)
        else:
            at, of = day.day, _days_in_month(day.year, day.month)
        places = {0, (at - 1) // 7 + 1, -((of - at) // 7 + 1)}
        return any((day.weekday(), place) in self.weekdays for place in places)


def _is_at(at: int, of: int, wanted: Collection[int]) -> bool:
    """Whether the place, counted from the front or from the back, is wanted; anything is of nothing."""
    return not wanted or at in wanted or at - of - 1 in wanted


def _days_in_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _days_in_year(year: int) -> int:
    return 366 if calendar.isleap(year) else 365
