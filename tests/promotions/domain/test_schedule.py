"""Weekly windows by the clock on the wall, also when that clock jumps."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from common.schedule import Schedule, compile_hours

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY, SATURDAY, SUNDAY, MONDAY = 5, 6, 7, 1


def hours(days, opens, closes, **fields):
    schedule = {"weekly": [{"days": days, "from": opens, "until": closes}]} | fields
    return compile_hours(msgspec.convert(schedule, Schedule))


def at(text):
    return datetime.fromisoformat(text)


def is_open(found, text):
    return found.is_open(now=at(text), shop_zone=BERLIN)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-03-06T16:59:59+01:00", False, id="a second before it opens"),
        pytest.param("2026-03-06T17:00:00+01:00", True, id="its first instant"),
        pytest.param("2026-03-06T19:59:59+01:00", True, id="its last second"),
        pytest.param("2026-03-06T20:00:00+01:00", False, id="the instant of its end"),
        pytest.param("2026-03-05T18:00:00+01:00", False, id="another day"),
        pytest.param("2026-03-06T16:30:00Z", True, id="told in another offset"),
        pytest.param("2026-07-03T15:30:00Z", True, id="summer time"),
    ],
)
def test_a_window_includes_its_start_and_excludes_its_end(now, expected):
    assert is_open(hours([FRIDAY], "17:00", "20:00"), now) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-03-06T22:30:00+01:00", True, id="Friday night"),
        pytest.param("2026-03-07T01:59:00+01:00", True, id="the small hours of Saturday"),
        pytest.param("2026-03-07T02:00:00+01:00", False, id="its end"),
        pytest.param("2026-03-06T01:00:00+01:00", False, id="the small hours of Friday"),
    ],
)
def test_an_end_at_or_before_the_start_is_on_the_next_day(now, expected):
    assert is_open(hours([FRIDAY], "22:00", "02:00"), now) is expected


def test_equal_times_last_a_whole_day():
    night = hours([FRIDAY], "06:00", "06:00")

    assert is_open(night, "2026-03-07T05:59:00+01:00")
    assert not is_open(night, "2026-03-07T06:00:00+01:00")


# Clocks in Berlin jump from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
@pytest.mark.parametrize(
    ("opens", "closes", "first", "last"),
    [
        pytest.param("02:30", "05:00", "01:00", "02:59", id="it opens when the clocks jump"),
        pytest.param("01:00", "02:30", "00:00", "00:59", id="it ends when the clocks jump"),
        pytest.param("01:30", "03:30", "00:30", "01:29", id="it is an hour shorter"),
    ],
)
def test_times_that_do_not_exist_move_to_the_next_that_does(opens, closes, first, last):
    window = hours([SUNDAY], opens, closes)
    minutes = [datetime(2026, 3, 29, h, m, tzinfo=UTC) for h in range(6) for m in range(60)]

    open_at = [f"{now:%H:%M}" for now in minutes if window.is_open(now=now, shop_zone=BERLIN)]

    assert (open_at[0], open_at[-1]) == (first, last)


def test_a_window_within_the_gap_is_never_open():
    window = hours([SUNDAY], "02:10", "02:50")
    minutes = [datetime(2026, 3, 29, h, m, tzinfo=UTC) for h in range(6) for m in range(60)]

    assert not any(window.is_open(now=now, shop_zone=BERLIN) for now in minutes)


def test_times_that_occur_twice_open_the_first_time_and_close_the_last():
    # Clocks go back from 03:00 to 02:00 on 25 October 2026, at 01:00 UTC.
    window = hours([SUNDAY], "02:15", "02:45")
    minutes = [datetime(2026, 10, 25, h, m, tzinfo=UTC) for h in range(4) for m in range(60)]

    open_at = [f"{now:%H:%M}" for now in minutes if window.is_open(now=now, shop_zone=BERLIN)]

    assert (open_at[0], open_at[-1], len(open_at)) == ("00:15", "01:44", 90)


def test_a_promotion_may_keep_its_own_clock():
    tokyo = hours([MONDAY], "00:00", "12:00", timezone="Asia/Tokyo")

    assert is_open(tokyo, "2026-03-01T15:00:00Z")
    assert not is_open(tokyo, "2026-03-02T03:00:00Z")


@pytest.mark.parametrize(
    ("now", "ends_at", "expected"),
    [
        pytest.param("2026-03-06T12:00+01:00", None, "2026-03-06T17:00:00+01:00", id="today"),
        pytest.param("2026-03-06T20:00+01:00", None, "2026-03-13T17:00:00+01:00", id="in a week"),
        pytest.param("2026-03-07T12:00+01:00", "2026-03-13T17:00+01:00", None, id="never again"),
        pytest.param(
            "2026-03-28T12:00+01:00", None, "2026-04-03T17:00:00+02:00", id="in summer time"
        ),
    ],
)
def test_it_is_told_when_it_opens_next(now, ends_at, expected):
    found = hours([FRIDAY], "17:00", "20:00").next_opening(
        now=at(now), ends_at=ends_at and at(ends_at), shop_zone=BERLIN
    )

    assert (found and found.isoformat()) == expected


def test_without_windows_it_is_open_all_the_time():
    assert compile_hours(Schedule()) is None
