"""Input that a clumsy or hostile caller sends, each once mended here."""

import logging

import pytest

from tests.api import NOON, Api

HUGE = b'{"attributes": {"x": 1' + b"0" * 400 + b"}}"


def test_a_number_without_end_in_the_attributes_is_refused_by_name(api: Api):
    refused = api.put("/customers/ada", HUGE)

    assert (refused.status, refused.pointers) == (422, ["/attributes/x"])


def test_one_row_with_such_a_number_does_not_spoil_the_batch(api: Api):
    rows = b'{"customers": [{"customer_id": "good"}, {"customer_id": "bad", ' + HUGE[1:-1] + b"}]}"

    answer = api.post("/customers/batch", rows)

    assert (answer.status, answer["created"]) == (200, 1)
    assert [error["index"] for error in answer["errors"]] == [1]


@pytest.mark.parametrize("body", [{"emial": None}, {"etag": None}])
def test_removing_an_unknown_field_is_refused(api: Api, body):
    api.put("/customers/ada", {})

    refused = api.patch("/customers/ada", body)

    assert (refused.status, refused.pointers) == (422, [f"/{next(iter(body))}"])


def test_a_line_break_in_an_address_begins_no_line_of_the_log(api: Api, caplog):
    caplog.set_level(logging.INFO)

    api.get("/customers/forged%0a2026-11-23 ERROR everything is on fire")

    assert all("\n" not in record.getMessage() for record in caplog.records)


def test_an_order_of_which_something_came_back_says_so_when_it_is_redeemed(api: Api):
    line = {"line_id": "1", "sku": "TEA", "quantity": 2, "unit_price": 500}
    order = {"currency": "EUR", "status": "paid", "lines": [line], "at": NOON.isoformat()}
    api.put("/orders/o1", order)
    api.post("/orders/o1/returns", {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}]})

    refused = api.post(
        "/checkout/redemptions", {"currency": "EUR", "lines": [line], "order_id": "o1"}
    )

    assert (refused.status, refused["code"]) == (409, "order_differs_from_redemption")
    assert "came back" in refused["detail"]


@pytest.mark.parametrize("offset", ["+20:29", "-16:00"])
def test_an_offset_of_no_place_on_earth_is_refused(api, offset):
    """PostgreSQL reads no offset of 16 hours or more."""
    at = f"2026-03-10T12:00:00{offset}"
    told = {"event_id": "e1", "customer_id": "c1", "name": "x", "occurred_at": at}
    got = api.post("/events", {"events": [told]})
    assert [row["errors"][0]["pointer"] for row in got["errors"]] == ["/occurred_at"]
    assert api.put("/customers/c1", {"registered_at": at}).pointers == ["/registered_at"]
    assert api.get("/customers/c1").status == 404


def test_a_schedule_of_no_place_on_earth_is_refused_too(api: Api):
    refused = api.put(
        "/promotions/p",
        {
            "name": "P",
            "effect": {"kind": "percentage", "percent": "5"},
            "schedule": {"ends_at": "2026-03-10T12:00:00+20:29"},
        },
    )

    assert (refused.status, refused.pointers) == (422, ["/schedule/ends_at"])
