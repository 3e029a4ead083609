"""An event is kept once, whoever tells it how often at once."""

from functools import partial

import pytest

from customers.models import Customer, Event
from tests.api import NOON
from tests.customers.told import event
from tests.races.storm import by_status, storm

pytestmark = pytest.mark.postgres15


def test_one_event_told_by_eight_threads_is_kept_once(http_shop, seed):
    body = {"events": [event("e1", customer_id="new")]}
    jobs = [(n, partial(http_shop.call, "POST", "/events", body, at=NOON)) for n in range(32)]

    told = by_status(storm(jobs, seed=seed, threads=8, in_flight=4))

    assert told.keys() == {200}
    assert sum(attempt.told["created"] for attempt in told[200]) == 1
    assert sum(attempt.told["duplicates"] for attempt in told[200]) == 31
    assert (Event.objects.count(), Customer.objects.filter(reference="new").count()) == (1, 1)


def test_batches_that_overlap_in_any_order_do_not_stand_in_each_others_way(http_shop, seed):
    rows = [event(f"e{n:03}", customer_id=f"c{n % 7}") for n in range(200)]
    bodies = [{"events": rows[n:] + rows[:n]} for n in range(0, 200, 10)]
    jobs = [
        (n, partial(http_shop.call, "POST", "/events", body, at=NOON))
        for n, body in enumerate(bodies)
    ]

    told = by_status(storm(jobs, seed=seed, threads=8, in_flight=4))

    assert told.keys() == {200}
    assert sum(attempt.told["created"] for attempt in told[200]) == 200
    assert Event.objects.count() == 200
