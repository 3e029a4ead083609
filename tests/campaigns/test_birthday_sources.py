"""Whose birthday or day of registration comes round: on the right day, wherever the customer is."""

from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from campaigns.domain.occurrences import celebrated_on
from customers.models import Customer
from tests.api import DAY, HOUR, NOON
from tests.campaigns.due import day_by_day, due, on_day, tell

TICK = timedelta(seconds=10)
MICROSECOND = timedelta(microseconds=1)
BIRTHDAY = {"kind": "birthday"}
ANNIVERSARY = {"kind": "anniversary"}
DATES = some.dates(date(2026, 1, 1), date(2029, 12, 31))


def test_a_birthday_is_due_on_its_day_with_the_year(api):
    tell(api, birth_date="1990-12-10")
    tell(api, "bob", birth_date="1990-12-11")
    (found,) = on_day(BIRTHDAY, date(2026, 12, 10))
    assert found == ("ada", "birthday:2026", date(2026, 12, 10), None, None)


def test_a_birthday_is_found_while_it_is_that_day_anywhere_on_earth(api):
    """From midnight on Kiritimati, ten hours before the day in London, to the last minute on Pago Pago."""
    tell(api, birth_date="1990-12-10")
    begins = datetime.fromisoformat("2026-12-10T00:00+14:00")
    ends = datetime.fromisoformat("2026-12-10T23:59-11:00")
    for until in (begins, begins + HOUR, ends):
        assert len(due(BIRTHDAY, until - TICK, until)) == 1
    assert due(BIRTHDAY, begins - TICK - HOUR, begins - MICROSECOND) == []


def test_in_common_years_29_february_is_celebrated_on_the_28th(api):
    tell(api, birth_date="2000-02-29")
    tell(api, "bob", birth_date="2000-02-28")
    both = ["ada", "bob"]
    assert [row.customer for row in on_day(BIRTHDAY, date(2026, 2, 28))] == both
    assert on_day(BIRTHDAY, date(2026, 3, 1)) == []
    assert [row.customer for row in on_day(BIRTHDAY, date(2028, 2, 28))] == ["bob"]
    assert [row.customer for row in on_day(BIRTHDAY, date(2028, 2, 29))] == ["ada"]
    assert [row.customer for row in on_day(BIRTHDAY, date(2100, 2, 28))] == both


def test_days_before_a_birthday_cross_new_year_and_keep_the_year_of_the_birthday(api):
    tell(api, birth_date="1990-01-03")
    (found,) = on_day(BIRTHDAY | {"days_before": 7}, date(2026, 12, 27))
    assert (found.occurrence, found.local_date) == ("birthday:2027", date(2026, 12, 27))
    (found,) = on_day(BIRTHDAY | {"days_before": 365}, date(2026, 1, 3))
    assert found.occurrence == "birthday:2027"


def test_the_day_of_birth_is_no_birthday(api):
    tell(api, birth_date="2026-03-01")
    assert on_day(BIRTHDAY, date(2026, 3, 1)) == []
    assert len(on_day(BIRTHDAY, date(2027, 3, 1))) == 1


def test_a_day_of_registration_is_that_where_the_customer_is(api):
    """Half an hour before midnight in London it is New Year in Berlin, and noon in New Zealand."""
    for name, zone in {"ada": "Europe/London", "bob": "Pacific/Auckland", "cem": None}.items():
        tell(api, name, registered_at="2024-12-31T23:30:00Z", timezone=zone)
    assert [row.customer for row in on_day(ANNIVERSARY, date(2026, 12, 31))] == ["ada"]
    found = on_day(ANNIVERSARY, date(2027, 1, 1))
    assert [(row.customer, row.occurrence) for row in found] == [
        ("bob", "anniversary:2027"), ("cem", "anniversary:2027"),
    ]  # fmt: skip


def test_the_first_anniversary_is_a_year_after_the_registration(api):
    tell(api, registered_at="2026-03-10T12:00:00Z")
    found = day_by_day(ANNIVERSARY, NOON - 9 * DAY, 400)
    assert [(row.occurrence, row.local_date) for row in found] == [
        ("anniversary:2027", date(2027, 3, 10))
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    born=some.dates(date(1930, 1, 1), date(2020, 12, 31)) | some.just(date(2000, 2, 29)),
    before=some.integers(0, 365),
    first=DATES,
    days=some.integers(1, 800),
)
@example(born=date(2000, 2, 29), before=0, first=date(2026, 1, 1), days=800)
@example(born=date(2000, 12, 31), before=365, first=date(2027, 12, 30), days=3)
def test_a_birthday_is_found_each_year_once(api, born, before, first, days):
    Customer.objects.update_or_create(
        reference="ada", defaults={"birth_date": born, "created_at": NOON}
    )
    since = datetime.fromisoformat(f"{first}T00:00Z")
    found = due(BIRTHDAY | {"days_before": before}, since, since + days * DAY)
    last = first + days * DAY
    expected = {
        (f"birthday:{year}", celebrated_on(born, year) - before * DAY)
        for year in range(2025, 2035)
        if first - DAY <= celebrated_on(born, year) - before * DAY <= last
    }
    assert len(found) == len(expected)
    assert {(row.occurrence, row.local_date) for row in found} == expected
