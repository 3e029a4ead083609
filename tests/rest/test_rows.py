"""Batches: a row that cannot even be read is an error of that row, and the others are applied."""

import json
from typing import Any, NamedTuple

import pytest

from tests.api import Api
from tests.rest.writes import EVENT, ORDER, rows

LINE: dict[str, Any] = ORDER["lines"][0]  # type: ignore[assignment,index]
PRODUCT = {"name": {"en": "Tea"}, "currency": "EUR"}


class Batch(NamedTuple):
    """A batch of two good rows; in the text and the number of the first anything may stand."""

    path: str
    member: str
    good: dict[str, Any]
    id_name: str
    text: tuple[str, dict[str, Any]]
    number: tuple[str, dict[str, Any]]


BATCHES = {
    "customers": Batch(
        "/customers/batch", "customers", {"city": "Bonn"}, "customer_id",
        ("/first_name", {"first_name": "HERE"}),
        ("/attributes/spent", {"attributes": {"spent": "HERE"}}),
    ),
    "products": Batch(
        "/products/batch", "products", PRODUCT, "sku",
        ("/name/de", {"name": {"de": "HERE"}}),
        ("/price", {"price": "HERE"}),
    ),
    "orders": Batch(
        "/orders/batch", "orders", ORDER, "order_id",
        ("/lines/0/name", {"lines": [{**LINE, "name": "HERE"}]}),
        ("/lines/0/unit_price", {"lines": [{**LINE, "unit_price": "HERE"}]}),
    ),
    "events": Batch(
        "/events", "events", EVENT, "event_id",
        ("/name", {"name": "HERE"}),
        ("/properties/spent", {"properties": {"spent": "HERE"}}),
    ),
}  # fmt: skip


def sent(batch: Batch, spoilt: dict[str, Any], here: str, **around: Any) -> bytes:
    ids = [{batch.id_name: name} for name in ("r1", "r2", "r3")]
    body = {batch.member: [{**batch.good, **each} for each in ids], **around}
    body[batch.member][1] |= spoilt
    return json.dumps(body).replace('"HERE"', here).encode()


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize(
    "half", [r'"\ud800"', r'"a\udfffb"', r'"a\u0000"'], ids=["first half", "last half", "NUL"]
)
def test_a_text_that_is_none_spoils_its_row_alone(shop: Api, name: str, half: str):
    batch = BATCHES[name]
    pointer, spoilt = batch.text
    got = shop.post(batch.path, sent(batch, spoilt, half))
    assert (got.status, got["created"]) == (200, 2)
    [error] = got["errors"]
    assert (error["index"], [each["pointer"] for each in error["errors"]]) == (1, [pointer])


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5_000], ids=["great", "low", "long"])
def test_a_number_beyond_all_bounds_spoils_its_row_alone(shop: Api, name: str, number: str):
    batch = BATCHES[name]
    pointer, spoilt = batch.number
    got = shop.post(batch.path, sent(batch, spoilt, number))
    assert (got.status, got["created"]) == (200, 2)
    [error] = got["errors"]
    told = [each["pointer"] for each in error["errors"]]
    assert error["index"] == 1
    # Of what an event holds only the object is named.
    assert told == [pointer] or (name, told) == ("events", ["/properties"])


def test_of_a_row_every_wrong_field_is_told(shop: Api):
    wrong = [
        {"line_id": "1", "sku": "TEA", "quantity": 0, "unit_price": "5", "naem": "x"},
        {"line_id": "2", "sku": "TEA", "quantity": 1, "unit_price": 5},
        {"line_id": "3", "sku": "T E A", "quantity": 1},
    ]
    body = {"order_id": "o1", "customer_id": 7, "status": "sent", "lines": wrong}
    got = shop.post("/orders/batch", {"orders": [body, {"order_id": "r1", **ORDER}, []]})
    assert (got.status, got["created"]) == (200, 1)
    first, last = got["errors"]
    assert {error["pointer"]: error["code"] for error in first["errors"]} == {
        "/customer_id": "invalid",
        "/currency": "required",
        "/status": "invalid",
        "/lines/0/quantity": "invalid",
        "/lines/0/unit_price": "invalid",
        "/lines/0/naem": "unknown_field",
        "/lines/2/sku": "invalid",
        "/lines/2/unit_price": "required",
    }
    told = {error["pointer"]: error["detail"] for error in first["errors"]}
    assert told["/status"].startswith("'sent' is none of these: `cancelled`")
    assert told["/lines/0/quantity"] == "A number of at least 1."
    assert (last["index"], [error["pointer"] for error in last["errors"]]) == (2, [""])


def test_of_a_row_with_thousands_of_wrong_fields_a_hundred_are_told(shop: Api):
    row = {"order_id": "o1", **ORDER, "lines": [{"line_id": n} for n in range(1_000)]}
    (error,) = shop.post("/orders/batch", {"orders": [row]})["errors"]
    assert len(error["errors"]) == 100


@pytest.mark.parametrize("name", BATCHES)
def test_half_a_surrogate_pair_in_a_name_spoils_its_row_alone(shop: Api, name: str):
    batch = BATCHES[name]
    raw = sent(batch, {"HALF": 1}, "").replace(b"HALF", rb"\ud800")
    got = shop.post(batch.path, raw)
    assert (got.status, got["created"]) == (200, 2)
    assert [(each["index"], each["errors"][0]["pointer"]) for each in got["errors"]] == [(1, "")]


def test_half_a_surrogate_pair_beside_the_rows_refuses_the_call(shop: Api):
    before = rows()
    raw = sent(BATCHES["customers"], {}, "", HALF=1).replace(b"HALF", rb"\ud800")
    got = shop.post("/customers/batch", raw)
    assert (got.status, got.pointers) == (422, [""])
    assert rows() == before


@pytest.mark.parametrize("raw", [b'{"customers": [{"customer_id": "a", "city": "\xed\xa0\x80"}]}'])
def test_a_spoilt_batch_under_a_key_is_answered_the_same_again(shop: Api, raw: bytes):
    first, again = (
        shop.post("/customers/batch", raw, idempotency_key="0123456789abcdef") for _ in "ab"
    )
    assert (first.status, first["errors"][0]["errors"][0]["pointer"]) == (200, "/city")
    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("raw", [b'{"customers": [{"customer_id": "a"}', b'{"customers": [NaN]}'])
def test_a_batch_that_is_no_json_is_malformed(shop: Api, raw: bytes):
    assert shop.post("/customers/batch", raw).status == 400


def test_the_instant_of_a_spoilt_batch_counts(shop: Api):
    batch = BATCHES["events"]
    raw = sent(batch, batch.text[1], r'"\ud800"', at="2026-03-01T09:59:59Z")
    assert (got := shop.post(batch.path, raw)).status == 200, got
    raw = sent(batch, batch.text[1], r'"\ud800"', at="soon")
    assert shop.post(batch.path, raw).pointers == ["/at"]
