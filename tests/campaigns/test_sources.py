"""Who is due by what happens to customers: each once, at the right place, on the right day or instant."""

from datetime import date, datetime, timedelta

import pytest

from customers.actions.refresh import refresh_segment
from customers.models import Event, Membership, Order, SegmentPassage
from tests.api import DAY, HOUR, NOON
from tests.campaigns.due import day_by_day, due, on_day, tell
from tests.customers.segments.test_dynamic_api import BUYERS, customer, order, put
from tests.customers.test_memberships_api import CLUB

TICK = timedelta(seconds=10)
MICROSECOND = timedelta(microseconds=1)
BIRTHDAY = {"kind": "birthday"}
ANNIVERSARY = {"kind": "anniversary"}
PAID = {"kind": "order", "status": "paid", "delay_minutes": 60}
ABANDONED = {"kind": "event", "name": "cart_abandoned", "delay_minutes": 60}
ENDING = {"kind": "membership_ending", "days_before": 7}
TEA = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 500}


def erase(api, customer_id="ada"):
    assert api.post(f"/customers/{customer_id}/erase", {"at": NOON.isoformat()}).status == 200


# A pause


def test_a_pause_is_due_so_many_days_after_the_last_order_by_the_shops_days(api):
    """22:30 in London is half past midnight of the next day in Berlin."""
    customer(api, "ada")
    order(api, "o1", "ada", at=datetime.fromisoformat("2026-06-01T22:30Z"))
    pause = {"kind": "inactive", "days": 60}
    (found,) = on_day(pause, date(2026, 8, 1))
    last = Order.objects.get().pk
    assert found == ("ada", f"inactive:{last}", date(2026, 8, 1), None, last)
    assert on_day(pause, date(2026, 7, 31)) == on_day(pause, date(2026, 8, 2)) == []


def test_a_pause_counts_from_the_last_order_that_stands(api):
    customer(api, "ada")
    customer(api, "bob")
    for name in ("ada", "bob"):
        order(api, f"{name}1", name, at=NOON)
        order(api, f"{name}2", name, at=NOON + 5 * DAY)
    cancel = {"customer_id": "bob", "currency": "EUR", "status": "cancelled", "lines": [TEA]}
    assert api.put("/orders/bob2", cancel).status == 200
    customer(api, "never-ordered")
    found = day_by_day({"kind": "inactive", "days": 30}, NOON + 20 * DAY, 40)
    assert [(row.customer, row.local_date) for row in found] == [
        ("bob", date(2026, 4, 9)),
        ("ada", date(2026, 4, 14)),
    ]


def test_of_two_orders_at_once_one_is_the_last(api):
    customer(api, "ada")
    order(api, "o1", "ada", at=NOON)
    order(api, "o2", "ada", at=NOON)
    (found,) = on_day({"kind": "inactive", "days": 30}, date(2026, 4, 9))
    assert found.subject == Order.objects.get(reference="o2").pk


# Orders and events


def paid(api, order_id="o1", *, at=NOON, now=None, **changes):
    body = {
        "customer_id": "ada", "currency": "EUR", "status": "paid", "placed_at": NOON.isoformat(),
        "paid_at": at.isoformat(), "at": (now or at).isoformat(),
        "lines": [TEA],
    }  # fmt: skip
    told = api.put(f"/orders/{order_id}", body | changes)
    assert told.status in (200, 201), told


def test_an_order_is_due_so_long_after_it_came_to_the_status(api):
    paid(api)
    key = Order.objects.get().pk
    (found,) = due(PAID, NOON, NOON + HOUR)
    assert found == ("ada", f"order:{key}:paid", None, NOON + HOUR, key)


@pytest.mark.parametrize("at", [NOON, NOON - MICROSECOND, NOON + MICROSECOND, NOON + TICK])
def test_two_windows_side_by_side_find_an_order_once(api, at):
    paid(api, at=at)
    middle = NOON + HOUR
    first, second = due(PAID, middle - TICK, middle), due(PAID, middle, middle + TICK)
    assert (len(first), len(second)) == ((1, 0) if at <= NOON else (0, 1))


def test_each_status_has_its_own_instant_and_a_step_passed_over_has_none(api):
    paid(api)
    later = (NOON + DAY).isoformat()
    paid(api, status="delivered", delivered_at=later)
    found = {
        status: [row.at for row in due({"kind": "order", "status": status}, NOON - DAY, NOON + DAY)]
        for status in ("placed", "paid", "shipped", "delivered", "cancelled")
    }
    assert found == {
        "placed": [NOON], "paid": [NOON], "shipped": [], "delivered": [NOON + DAY], "cancelled": [],
    }  # fmt: skip


