"""Membership plans and memberships over REST: what is sold, and who is in from when to when."""

import pytest

from customers.models import Customer, Membership, MembershipPlan
from customers.queries.memberships import memberships
from journal.queries import history_of
from tests.api import DAY, NOON

CLUB = {
    "name": {"de": "Teeclub", "en": "Tea club"},
    "benefits": {"en": ["Free shipping", "Early access"], "de": ["Versand frei", "Früher dran"]},
    "price": 4900,
    "currency": "EUR",
    "period": "year",
}
JANUARY, FEBRUARY, MARCH = (f"2026-0{month}-01T00:00:00Z" for month in (1, 2, 3))

BAD_PLANS = {
    "no name": ({"name": {}}, "/name"),
    "a blank name": ({"name": {"de": " "}}, "/name"),
    "a name in French": ({"name": {"fr": "Club"}}, "/name/fr"),
    "a text for a name": ({"name": "Club"}, "/name"),
    "a list of benefits": ({"benefits": ["Versand frei"]}, "/benefits"),
    "NUL in a benefit": ({"benefits": {"de": "\x00"}}, "/benefits"),
    "a price below zero": ({"price": -1}, "/price"),
    "a price with a comma": ({"price": 49.9}, "/price"),
    "no currency": ({"currency": None}, "/currency"),
    "a week": ({"period": "week"}, "/period"),
    "a field that is not known": ({"fee": 1}, "/fee"),
}
BAD_PERIODS = {
    "an end at its start": ({"starts_at": MARCH, "ends_at": MARCH}, "/ends_at"),
    "an end before its start": ({"starts_at": MARCH, "ends_at": JANUARY}, "/ends_at"),
    "an end before now": ({"ends_at": JANUARY}, "/ends_at"),
    "a start without an offset": ({"starts_at": "2026-01-01T00:00:00"}, "/starts_at"),
    "the year 9999": ({"ends_at": "9999-12-31T00:00:00Z"}, "/ends_at"),
    "a field that is not known": ({"until": MARCH}, "/until"),
}


@pytest.fixture
def shop(api):
    """A shop with a club and a customer."""
    api.put("/customers/c1", {})
    assert api.put("/membership-plans/club", CLUB).status == 201
    return api


def at(moment):
    return f"at={moment.isoformat().replace('+', '%2B')}"


def test_a_plan_is_put_read_changed_and_listed(api):
    made = api.put("/membership-plans/club", CLUB)
    assert (made.status, made.body) == (201, {"plan_id": "club", **CLUB})
    assert api.get("/membership-plans/club").body == made.body
    assert api.put("/membership-plans/club", CLUB).etag == made.etag
    dearer = api.patch("/membership-plans/club", {"price": 5900, "name": {"de": None}})
    assert (dearer.status, dearer["price"], dearer["name"]) == (200, 5900, {"en": "Tea club"})
    assert dearer.etag != made.etag
    api.put("/membership-plans/basic", {**CLUB, "benefits": {}})
    listed = api.get("/membership-plans?limit=1")
    assert [row["plan_id"] for row in listed["results"]] == ["basic"]
    more = api.get(f"/membership-plans?limit=1&cursor={listed['next_cursor']}")
    assert [row["plan_id"] for row in more["results"]] == ["club"]


@pytest.mark.parametrize(("wrong", "pointer"), BAD_PLANS.values(), ids=BAD_PLANS.keys())
def test_a_bad_plan_is_refused_and_nothing_is_written(api, wrong, pointer):
    refused = api.put("/membership-plans/club", CLUB | wrong)
    assert (refused.status, refused.pointers) == (422, [pointer])
    assert not MembershipPlan.objects.exists()


def test_a_membership_is_recorded_and_stands_from_its_start_until_before_its_end(shop):
    period = {"starts_at": FEBRUARY, "ends_at": MARCH}
    made = shop.put("/customers/c1/memberships/club", {**period, "at": JANUARY})
    assert (made.status, made.body) == (
        201,
        {"plan_id": "club", "name": CLUB["name"], **period, "status": "upcoming"},
    )
    path = "/customers/c1/memberships/club"
    stands = {
        moment: shop.get(f"{path}?at={moment}")["status"]
        for moment in ("2026-01-31T23:59:59Z", FEBRUARY, "2026-02-28T23:59:59.999999Z", MARCH)
    }
    assert list(stands.values()) == ["upcoming", "active", "active", "ended"]
    for moment, status in stands.items():
        [row] = shop.get(f"/customers/c1/memberships?status={status}&at={moment}")["results"]
        assert row["status"] == status
        others = {"upcoming", "active", "ended"} - {status}
        for other in others:
            found = shop.get(f"/customers/c1/memberships?status={other}&at={moment}")
            assert found["results"] == []


def test_put_again_replaces_the_period_and_counts_no_second_membership(shop):
    first = shop.put("/customers/c1/memberships/club", {"starts_at": JANUARY, "ends_at": FEBRUARY})
    longer = shop.put("/customers/c1/memberships/club", {"starts_at": JANUARY, "ends_at": MARCH})
    assert (longer.status, longer["ends_at"], longer.etag == first.etag) == (200, MARCH, False)
    again = shop.put("/customers/c1/memberships/club", {"starts_at": JANUARY, "ends_at": MARCH})
    assert again.etag == longer.etag
    opened = shop.patch("/customers/c1/memberships/club", {"ends_at": None})
    assert (opened["starts_at"], opened["ends_at"]) == (JANUARY, None)
    assert Membership.objects.count() == 1


