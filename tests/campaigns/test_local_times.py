"""Local times: each is one instant, whatever clocks do, and nobody is disturbed in quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as some

from campaigns.domain.local_times import (
    after_quiet_hours,
    instant_at,
    is_time_zone,
    timezone_errors,
    zone_for,
)

MINUTE = timedelta(minutes=1)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
LORD_HOWE, KIRITIMATI = "Australia/Lord_Howe", "Pacific/Kiritimati"
PAGO_PAGO, APIA = "Pacific/Pago_Pago", "Pacific/Apia"

#: Zone, local date and time, and the instant that it is.
INSTANTS = {
    "an ordinary morning": (BERLIN, "2026-07-01 09:00", "2026-07-01T07:00Z"),
    "02:30 never was in Berlin": (BERLIN, "2026-03-29 02:30", "2026-03-29T01:00Z"),
    "nor was 02:00": (BERLIN, "2026-03-29 02:00", "2026-03-29T01:00Z"),
    "03:00 was": (BERLIN, "2026-03-29 03:00", "2026-03-29T01:00Z"),
    "02:30 was twice in Berlin": (BERLIN, "2026-10-25 02:30", "2026-10-25T00:30Z"),
    "03:00 was once": (BERLIN, "2026-10-25 03:00", "2026-10-25T02:00Z"),
    "02:30 never was in New York": (NEW_YORK, "2026-03-08 02:30", "2026-03-08T07:00Z"),
    "01:30 was before that": (NEW_YORK, "2026-03-08 01:30", "2026-03-08T06:30Z"),
    "01:30 was twice in New York": (NEW_YORK, "2026-11-01 01:30", "2026-11-01T05:30Z"),
    "02:30 was once then": (NEW_YORK, "2026-11-01 02:30", "2026-11-01T07:30Z"),
    "half an hour is left out": (LORD_HOWE, "2026-10-04 02:15", "2026-10-03T15:30Z"),
    "what follows is not": (LORD_HOWE, "2026-10-04 02:30", "2026-10-03T15:30Z"),
    "half an hour comes twice": (LORD_HOWE, "2026-04-05 01:45", "2026-04-04T14:45Z"),
    "the first to get up": (KIRITIMATI, "2026-01-01 09:00", "2025-12-31T19:00Z"),
    "the last to get up": (PAGO_PAGO, "2026-01-01 09:00", "2026-01-01T20:00Z"),
    "a day that never was": (APIA, "2011-12-30 09:00", "2011-12-30T10:00Z"),
}
#: Zone, quiet hours, an instant, and when something may be sent then.
QUIET = {
    "by day": (BERLIN, "21:00-08:00", "2026-07-01T10:00Z", "2026-07-01T10:00Z"),
    "before midnight": (BERLIN, "21:00-08:00", "2026-07-01T21:30Z", "2026-07-02T06:00Z"),
    "after midnight": (BERLIN, "21:00-08:00", "2026-07-01T23:30Z", "2026-07-02T06:00Z"),
    "at their start": (BERLIN, "21:00-08:00", "2026-07-01T19:00Z", "2026-07-02T06:00Z"),
    "just before it": (BERLIN, "21:00-08:00", "2026-07-01T18:59:59Z", "2026-07-01T18:59:59Z"),
    "at their end": (BERLIN, "21:00-08:00", "2026-07-02T06:00Z", "2026-07-02T06:00Z"),
    "at noon": (BERLIN, "12:00-14:00", "2026-07-01T10:30Z", "2026-07-01T12:00Z"),
    "all day but a minute": (BERLIN, "08:01-08:00", "2026-07-01T10:30Z", "2026-07-02T06:00Z"),
    "until midnight": (BERLIN, "20:00-00:00", "2026-07-01T20:30Z", "2026-07-01T22:00Z"),
    "none": (BERLIN, "08:00-08:00", "2026-07-01T01:00Z", "2026-07-01T01:00Z"),
    "a longer night": (BERLIN, "21:00-08:00", "2026-10-24T20:00Z", "2026-10-25T07:00Z"),
    "a shorter night": (BERLIN, "21:00-08:00", "2026-03-28T21:00Z", "2026-03-29T06:00Z"),
    "an end in a gap": (BERLIN, "21:00-02:30", "2026-03-28T23:00Z", "2026-03-29T01:00Z"),
    "a start in a gap": (BERLIN, "02:30-08:00", "2026-03-29T01:00Z", "2026-03-29T06:00Z"),
    "all of it in a gap": (BERLIN, "02:15-02:45", "2026-03-29T01:00Z", "2026-03-29T01:00Z"),
    "an end that comes twice": (BERLIN, "21:00-02:30", "2026-10-25T00:45Z", "2026-10-25T01:30Z"),
    "and after its second": (BERLIN, "21:00-02:30", "2026-10-25T01:30Z", "2026-10-25T01:30Z"),
    "a start that comes twice": (BERLIN, "02:30-08:00", "2026-10-25T01:10Z", "2026-10-25T07:00Z"),
    "an end in half an hour's gap": (
        LORD_HOWE, "21:00-02:15", "2026-10-03T14:00Z", "2026-10-03T15:30Z"),
    "where it is early": (KIRITIMATI, "21:00-08:00", "2026-01-01T10:00Z", "2026-01-01T18:00Z"),
    "where it is late": (PAGO_PAGO, "21:00-08:00", "2026-01-01T10:00Z", "2026-01-01T19:00Z"),
    "a night before a day that never was": (
        APIA, "21:00-08:00", "2011-12-30T08:00Z", "2011-12-30T18:00Z"),
}  # fmt: skip

ZONES = some.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, KIRITIMATI, PAGO_PAGO, APIA]).map(ZoneInfo)
TIMES = some.times().map(lambda at: at.replace(second=0, microsecond=0))
DATES = some.dates(date(2010, 1, 1), date(2030, 12, 31))
INSTANTS_OF_YEARS = some.builds(datetime.combine, DATES, some.times(), some.just(UTC))


@pytest.mark.parametrize(("zone", "local", "instant"), INSTANTS.values(), ids=INSTANTS)
def test_a_local_time_is_one_instant(zone, local, instant):
    shown = datetime.fromisoformat(local)
    found = instant_at(shown.date(), shown.time(), zone=ZoneInfo(zone))
    assert found == datetime.fromisoformat(instant)


@given(zone=ZONES, day=DATES, at=TIMES)
@example(zone=ZoneInfo(BERLIN), day=date(2026, 3, 29), at=time(2, 30))
@example(zone=ZoneInfo(NEW_YORK), day=date(2026, 11, 1), at=time(1, 30))
def test_it_is_the_first_instant_at_which_clocks_have_come_so_far(zone, day, at):
    found = instant_at(day, at, zone=zone)
    local = datetime.combine(day, at)
    assert found.astimezone(zone).replace(tzinfo=None) >= local
    before = (found - MINUTE).astimezone(zone).replace(tzinfo=None)
    assert before < local


@given(zone=ZONES, day=DATES, at=TIMES)
def test_a_local_time_that_exists_is_shown_at_its_instant(zone, day, at):
    found = instant_at(day, at, zone=zone).astimezone(zone)
    shown = found.replace(tzinfo=None)
    exists = datetime.combine(day, at, zone).astimezone(UTC).astimezone(zone)
    assume(exists.replace(tzinfo=None) == datetime.combine(day, at))
    assert (shown, found.fold) == (datetime.combine(day, at), 0)


@pytest.mark.parametrize(("zone", "quiet", "instant", "sent"), QUIET.values(), ids=QUIET)
def test_quiet_hours_are_waited_for(zone, quiet, instant, sent):
    start, end = (time.fromisoformat(at) for at in quiet.split("-"))
    found = after_quiet_hours(
        datetime.fromisoformat(instant), quiet_from=start, quiet_until=end, zone=ZoneInfo(zone)
    )
    assert found == datetime.fromisoformat(sent)


def is_quiet(instant, start, end, zone):
    """What the clock on the wall says."""
    shown = instant.astimezone(zone).time()
    return start <= shown < end if start < end else shown >= start or shown < end


@given(zone=ZONES, start=TIMES, end=TIMES, instant=INSTANTS_OF_YEARS)
@example(
    zone=ZoneInfo(BERLIN),
    start=time(2, 31),
    end=time(2, 30),
    instant=datetime(2026, 10, 25, 0, tzinfo=UTC),
)
@example(
    zone=ZoneInfo(BERLIN), start=time(2, 31), end=time(2, 30),
    instant=datetime(2026, 3, 28, 12, tzinfo=UTC),
)  # fmt: skip
def test_no_clock_shows_a_quiet_time_when_something_is_sent(zone, start, end, instant):
    assume(start != end)
    sent = after_quiet_hours(instant, quiet_from=start, quiet_until=end, zone=zone)
    assert sent >= instant
    assert not is_quiet(sent, start, end, zone)
    assert after_quiet_hours(sent, quiet_from=start, quiet_until=end, zone=zone) == sent


@given(zone=ZONES, start=TIMES, end=TIMES, instant=INSTANTS_OF_YEARS)
def test_nobody_waits_longer_than_a_quiet_time_lasts(zone, start, end, instant):
    """But where clocks swallow the gap between two of them, and where a whole day is left out."""
    assume(start != end)
    sent = after_quiet_hours(instant, quiet_from=start, quiet_until=end, zone=zone)
    minutes = ((end.hour - start.hour) * 60 + end.minute - start.minute) % 1440
    swallowed = 1440 if minutes > 1440 - 121 or zone.key == APIA else 0
    assert sent - instant <= (minutes + 60 + swallowed) * MINUTE


@given(zone=ZONES, start=TIMES, end=TIMES, instant=INSTANTS_OF_YEARS)
def test_what_comes_later_is_not_sent_earlier(zone, start, end, instant):
    one, other = (
        after_quiet_hours(at, quiet_from=start, quiet_until=end, zone=zone)
        for at in (instant, instant + 17 * MINUTE)
    )
    assert one <= other


def test_a_campaigns_time_zone_is_the_customers_or_one_of_the_iana_database():
    assert timezone_errors("customer") == timezone_errors("Pacific/Kiritimati") == []
    for odd in (
        "",
        "localtime",
        "Customer",
        "Berlin",
        "europe/berlin",
        "+02:00",
        "../etc/passwd",
        "a\x00b",
    ):
        (wrong,) = timezone_errors(odd)
        assert (wrong.pointer, wrong.code) == ("/timezone", "unknown_time_zone")
        assert not is_time_zone(odd)


def test_a_customers_zone_that_is_no_longer_known_is_the_shops():
    shop = ZoneInfo(BERLIN)
    assert zone_for(campaign="customer", customer="Mars/Olympus", shop=shop) == shop
