"""Somebody leaves, or confirms, many times at once: providers and people press again."""

from functools import partial

import pytest

from customers.models import ConsentRecord
from journal.models import OutboxEvent
from tests.api import Api, make_key
from tests.campaigns.reader import ONE_CLICK, confirming, leaving, make_ada, post, states
from tests.races.storm import Told, storm

pytestmark = pytest.mark.postgres15


@pytest.fixture
def ada(transactional_db: None, clock: None) -> Api:
    """Who granted marketing by e-mail."""
    api = Api(make_key())
    make_ada(api, "email/marketing")
    return api


def pressed(path: str, form: dict[str, str]) -> Told:
    return Told(post(path, form).status)


def test_leaving_many_times_at_once_is_one_record_and_one_event(ada: Api, seed: int):
    jobs = [(n, partial(pressed, leaving(delivery=n % 2), ONE_CLICK)) for n in range(40)]
    attempts = storm(jobs, seed=seed, in_flight=2)
    assert {attempt.told.status for attempt in attempts} == {200}
    assert ConsentRecord.objects.filter(state="withdrawn").count() == 1
    assert OutboxEvent.objects.filter(type="customer.unsubscribed").count() == 1
    assert states(ada)[("email", "marketing")] == "withdrawn"


def test_what_is_confirmed_and_left_at_once_holds_as_it_was_said_last(ada: Api, seed: int):
    ada.put(
        "/customers/ada/consents/email/marketing",
        {"state": "withdrawn", "recorded_at": "2026-03-02T00:00:00Z"},
    )
    said = {"state": "requested", "at": "2026-03-10T12:00:00Z"}
    ada.put("/customers/ada/consents/email/marketing", said)
    confirm = confirming(ConsentRecord.objects.get(state="requested"))
    jobs = [("confirm", partial(pressed, confirm, {})) for _ in range(20)]
    jobs += [("leave", partial(pressed, leaving(), ONE_CLICK)) for _ in range(20)]
    attempts = storm(jobs, seed=seed, in_flight=2)
    assert {a.told.status for a in attempts if a.tag == "leave"} == {200}
    assert {a.told.status for a in attempts if a.tag == "confirm"} <= {200, 410}
    # Whoever has left cannot be brought back by a link of before.
    assert states(ada)[("email", "marketing")] == "withdrawn"
    assert ConsentRecord.objects.filter(state="granted", source="double opt-in").count() <= 1