def test_without_a_start_it_begins_with_the_call_and_keeps_that(shop):
    began = "2026-03-10T12:00:00Z"
    path = "/customers/c1/memberships/club"
    assert shop.put(path, {"at": NOON.isoformat()})["starts_at"] == began
    later = (NOON + DAY).isoformat()
    kept = shop.put(path, {"ends_at": "2027-03-10T12:00:00Z", "at": later})
    assert kept["starts_at"] == began


@pytest.mark.parametrize(("wrong", "pointer"), BAD_PERIODS.values(), ids=BAD_PERIODS.keys())
def test_a_bad_period_is_refused_and_nothing_is_written(shop, wrong, pointer):
    refused = shop.put("/customers/c1/memberships/club", {**wrong, "at": NOON.isoformat()})
    assert (refused.status, refused.pointers) == (422, [pointer])
    assert not Membership.objects.exists()


def test_delete_ends_a_membership_at_once_and_keeps_it_on_record(shop):
    path = "/customers/c1/memberships/club"
    shop.put(path, {"starts_at": JANUARY})
    now = NOON.isoformat().replace("+", "%2B")
    assert shop.delete(f"{path}?at={now}").status == 204
    ended = shop.get(f"{path}?at={now}")
    assert (ended["ends_at"], ended["status"]) == ("2026-03-10T12:00:00Z", "ended")
    assert shop.delete(path).status == 204
    assert shop.get(path)["ends_at"] == "2026-03-10T12:00:00Z"


def test_one_that_has_not_begun_is_ended_before_it_begins(shop):
    path = "/customers/c1/memberships/club"
    shop.put(path, {"starts_at": "2099-01-01T00:00:00Z"})
    assert shop.delete(path).status == 204
    for moment in ("2026-03-10T12:00:00Z", "2099-01-01T00:00:00Z", "2099-06-01T00:00:00Z"):
        assert shop.get(f"{path}?at={moment}")["status"] == "ended"
        found = shop.get(f"/customers/c1/memberships?status=ended&at={moment}")
        assert len(found["results"]) == 1


def test_a_plan_that_somebody_was_a_member_of_stays(shop):
    path = "/customers/c1/memberships/club"
    shop.put(path, {"starts_at": JANUARY, "ends_at": FEBRUARY})
    refused = shop.delete("/membership-plans/club")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert refused["detail"] == "Somebody is or was a member: that stays on record."


def test_a_plan_that_nobody_was_a_member_of_goes(shop):
    shop.put("/membership-plans/other", CLUB)
    assert shop.delete("/membership-plans/other").status == 204
    assert shop.get("/membership-plans/other").status == 404


def test_what_is_not_there_is_not_found(shop):
    for call in (
        shop.get("/membership-plans/none"), shop.delete("/membership-plans/none"),
        shop.patch("/membership-plans/none", {}),
        shop.put("/customers/nobody/memberships/club", {}),
        shop.put("/customers/c1/memberships/none", {}),
        shop.patch("/customers/c1/memberships/club", {}),
        shop.get("/customers/c1/memberships/club"), shop.delete("/customers/c1/memberships/club"),
        shop.get("/customers/nobody/memberships"),
    ):  # fmt: skip
        assert (call.status, call["code"]) == (404, "not_found")
    assert not Customer.objects.filter(reference="nobody").exists()


def test_a_write_for_another_state_does_nothing(shop):
    plan = shop.get("/membership-plans/club").etag
    member = shop.put("/customers/c1/memberships/club", {"starts_at": JANUARY}).etag
    shop.put("/customers/c1/memberships/club", {"starts_at": FEBRUARY})
    shop.patch("/membership-plans/club", {"price": 1})
    path = "/customers/c1/memberships/club"
    assert shop.put(path, {"starts_at": JANUARY}, if_match=member).status == 412
    assert shop.delete(path, if_match=member).status == 412
    assert shop.put("/membership-plans/club", CLUB, if_match=plan).status == 412
    assert shop.delete("/membership-plans/club", if_match=plan).status == 412
    assert shop.get("/membership-plans/club")["price"] == 1


def test_others_read_what_somebody_is_a_member_of_at_an_instant(shop):
    shop.put("/membership-plans/basic", {**CLUB, "name": {"en": "Basic"}})
    shop.put("/customers/c1/memberships/club", {"starts_at": JANUARY, "ends_at": MARCH})
    shop.put("/customers/c1/memberships/basic", {"starts_at": FEBRUARY})
    key = Customer.objects.get(reference="c1").pk
    found = [
        [row.plan.reference for row in memberships(customer_key=key, at=NOON + days * DAY)]
        for days in (-60, -30, 0)
    ]
    assert found == [["club"], ["basic", "club"], ["basic"]]


def test_the_trail_knows_of_changes_but_of_no_dates(shop):
    path = "/customers/c1/memberships/club"
    shop.put(path, {"starts_at": JANUARY})
    shop.put(path, {"starts_at": JANUARY, "ends_at": "2099-01-01T00:00:00Z"})
    shop.delete(path)
    key = str(Customer.objects.get(reference="c1").pk)
    trail = history_of(subject_kind="customer", subject_id=key)
    assert [(entry.action, entry.after) for entry in trail][-3:] == [
        ("customer.membership_recorded", {"plan_id": "club", "fields": ["starts_at", "ends_at"]}),
        ("customer.membership_recorded", {"plan_id": "club", "fields": ["ends_at"]}),
        ("customer.membership_ended", {"plan_id": "club", "fields": ["ends_at"]}),
    ]
    shop.patch("/membership-plans/club", {"price": 5900})
    changed = history_of(subject_kind="membership_plan", subject_id="club").last()
    assert (changed.before["price"], changed.after["price"]) == (4900, 5900)
