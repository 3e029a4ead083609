"""Recurrence rules: the days that RFC 5545 means, found with bounded work, as dateutil finds them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from time import perf_counter

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from campaigns.domain.recurrence_text import BadRule, parse_rule

DAY = timedelta(days=1)
START = date(2026, 1, 1)

#: Rules, and the first days that they name from 1 January 2026 on.
RULES = {
    "each day": ("FREQ=DAILY", "01-01 01-02 01-03"),
    "each third day": ("FREQ=DAILY;INTERVAL=3", "01-01 01-04 01-07"),
    "each Thursday, as it began": ("FREQ=WEEKLY", "01-01 01-08 01-15"),
    "Mondays and Fridays": ("FREQ=WEEKLY;BYDAY=MO,FR", "01-02 01-05 01-09"),
    "each other Monday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "01-12 01-26 02-09"),
    "with `RRULE:`": ("RRULE:FREQ=WEEKLY;BYDAY=SU", "01-04 01-11 01-18"),
    "the first of the month": ("FREQ=MONTHLY;BYMONTHDAY=1", "01-01 02-01 03-01"),
    "the last of the month": ("FREQ=MONTHLY;BYMONTHDAY=-1", "01-31 02-28 03-31"),
    "the last Friday": ("FREQ=MONTHLY;BYDAY=-1FR", "01-30 02-27 03-27"),
    "the last working day": (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "01-30 02-27 03-31"),
    "Friday the 13th": ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "02-13 03-13 11-13"),
    "Black Friday": ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "11-26"),
    "Advent": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1", "12-01"),
    "the 100th day": ("FREQ=YEARLY;BYYEARDAY=100", "04-10"),
    "Monday of week 20": ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "05-11"),
    "three times": ("FREQ=DAILY;COUNT=3", "01-01 01-02 01-03"),
    "up to a day": ("FREQ=DAILY;UNTIL=20260102", "01-01 01-02"),
    "up to an instant of a day": ("FREQ=DAILY;UNTIL=20260102T225959Z", "01-01 01-02"),
    "the 31st, where there is one": ("FREQ=MONTHLY;BYMONTHDAY=31", "01-31 03-31 05-31"),
}  # fmt: skip
BAD = {
    "nothing": "",
    "words": "every Monday",
    "no frequency": "BYDAY=MO",
    "hours": "FREQ=HOURLY",
    "an hour": "FREQ=DAILY;BYHOUR=9",
    "minutes": "FREQ=DAILY;BYMINUTE=0,30",
    "a part twice": "FREQ=DAILY;FREQ=DAILY",
    "small letters": "freq=daily",
    "an unknown part": "FREQ=DAILY;BYMOON=FULL",
    "a part without a value": "FREQ=DAILY;COUNT=",
    "an empty part": "FREQ=DAILY;",
    "an interval of 0": "FREQ=DAILY;INTERVAL=0",
    "an interval without end": "FREQ=DAILY;INTERVAL=99999",
    "a count of 0": "FREQ=DAILY;COUNT=0",
    "a count and an end": "FREQ=DAILY;COUNT=3;UNTIL=20260101",
    "an end that is no day": "FREQ=DAILY;UNTIL=20260230",
    "an end that is no date": "FREQ=DAILY;UNTIL=tomorrow",
    "month 13": "FREQ=YEARLY;BYMONTH=13",
    "month 0": "FREQ=YEARLY;BYMONTH=0",
    "day 0": "FREQ=MONTHLY;BYMONTHDAY=0",
    "a weekday in German": "FREQ=WEEKLY;BYDAY=MI",
    "the 0th Monday": "FREQ=MONTHLY;BYDAY=0MO",
    "the first Monday of a week": "FREQ=WEEKLY;BYDAY=1MO",
    "a day of the month of a week": "FREQ=WEEKLY;BYMONTHDAY=1",
    "a week of a month": "FREQ=MONTHLY;BYWEEKNO=1",
    "a choice out of nothing": "FREQ=MONTHLY;BYSETPOS=1",
    "30 February": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "30 February, looked for day by day": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "the sixth Monday": "FREQ=MONTHLY;BYDAY=6MO",
    "Mondays and the first Friday": "FREQ=MONTHLY;BYDAY=MO,1FR",
    "two rules": "FREQ=DAILY\nFREQ=WEEKLY",
    "a rule with its start": "DTSTART:20260101\nRRULE:FREQ=DAILY",
    "digits of another script": "FREQ=DAILY;COUNT=\u0663",
    "too long": "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 500),
}


@pytest.mark.parametrize(("text", "days"), RULES.values(), ids=RULES)
def test_a_rule_names_its_days(text, days):
    found = parse_rule(text).dates(start=START, first=START, last=date(2026, 12, 31))
    assert [f"{day:%m-%d}" for day in found[:3]] == days.split()


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_no_rule_is_refused_at_once(text):
    began = perf_counter()
    with pytest.raises(BadRule) as refused:
        parse_rule(text)
    assert str(refused.value).endswith(".")
    assert perf_counter() - began < 1


def test_29_february_comes_each_fourth_year():
    rule = parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    found = rule.dates(start=START, first=START, last=date(2033, 1, 1))
    assert found == [date(2028, 2, 29), date(2032, 2, 29)]


def test_a_rule_that_never_meets_its_own_step_costs_no_more_than_the_days_asked_for():
    """From a Thursday each seventh day is never a Monday."""
    rule = parse_rule("FREQ=DAILY;INTERVAL=7;BYDAY=MO")
    began = perf_counter()
    assert rule.dates(start=START, first=date(2036, 1, 1), last=date(2036, 1, 31)) == []
    assert perf_counter() - began < 0.1


def test_a_range_before_the_start_is_empty():
    rule = parse_rule("FREQ=DAILY")
    assert rule.dates(start=START, first=START - 9 * DAY, last=START - DAY) == []
    assert rule.dates(start=START, first=START + DAY, last=START) == []


NUMBERS = {
    "BYMONTH": some.integers(1, 12),
    "BYMONTHDAY": some.integers(-31, 31).filter(bool),
    "BYYEARDAY": some.integers(-366, 366).filter(bool),
    # dateutil does not look for -52 and -53 in the week of New Year's Eve: a test below does.
    "BYWEEKNO": some.integers(-51, 53).filter(bool),
    "BYSETPOS": some.integers(-4, 4).filter(bool),
}
WEEKDAYS = some.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
PLACES = some.sampled_from(["", "", "1", "2", "-1", "-2", "4", "5", "+3"])


@some.composite
def rules(draw):
    """Rules of which many are refused, since they say too much."""
    frequency = draw(some.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency}
    for name, numbers in NUMBERS.items():
        if draw(some.integers(0, 3)) == 0:
            few = some.lists(numbers, min_size=1, max_size=4, unique=True)
            parts[name] = ",".join(map(str, draw(few)))
    if draw(some.booleans()):
        places = PLACES if frequency in ("MONTHLY", "YEARLY") else some.just("")
        days = draw(some.lists(some.tuples(places, WEEKDAYS), min_size=1, max_size=4))
        parts["BYDAY"] = ",".join(place + day for place, day in days)
    if draw(some.booleans()):
        parts["INTERVAL"] = str(draw(some.integers(1, 5)))
    if draw(some.integers(0, 3)) == 0:
        parts["COUNT"] = str(draw(some.integers(1, 40)))
    elif draw(some.integers(0, 3)) == 0:
        parts["UNTIL"] = f"{draw(some.dates(START, START + 900 * DAY)):%Y%m%d}"
    if draw(some.booleans()):
        parts["WKST"] = draw(WEEKDAYS)
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(max_examples=300, deadline=None)
@given(text=rules(), start=some.dates(START, START + 800 * DAY), ahead=some.integers(0, 700))
def test_dateutil_finds_the_same_days(text, start, ahead):
    """But for a choice out of the days of a first week, which begins for dateutil with the start."""
    try:
        rule = parse_rule(text)
    except BadRule:
        assume(False)
    assume(not ("BYSETPOS" in text and "WEEKLY" in text))
    first, last = start + ahead * DAY, start + (ahead + 800) * DAY
    # Else dateutil looks for it up to the year 9999.
    endless = replace(rule, count=None, until=None)
    assume(endless.dates(start=start, first=last + DAY, last=last + 1500 * DAY))
    found = rule.dates(start=start, first=first, last=last)
    assert found == by_dateutil(text, start=start, first=first, last=last)


def test_the_first_week_of_a_year_begins_in_the_old_one_also_counted_from_its_end():
    """2030 has 52 weeks, the first of them from Monday 31 December 2029."""
    for week in ("1", "-52"):
        rule = parse_rule(f"FREQ=YEARLY;BYWEEKNO={week};BYDAY=MO")
        found = rule.dates(start=START, first=date(2029, 12, 1), last=date(2030, 2, 1))
        assert found == [date(2029, 12, 31)]


def by_dateutil(text, *, start, first, last):
    begins = datetime.combine(start, time())
    named = (day.date() for day in rrulestr(text, dtstart=begins))
    return [day for day in takewhile(lambda day: day <= last, named) if day >= first]
