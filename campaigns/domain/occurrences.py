"""Occurrences: on which days a campaign is due, and the keys by which nobody gets one twice.

The keys of what happens to a customer are made where it is found, by the queries of `due`:
`birthday:2026` and `anniversary:2026` (the year in which it is celebrated), `inactive:<key of the last
order>`, `order:<key>:<status>`, `event:<key>`, `segment:<key of the passage>`, `code:<key>`,
`cashback:<day on which it became available, or its last day>`, `membership:<key>:<last day>`.
"""

from datetime import date

from campaigns.domain.recurrence_text import parse_rule

#: The only occurrence of a campaign that is sent once.
ONCE = "once"


def recurring_dates(rrule: str, *, start: date, first: date, last: date) -> list[date]:
    """The local days from `first` to `last`, both included, that the rule names.

    `start` is the day on which the campaign was scheduled: from it the rule counts, and takes what it does
    not say itself. Work is bounded by the days from `first` to `last`, for a rule with COUNT from `start`.

    Raises:
        BadRule

    >>> start = date(2026, 1, 5)
    >>> found = recurring_dates("FREQ=WEEKLY", start=start, first=start, last=date(2026, 1, 20))
    >>> [recurring_key(day) for day in found]
    ['2026-01-05', '2026-01-12', '2026-01-19']
    """
    return parse_rule(rrule).dates(start=start, first=first, last=last)


def recurs_no_more(rrule: str, *, start: date, today: date) -> bool:
    """Whether the rule names no day from `today` on.

    >>> start = date(2026, 1, 5)
    >>> rule = "FREQ=WEEKLY;COUNT=2"
    >>> [recurs_no_more(rule, start=start, today=date(2026, 1, day)) for day in (12, 13)]
    [False, True]
    """
    return parse_rule(rrule).ends_before(today, start=start)


def recurring_key(day: date) -> str:
    """The occurrence of a recurring campaign on a local day, wherever on Earth it is that day."""
    return day.isoformat()


def celebrated_on(day: date, year: int) -> date:
    """When a day of another year is celebrated in `year`: 29 February on the 28th of common years.

    >>> celebrated_on(date(2000, 2, 29), 2026), celebrated_on(date(2000, 2, 29), 2028)
    (datetime.date(2026, 2, 28), datetime.date(2028, 2, 29))
    """
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
