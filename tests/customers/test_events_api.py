"""Behaviour over REST: each event is kept once, whoever tells it how often."""

import pytest

from customers.models import Customer, Event
from tests.api import make_key
from tests.customers.told import event

#: Rows that are left out, and the field that each names.
BAD_EVENTS = {
    "no id": ({"event_id": None}, "/event_id"),
    "an id with a space": ({"event_id": "e 1"}, "/event_id"),
    "an id that is too long": ({"event_id": "e" * 129}, "/event_id"),
    "nobody": ({"customer_id": None}, "/customer_id"),
    "no name": ({"name": ""}, "/name"),
    "NUL in the name": ({"name": "page\x00view"}, "/name"),
    "a name that is too long": ({"name": "n" * 129}, "/name"),
    "an instant without an offset": ({"occurred_at": "2026-03-01T10:00:00"}, "/occurred_at"),
    "the year 1": ({"occurred_at": "0001-01-01T00:00:00Z"}, "/occurred_at"),
    "a list of properties": ({"properties": ["tea"]}, "/properties"),
    "NUL in a property": ({"properties": {"q": ["a\x00"]}}, "/properties"),
    "NUL in a property's name": ({"properties": {"q\x00": 1}}, "/properties"),
    "a number too big": ({"properties": {"n": 2**53}}, "/properties"),
    "nine levels": ({"properties": {"a": [[[[[[[[1]]]]]]]]}}, "/properties"),
    "more than 16 KiB": ({"properties": {"a": "x" * 16_384}}, "/properties"),
    "a field that is not known": ({"value": 1}, "/value"),
}


def test_events_are_kept_as_they_were_told(api):
    api.put("/customers/c1", {})
    properties = {"q": "green tea", "results": 12, "filters": {"organic": True}, "page": None}
    told = event("e1", name="search", properties=properties)

    assert api.post("/events", {"events": [told]}).body == {
        "created": 1, "duplicates": 0, "errors": [],
    }  # fmt: skip

    kept = Event.objects.get()
    assert (kept.event_id, kept.customer.reference, kept.name) == ("e1", "c1", "search")
    assert kept.occurred_at.isoformat() == "2026-03-01T09:00:00+00:00"
    assert kept.properties == properties


def test_an_event_seen_before_changes_nothing(api):
    api.post("/events", {"events": [event("e1")]})

    again = event("e1", customer_id="somebody-else", name="other", properties={"a": 1})
    answer = api.post("/events", {"events": [again, event("e2")]})

    assert answer.body == {"created": 1, "duplicates": 1, "errors": []}
    assert Event.objects.get(event_id="e1").name == "page_view"
    assert not Customer.objects.filter(reference="somebody-else").exists()


def test_of_an_event_told_twice_in_one_call_the_first_counts(api):
    twice = [event("e1", name="first"), event("e1", name="second")]
    assert api.post("/events", {"events": twice})["duplicates"] == 1
    assert Event.objects.get().name == "first"


def test_whoever_is_not_known_yet_is_created_empty(api):
    api.post("/events", {"events": [event("e1", customer_id="c9"), event("e2", customer_id="c9")]})
    assert api.get("/customers/c9")["email"] is None
    assert Event.objects.filter(customer__reference="c9").count() == 2


@pytest.mark.parametrize(("wrong", "pointer"), BAD_EVENTS.values(), ids=BAD_EVENTS.keys())
def test_a_bad_row_is_left_out_and_named_and_the_others_are_kept(api, wrong, pointer):
    rows = [event("good-1"), event("bad") | wrong, event("good-2")]

    answer = api.post("/events", {"events": rows})

    assert (answer.status, answer["created"], answer["duplicates"]) == (200, 2, 0)
    [told] = answer["errors"]
    assert (told["index"], [error["pointer"] for error in told["errors"]]) == (1, [pointer])
    assert set(Event.objects.values_list("event_id", flat=True)) == {"good-1", "good-2"}


def test_a_row_without_a_field_is_left_out(api):
    row = event("e1")
    del row["occurred_at"]
    [told] = api.post("/events", {"events": [row]})["errors"]
    assert told["errors"][0]["pointer"] == "/occurred_at"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/events"),
        ({"events": []}, "/events"),
        ({"events": [event(f"e{n}") for n in range(1001)]}, "/events"),
        ({"events": {}}, "/events"),
        ({"events": [event("e1")], "source": "web"}, "/source"),
    ],
    ids=["nothing", "no rows", "1,001 rows", "no list", "a field that is not known"],
)
def test_a_call_that_is_no_batch_is_refused(api, body, pointer):
    refused = api.post("/events", body)
    assert (refused.status, refused.pointers) == (422, [pointer])
    assert not Event.objects.exists()


def test_the_same_key_gets_the_first_answer_again(api):
    body = {"events": [event("e1")]}
    first = api.post("/events", body, idempotency_key="events-0123456789")
    again = api.post("/events", body, idempotency_key="events-0123456789")
    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"
    assert api.post("/events", body, idempotency_key=None)["duplicates"] == 1


def test_a_thousand_events_are_taken_in_a_few_statements(api, django_assert_max_num_queries):
    rows = [event(f"e{n}", customer_id=f"c{n % 100}") for n in range(1000)]
    with django_assert_max_num_queries(14):
        assert api.post("/events", {"events": rows})["created"] == 1000


def test_the_key_needs_the_scope_of_customers(api, api_without_scope):
    api_without_scope.key = make_key("orders", name="orders")
    refused = api_without_scope.post("/events", {"events": [event("e1")]})
    assert (refused.status, refused["code"]) == (403, "scope_missing")