def test_a_cancelled_order_is_due_for_cancelled_alone(api):
    paid(api)
    paid(api, status="cancelled", now=NOON + HOUR)
    assert due(PAID, NOON, NOON + 2 * HOUR) == []
    (found,) = due({"kind": "order", "status": "cancelled"}, NOON, NOON + HOUR)
    assert (found.at, found.occurrence.split(":")[2]) == (NOON + HOUR, "cancelled")


def test_guests_are_never_due(api):
    paid(api, customer_id=None)
    assert due(PAID, NOON, NOON + HOUR) == []


def test_an_event_is_due_so_long_after_it_happened(api):
    told = [
        {"event_id": "e1", "customer_id": "ada", "name": "cart_abandoned", "occurred_at": NOON},
        {"event_id": "e2", "customer_id": "ada", "name": "search", "occurred_at": NOON},
    ]
    assert api.post("/events", {"events": told})["created"] == 2
    key = Event.objects.get(event_id="e1").pk
    middle = NOON + HOUR
    (found,) = due(ABANDONED, middle - TICK, middle)
    assert found == ("ada", f"event:{key}", None, middle, key)
    assert due(ABANDONED, middle, middle + TICK) == due(ABANDONED, NOON, middle - TICK) == []


# Segments and memberships


def test_who_comes_into_a_segment_is_due_each_time(api):
    customer(api, "ada")
    customer(api, "bob")
    order(api, "o1", "bob", at=NOON - DAY)
    assert put(api, "lately", BUYERS | {"within_days": 30}, at=NOON).status == 201
    order(api, "o2", "ada", at=NOON + DAY)
    for days in (2, 40):
        refresh_segment(reference="lately", now=NOON + days * DAY)
    entered = SegmentPassage.objects.get(entered=True)
    trigger = {"kind": "segment_entered", "segment_id": "lately"}
    at = NOON + 2 * DAY
    (found,) = due(trigger, NOON - DAY, NOON + 90 * DAY)
    assert found == ("ada", f"segment:{entered.pk}", None, at, None)
    assert due(trigger, at - TICK, at) == [found]
    assert due(trigger, at, at + TICK) == []
    assert due(trigger | {"segment_id": "other"}, NOON - DAY, NOON + 90 * DAY) == []


def member(api, customer_id="ada", **period):
    assert api.put("/membership-plans/club", CLUB).status in (200, 201)
    put = api.put(f"/customers/{customer_id}/memberships/club", period | {"at": NOON.isoformat()})
    assert put.status in (200, 201), put


def test_a_membership_is_due_before_its_last_day_where_the_customer_is(api):
    """Until midnight in Berlin: in London the last hour of that is none of theirs."""
    tell(api)
    tell(api, "bob", timezone="America/New_York")
    for name in ("ada", "bob"):
        member(
            api, name, starts_at="2026-01-01T00:00:00+01:00", ends_at="2027-01-01T00:00:00+01:00"
        )
    ada = Membership.objects.get(customer__reference="ada").pk
    found = on_day(ENDING, date(2026, 12, 24))
    assert found[0] == ("ada", f"membership:{ada}:2026-12-31", date(2026, 12, 24), None, ada)
    assert [row.customer for row in found] == ["ada", "bob"]
    assert len(day_by_day(ENDING, NOON + 200 * DAY, 120)) == 2


def test_a_prolonged_membership_ends_again_and_an_open_one_does_not(api):
    tell(api)
    for ends_at in ("2026-05-01T00:00:00+02:00", "2026-06-01T00:00:00+02:00", None):
        member(api, starts_at="2026-01-01T00:00:00Z", ends_at=ends_at)
        found = day_by_day(ENDING, NOON, 120)
        assert len(found) == (ends_at is not None)
        if ends_at:
            assert found[0].occurrence.endswith("04-30" if "-05-" in ends_at else "05-31")


# The erased


def test_whoever_was_erased_is_never_due(api):
    tell(api, birth_date="1990-03-10", registered_at="2025-03-10T12:00:00Z")
    paid(api)
    told = {"event_id": "e1", "customer_id": "ada", "name": "cart_abandoned", "occurred_at": NOON}
    api.post("/events", {"events": [told]})
    member(api, starts_at="2026-01-01T00:00:00Z", ends_at="2026-03-17T12:00:00Z")
    triggers = [BIRTHDAY, ANNIVERSARY, {"kind": "inactive", "days": 1}, PAID, ABANDONED, ENDING]

    def all_found():
        return [len(due(trigger, NOON, NOON + DAY)) for trigger in triggers]

    assert all_found() == [1] * len(triggers)
    erase(api)
    assert all_found() == [0] * len(triggers)
