"""Static segments over REST."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.actions import segments
from customers.models import Customer, Segment, SegmentMember
from customers.queries.segments import members_keys
from journal.queries import history_of
from tests.api import NOON

REGULARS = {"name": "Regulars", "kind": "static"}


@pytest.fixture
def people(api):
    for name in ("c1", "c2", "c3"):
        api.put(f"/customers/{name}", {})
    return api


def test_a_segment_is_put_read_renamed_and_listed(api):
    made = api.put("/segments/regulars", REGULARS | {"at": NOON.isoformat()})
    assert (made.status, made.body) == (
        201,
        {
            "segment_id": "regulars", "name": "Regulars", "kind": "static", "rule": None,
            "member_count": 0, "evaluated_at": "2026-03-10T12:00:00Z",
        },
    )  # fmt: skip
    assert api.get("/segments/regulars").body == made.body
    renamed = api.put("/segments/regulars", {"name": "Friends"})
    assert (renamed.status, renamed["name"]) == (200, "Friends")
    assert api.patch("/segments/regulars", {"name": "Fans"})["name"] == "Fans"
    assert [row["name"] for row in api.get("/segments")["results"]] == ["Fans"]


def test_a_rule_of_another_type_is_another_rule(api):
    """In Python 1 is true; in a rule it is not."""
    api.put("/customers/ada", {"attributes": {"vip": True}})
    rule = {"field": "customer.attributes.vip", "op": "eq", "value": 1}
    body = {"name": "S", "kind": "dynamic"}
    assert api.put("/segments/s1", body | {"rule": rule})["member_count"] == 0
    got = api.put("/segments/s1", body | {"rule": rule | {"value": True}})
    assert got["rule"]["value"] is True
    assert got["member_count"] == 1
    assert api.patch("/segments/s1", {"rule": rule})["rule"]["value"] is not True


def test_the_same_put_again_renews_the_members_and_changes_nothing_else(api):
    rule = {"field": "customer.city", "op": "eq", "value": "Bonn"}
    body = {"name": "S", "kind": "dynamic", "rule": rule}
    made = api.put("/segments/s1", body | {"at": NOON.isoformat()})
    assert made["member_count"] == 0
    api.put("/customers/ada", {"city": "Bonn"})
    later = (NOON + timedelta(days=1)).isoformat()
    again = api.put("/segments/s1", body | {"at": later})
    assert (again.status, again["member_count"]) == (200, 1)
    assert again["evaluated_at"] == "2026-03-11T12:00:00Z"
    assert len(history_of(subject_kind="segment", subject_id="s1")) == 1


def test_a_static_segment_may_say_that_it_has_no_rule(api):
    assert api.put("/segments/s1", REGULARS | {"rule": None}).status == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "static"}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "a\x00"}, "/name"),
        ({"name": "a" * 256}, "/name"),
        ({"name": "a", "kind": "dynamic"}, "/rule"),
        ({"name": "a", "kind": "other"}, "/kind"),
        ({"name": "a", "rule": {}}, "/rule"),
        ({"name": "a", "members": []}, "/members"),
    ],
)
def test_bad_segments_are_refused(api, body, pointer):
    refused = api.put("/segments/s1", body)
    assert (refused.status, refused.pointers) == (422, [pointer])
    assert not Segment.objects.exists()


def test_members_are_replaced_and_listed(people):
    people.put("/segments/s1", REGULARS)
    put = people.put("/segments/s1/members", {"customer_ids": ["c1", "c2", "c1"]})
    assert (put.status, put["member_count"]) == (200, 2)
    put = people.put("/segments/s1/members", {"customer_ids": ["c2", "c3"]})
    assert put["member_count"] == 2
    first = people.get("/segments/s1/members?limit=1")
    second = people.get(f"/segments/s1/members?limit=1&cursor={first['next_cursor']}")
    assert [row["customer_id"] for row in first["results"] + second["results"]] == ["c2", "c3"]
    assert second["next_cursor"] is None
    assert people.get("/customers/c2/segments")["results"] == [
        {"segment_id": "s1", "name": "Regulars"}
    ]
    assert people.get("/customers/c1/segments")["results"] == []


def test_who_stays_keeps_the_beginning_of_the_membership(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1"], "at": "2026-01-01T00:00:00Z"})
    people.put("/segments/s1/members", {"customer_ids": ["c1", "c2"], "at": "2026-02-01T00:00:00Z"})
    since = [row["since"] for row in people.get("/segments/s1/members")["results"]]
    assert since == ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]


def test_an_empty_list_empties_the_segment(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1"]})
    assert people.put("/segments/s1/members", {"customer_ids": []})["member_count"] == 0
    assert not SegmentMember.objects.exists()


def test_unknown_ids_are_refused_and_named(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1"]})
    refused = people.put("/segments/s1/members", {"customer_ids": ["c2", "x1", "c3", "x2"]})
    assert (refused.status, refused.pointers) == (422, ["/customer_ids/1", "/customer_ids/3"])
    many = people.put("/segments/s1/members", {"customer_ids": [f"x{i}" for i in range(500)]})
    assert many.pointers == [f"/customer_ids/{i}" for i in range(100)]
    assert [m["customer_id"] for m in people.get("/segments/s1/members")["results"]] == ["c1"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/customer_ids"),
        ({"customer_ids": "c1"}, "/customer_ids"),
        ({"customer_ids": ["c1", 2]}, "/customer_ids/1"),
        ({"customer_ids": ["c\x001"]}, "/customer_ids/0"),
        ({"customer_ids": ["c1\n"]}, "/customer_ids/0"),
        ({"ids": []}, "/ids"),
    ],
)
def test_bad_lists_are_refused(people, body, pointer):
    people.put("/segments/s1", REGULARS)
    refused = people.put("/segments/s1/members", body)
    assert (refused.status, refused.pointers) == (422, [pointer])


def test_what_is_not_there_is_not_found(people):
    for call in (
        people.get("/segments/s1"), people.get("/segments/s1/members"),
        people.put("/segments/s1/members", {"customer_ids": []}),
        people.patch("/segments/s1", {}), people.delete("/segments/s1"),
        people.get("/customers/c9/segments"), people.get("/segments/%00"),
    ):  # fmt: skip
        assert call.status == 404


def test_a_segment_is_deleted_with_its_list(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1"]})
    deleted = people.delete("/segments/s1")
    assert (deleted.status, deleted.raw) == (204, b"")
    assert people.get("/segments/s1").status == 404


def test_a_segment_that_something_names_stays(people, monkeypatch):
    monkeypatch.setattr(segments, "_uses", [lambda reference: ["things/t1"] * (reference == "s1")])
    people.put("/segments/s1", REGULARS)
    refused = people.delete("/segments/s1")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert refused["detail"] == "It is named by things/t1."
    people.put("/segments/s2", REGULARS)
    assert people.delete("/segments/s2").status == 204


def test_a_write_for_another_state_does_nothing(people):
    etag = people.put("/segments/s1", REGULARS).etag
    changed = people.put("/segments/s1/members", {"customer_ids": ["c1"]}, if_match=etag)
    assert (changed.status, changed.etag == etag) == (200, False)
    body = {"customer_ids": []}
    assert people.put("/segments/s1/members", body, if_match=etag).status == 412
    assert people.put("/segments/s1", {"name": "x"}, if_match=etag).status == 412
    assert people.delete("/segments/s1", if_match=etag).status == 412


def test_every_change_is_in_the_audit_trail(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1"]})
    people.put("/segments/s1", {"name": "Fans"})
    people.delete("/segments/s1")
    trail = history_of(subject_kind="segment", subject_id="s1")
    assert [entry.action for entry in trail] == [
        "segment.created", "segment.members_replaced", "segment.updated", "segment.deleted",
    ]  # fmt: skip
    assert trail[2].before == {"name": "Regulars", "kind": "static", "rule": None}


def test_batches_read_who_is_in(people):
    people.put("/segments/s1", REGULARS)
    people.put("/segments/s1/members", {"customer_ids": ["c1", "c2"]})
    c1, c2 = Customer.objects.filter(reference__in=["c1", "c2"]).order_by("reference")
    key = Segment.objects.get(reference="s1").pk
    assert members_keys(segment_key=key, after=0, limit=10) == [c1.pk, c2.pk]
    assert members_keys(segment_key=key, after=c1.pk, limit=10) == [c2.pk]


def test_a_list_of_a_hundred_thousand_is_quick(api):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (reference, email, first_name, last_name, gender,"
            " phone, locale, timezone, country, postal_code, city, attributes, created_at, revision)"
            " SELECT 'c' || i, '', '', '', '', '', '', '', '', '', '', '{}', now(), 1"
            " FROM generate_series(1, 100000) AS i"
        )
    api.put("/segments/s1", REGULARS)
    body = {"customer_ids": [f"c{i}" for i in range(1, 100_001)]}
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        put = api.put("/segments/s1/members", body)
        took = time.perf_counter() - started
    assert put["member_count"] == 100_000
    assert len(queries) <= 12
    assert took < 15
