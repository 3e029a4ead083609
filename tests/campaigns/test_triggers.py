"""Triggers as the contract has them, and the days that recurring ones name."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from campaigns.domain.occurrences import celebrated_on, recurring_dates
from campaigns.domain.triggers import Trigger, trigger_errors

#: Told, and what it means with all that was left out.
TOLD = {
    "once": {"at": "2026-12-01T09:00:00+01:00"},
    "recurring": {"rrule": "FREQ=WEEKLY;BYDAY=MO", "local_time": "18:30"},
    "birthday": {},
    "anniversary": {"days_before": 365, "local_time": "00:00"},
    "inactive": {"days": 60},
    "order": {"status": "delivered"},
    "event": {"name": "cart_abandoned", "delay_minutes": 90},
    "segment_entered": {"segment_id": "at-risk"},
    "code_expiring": {"days_before": 3},
    "cashback_available": {},
    "cashback_expiring": {},
    "membership_ending": {"days_before": 14, "local_time": "12:00"},
}
DEFAULTS = {
    "birthday": {"days_before": 0, "local_time": "09:00"},
    "inactive": {"local_time": "09:00"},
    "order": {"delay_minutes": 0},
    "code_expiring": {"local_time": "09:00"},
    "cashback_expiring": {"days_before": 7, "local_time": "09:00"},
}
#: Told wrongly, and the field that is named.
MALFORMED = {
    "an unknown kind": ({"kind": "full_moon"}, "$.kind"),
    "no kind": ({}, "kind"),
    "an unknown field": ({"kind": "birthday", "days": 1}, "days"),
    "a field of another kind": ({"kind": "cashback_available", "days_before": 1}, "days_before"),
    "an instant without an offset": ({"kind": "once", "at": "2026-12-01T09:00:00"}, "$.at"),
    "no instant": ({"kind": "once"}, "at"),
    "no rule": ({"kind": "recurring", "local_time": "09:00"}, "rrule"),
    "a day too many": ({"kind": "birthday", "days_before": 366}, "$.days_before"),
    "a day after": ({"kind": "anniversary", "days_before": -1}, "$.days_before"),
    "24 o'clock": ({"kind": "birthday", "local_time": "24:00"}, "$.local_time"),
    "an hour of one digit": ({"kind": "birthday", "local_time": "9:00"}, "$.local_time"),
    "seconds": ({"kind": "birthday", "local_time": "09:00:00"}, "$.local_time"),
    "a line break": ({"kind": "birthday", "local_time": "09:00\n"}, "$.local_time"),
    "an unknown status": ({"kind": "order", "status": "returned"}, "$.status"),
    "a delay below zero": ({"kind": "order", "status": "paid", "delay_minutes": -1}, "$.delay"),
    "a delay of years": ({"kind": "event", "name": "a", "delay_minutes": 10**6}, "$.delay_minutes"),
    "an event without a name": ({"kind": "event", "name": ""}, "$.name"),
    "a pause of no days": ({"kind": "inactive", "days": 0}, "$.days"),
    "a segment that no shop has": ({"kind": "segment_entered", "segment_id": "a b"}, "$.segment"),
}
#: Well formed, but impossible; and the field that is named.
WRONG = {
    "an instant of long ago": (
        {"kind": "once", "at": "0001-01-01T00:00:00Z"}, "/trigger/at", "out_of_range"),
    "an offset of nowhere": (
        {"kind": "once", "at": "2026-01-01T00:00:00+20:00"}, "/trigger/at", "out_of_range"),
    "no rule": ({"kind": "recurring", "rrule": "mondays"}, "/trigger/rrule", "invalid"),
    "an hourly rule": ({"kind": "recurring", "rrule": "FREQ=HOURLY"}, "/trigger/rrule", "invalid"),
    "a rule without a day": (
        {"kind": "recurring", "rrule": "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31"},
        "/trigger/rrule", "invalid"),
}  # fmt: skip


def read(told):
    return msgspec.convert(told, Trigger, strict=True)


@pytest.mark.parametrize("kind", TOLD)
def test_each_kind_is_read_and_written_as_it_was_told(kind):
    told = {"kind": kind, **TOLD[kind]}
    trigger = read(told)
    assert trigger_errors(trigger) == []
    written = msgspec.json.decode(msgspec.json.encode(trigger))
    assert written == {**told, **{k: v for k, v in written.items() if k not in told}}
    for name, value in DEFAULTS.get(kind, {}).items():
        assert written[name] == TOLD[kind].get(name, value)


@pytest.mark.parametrize(("told", "field"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused_by_its_form(told, field):
    with pytest.raises(msgspec.ValidationError) as refused:
        read(told)
    assert field in str(refused.value)


@pytest.mark.parametrize(("told", "pointer", "code"), WRONG.values(), ids=WRONG)
def test_what_is_impossible_is_named(told, pointer, code):
    (wrong,) = trigger_errors(read(told))
    assert (wrong.pointer, wrong.code) == (pointer, code)


@given(
    start=some.dates(date(2026, 1, 1), date(2030, 1, 1)),
    parts=some.lists(some.integers(0, 40), min_size=1, max_size=20),
)
def test_two_ranges_side_by_side_name_each_day_once(start, parts):
    rule = "FREQ=MONTHLY;BYMONTHDAY=1,15,-1;COUNT=30"
    first, found = start, []
    for days in parts:
        last = first + timedelta(days=days)
        found += recurring_dates(rule, start=start, first=first, last=last)
        first = last + timedelta(days=1)
    assert found == recurring_dates(rule, start=start, first=start, last=last)


@given(day=some.dates(date(1900, 1, 1), date(2100, 1, 1)), year=some.integers(1900, 2100))
def test_a_day_is_celebrated_once_a_year_in_its_own_month(day, year):
    found = celebrated_on(day, year)
    assert (found.year, found.month) == (year, day.month)
    assert found.day == day.day or (day.month, day.day, found.day) == (2, 29, 28)
