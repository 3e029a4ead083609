"""Retention: what is old is forgotten, by the tick, and what is younger or needed stays."""

from datetime import timedelta

import pytest
from django.db import connection

from campaigns.models import Delivery, Response
from checkout.models import Reservation
from config.privacy import EVENTS_KEPT_FOR, RESERVATIONS_KEPT_FOR, RESPONSES_KEPT_FOR
from customers.actions import retention
from customers.actions.retention import forget_events
from customers.models import Event
from promotions.models import PromotionUse
from tests.api import NOON
from tests.customers.told import event
from tests.privacy.life import CUSTOMER, cart, live

SECOND = timedelta(seconds=1)


def run(api, moment):
    return api.post("/clock/run", {"at": moment.isoformat()})


def test_events_are_forgotten_after_two_years(api):
    api.post("/events", {"events": [event("old")], "at": NOON.isoformat()})
    api.post("/events", {"events": [event("young")], "at": (NOON + SECOND).isoformat()})

    run(api, NOON + EVENTS_KEPT_FOR)
    assert Event.objects.count() == 2
    run(api, NOON + EVENTS_KEPT_FOR + SECOND)
    assert [row.event_id for row in Event.objects.all()] == ["young"]
    assert run(api, NOON + EVENTS_KEPT_FOR + SECOND).status == 200


@pytest.mark.parametrize("joins", ["on", "off"])
def test_many_are_forgotten_in_batches(api, monkeypatch, django_assert_num_queries, joins):
    """However PostgreSQL plans it: by nested loops, which read a subquery again for each row, too."""
    api.post("/events", {"events": [event(f"e{n}") for n in range(25)], "at": NOON.isoformat()})
    monkeypatch.setattr(retention, "BATCH", 10)
    with connection.cursor() as cursor:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = {joins}")
    with django_assert_num_queries(3):
        assert forget_events(before=NOON + SECOND) == 25
    assert forget_events(before=NOON + SECOND) == 0


def test_reservations_that_became_no_order_are_forgotten_after_90_days(api):
    live(api)
    released = api.post("/checkout/reservations", cart("SHARED1"))
    api.delete(f"/checkout/reservations/{released['reservation_id']}?at=2026-03-10T12:00:00Z")

    run(api, NOON + RESERVATIONS_KEPT_FOR)
    assert {row.status for row in Reservation.objects.all()} == {"redeemed", "released", "expired"}
    run(api, NOON + RESERVATIONS_KEPT_FOR + SECOND)
    assert {row.status for row in Reservation.objects.all()} == {"redeemed", "expired"}
    # That one expired in the run before: its 90 days begin there.
    assert set(PromotionUse.objects.values_list("status", flat=True)) == {"used", "released"}
    gone = api.get(f"/checkout/reservations/{released['reservation_id']}")
    assert gone.status == 404


def test_opens_and_clicks_are_forgotten_after_two_years(api):
    live(api)
    delivery = Delivery.objects.get(customer__reference=CUSTOMER)
    Response.objects.create(delivery=delivery, kind="open", agent="human", at=NOON + SECOND)

    run(api, NOON + RESPONSES_KEPT_FOR)
    assert Response.objects.count() == 2
    run(api, NOON + RESPONSES_KEPT_FOR + SECOND)
    assert [row.at for row in Response.objects.all()] == [NOON + SECOND]
