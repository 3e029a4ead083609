"""Bodies: what is odd is refused, the field is named, nothing is written."""

import json
from typing import Any

import pytest

from tests.api import NOON, Api
from tests.rest.writes import CART, ORDER, PROMOTION, WRITES, each_refused, refused, rows

#: An empty object or nothing.
NEED_NO_BODY = {"portal link"}


@pytest.mark.parametrize("write", WRITES)
def test_a_good_call_is_taken(shop: Api, write: str):
    method, path, body = WRITES[write]
    got = shop.call(method, path, body, idempotency_key="some-key-0123456789")
    assert 200 <= got.status < 300, got


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": 1} {}',
        b"\xff\xfe{}",
        b'{"a": "\xff"}',
        b'{"\xc3\x28": 1}',
        b'{"a": "\x01"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=[
        "open", "trailing comma", "single quotes", "NaN", "two values", "UTF-16",
        "invalid UTF-8", "invalid UTF-8 in a name", "control character", "deep list", "deep object",
    ],
)  # fmt: skip
def test_what_is_no_json_is_malformed(shop: Api, raw: bytes):
    for got in each_refused(shop, lambda body: raw):
        assert (got.status, got["code"]) == (400, "malformed_request")


@pytest.mark.parametrize("write", sorted(WRITES.keys() - NEED_NO_BODY))
def test_nothing_at_all_is_malformed_where_a_body_is_needed(shop: Api, write: str):
    got = refused(shop, write, b"")
    assert (got.status, got["code"]) == (400, "malformed_request")


def test_json_that_breaks_off_after_a_wrong_field_is_malformed(shop: Api):
    for got in each_refused(shop, lambda body: json.dumps({"x": 1, **body}).encode()[:-1]):
        assert (got.status, got["code"]) == (400, "malformed_request")


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"x"', b"1", b"true"])
def test_json_that_is_no_object_is_refused(shop: Api, raw: bytes):
    for got in each_refused(shop, lambda body: raw):
        assert (got.status, got["code"]) == (422, "validation_failed")
        assert got.pointers == [""]


def test_an_unknown_field_is_named(shop: Api):
    for got in each_refused(shop, lambda body: {**body, "quanity": 1}):
        assert (got.status, got.pointers) == (422, ["/quanity"])
        assert got["errors"][0]["code"] == "unknown_field"


def test_the_pointer_to_a_field_is_escaped(shop: Api):
    for got in each_refused(shop, lambda body: {**body, "a/b~c": 1}):
        assert got.pointers == ["/a~1b~0c"]


@pytest.mark.parametrize("depth", [50, 200, 950])
def test_a_deep_patch_is_refused_and_no_bug(shop: Api, depth: int):
    raw = b'{"limits":' * depth + b"1" + b"}" * depth
    got = refused(shop, "promotion patch", raw)
    assert got.status in {400, 422}


WORDS: dict[str, tuple[str, str, Any]] = {
    # Where text goes in: the write, the field's pointer, the body around it.
    "customer": ("customer", "/city", lambda text: {"city": text}),
    "attribute": ("customer", "/attributes/note", lambda text: {"attributes": {"note": text}}),
    "patch": ("customer patch", "/city", lambda text: {"city": text}),
    "promotion": ("promotion", "/name", lambda text: {**PROMOTION, "name": text}),
    "title": ("promotion", "/title/de", lambda text: {**PROMOTION, "title": {"de": text}}),
    "channel": ("validate", "/channel", lambda text: {**CART, "channel": text}),
    "code": ("validate", "/codes/0", lambda text: {**CART, "codes": [text]}),
    "sku": (
        "reserve",
        "/lines/0/sku",
        lambda text: {**CART, "lines": [{**CART["lines"][0], "sku": text}]},  # type: ignore[dict-item]
    ),
    "order id": ("redeem", "/order_id", lambda text: {**CART, "order_id": text}),
    "a new code": ("code", "/code", lambda text: {"code": text}),
}


# What a shopper typed as a code is answered whatever it is: see tests/checkout/test_carts.py.
@pytest.mark.parametrize("field", sorted(WORDS.keys() - {"code"}))
def test_nul_is_refused_and_the_field_named(shop: Api, field: str):
    write, pointer, around = WORDS[field]
    got = refused(shop, write, around("abcd\x00ef"))
    assert (got.status, got.pointers) == (422, [pointer])


@pytest.mark.parametrize("field", WORDS)
@pytest.mark.parametrize("half", [r"\ud800", r"\udfff", r"ab\ud83dcd"])
def test_half_of_a_surrogate_pair_is_refused_and_the_field_named(shop: Api, field: str, half: str):
    write, pointer, around = WORDS[field]
    raw = json.dumps(around("HALF")).replace("HALF", half).encode()
    got = refused(shop, write, raw)
    assert (got.status, got.pointers) == (422, [pointer])


def test_a_whole_surrogate_pair_is_text(shop: Api):
    got = shop.put("/customers/bob", rb'{"city": "\ud83c\udf75"}')
    assert (got.status, got["city"]) == (201, "🍵")


@pytest.mark.parametrize("field", WORDS)
@pytest.mark.parametrize("value", [1, 1.5, True, ["x"], {"x": 1}])
def test_what_is_no_text_is_refused_and_the_field_named(shop: Api, field: str, value: Any):
    write, pointer, around = WORDS[field]
    if field == "attribute" and value != {"x": 1}:
        return  # attributes may be of any simple sort
    got = refused(shop, write, around(value))
    assert got.status == 422
    assert got.pointers == [pointer]


@pytest.mark.parametrize("field", ["customer", "attribute", "promotion", "channel", "sku", "code"])
def test_text_without_end_is_refused_and_the_field_named(shop: Api, field: str):
    write, pointer, around = WORDS[field]
    got = refused(shop, write, around("x" * 20_000))
    assert (got.status, got.pointers) == (422, [pointer])


AMOUNTS: dict[str, tuple[str, str, Any]] = {
    "unit_price": (
        "validate", "/lines/0/unit_price",
        lambda number: {**CART, "lines": [{**CART["lines"][0], "unit_price": number}]},  # type: ignore[dict-item]
    ),
    "quantity": (
        "reserve", "/lines/0/quantity",
        lambda number: {**CART, "lines": [{**CART["lines"][0], "quantity": number}]},  # type: ignore[dict-item]
    ),
    "shipping_amount": (
        "order", "/shipping_amount", lambda number: {**ORDER, "shipping_amount": number},
    ),
    "effect": (
        "promotion", "/effect/amount",
        lambda number: {**PROMOTION, "effect": {"kind": "fixed_amount", "amount": number}},
    ),
    "limit": (
        "promotion", "/limits/redemptions",
        lambda number: {**PROMOTION, "limits": {"redemptions": number}},
    ),
    "patched": ("promotion patch", "/limits/redemptions", lambda n: {"limits": {"redemptions": n}}),
    "uses": ("code", "/max_redemptions", lambda number: {"max_redemptions": number}),
    "count": ("code batch", "/count", lambda number: {"count": number}),
    "ttl": ("reserve", "/ttl_seconds", lambda number: {**CART, "ttl_seconds": number}),
}  # fmt: skip


@pytest.mark.parametrize("field", AMOUNTS)
@pytest.mark.parametrize(
    "number", ["-1", "1.0", "1.5", "1e2", "1e999", "9" * 30, "9" * 5_000, '"1"', "true", "[]"],
    ids=lambda number: number[:12],
)  # fmt: skip
def test_numbers_are_whole_and_within_bounds(shop: Api, field: str, number: str):
    write, pointer, around = AMOUNTS[field]
    raw = json.dumps(around("NUMBER")).replace('"NUMBER"', number).encode()
    got = refused(shop, write, raw)
    assert got.status == 422, got
    assert got.pointers == [pointer]


def test_of_a_name_that_stands_twice_the_last_counts(shop: Api):
    got = shop.put("/customers/bob", b'{"city": "Bonn", "city": "Berlin"}')
    assert (got.status, got["city"]) == (201, "Berlin")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_media_type_is_not_taken(shop: Api, media_type: str):
    for got in each_refused(shop, lambda body: body, content_type=media_type):
        assert (got.status, got["code"]) == (415, "unsupported_media_type")


def test_a_media_type_may_name_its_charset(shop: Api):
    kind = "application/json; charset=utf-8"
    assert shop.put("/customers/bob", {}, content_type=kind).status == 201


@pytest.mark.parametrize("write", ["customer patch", "promotion patch"])
def test_a_patch_is_taken_as_merge_patch(shop: Api, write: str):
    _, path, body = WRITES[write]
    assert shop.patch(path, body, content_type="application/merge-patch+json").status == 200
    got = shop.put("/customers/ada", {}, content_type="application/merge-patch+json")
    assert got.status == 415


def test_a_body_above_the_servers_limit_is_too_large(shop: Api, settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    for got in each_refused(shop, lambda body: {**body, "a": "x" * 100}):
        assert (got.status, got["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("write", ["validate", "reserve", "redeem"])
def test_a_cart_above_its_limits_is_too_large(shop: Api, write: str):
    line = {"sku": "TEA-1", "quantity": 1, "unit_price": 1}
    lines = [{"line_id": str(number), **line} for number in range(1001)]
    got = refused(shop, write, {**WRITES[write][2], "lines": lines})
    assert (got.status, got["code"]) == (413, "cart_too_large")
    many = [{"line_id": "1", **line, "quantity": 10_001}]
    got = refused(shop, write, {**WRITES[write][2], "lines": many})
    assert (got.status, got["code"]) == (413, "cart_too_large")


def test_a_call_without_a_body_takes_an_empty_object_and_nothing_else(shop: Api):
    made = shop.post("/checkout/redemptions", {**CART, "order_id": "o1"})
    path = f"/checkout/redemptions/{made['redemption_id']}/cancel"
    for raw, status in ((b"{", 400), (b"[]", 422), (b'{"reason": "x"}', 422), (b"null", 422)):
        before = rows()
        assert shop.post(path, raw).status == status
        assert rows() == before
    assert shop.post(path, {}, content_type="text/plain").status == 415
    assert shop.post(path, {}).status == 200


def test_a_body_where_none_belongs_is_read_all_the_same(shop: Api):
    assert shop.call("DELETE", "/promotions/spring", {"force": True}).pointers == ["/force"]
    assert shop.get("/promotions/spring").status == 200
    assert shop.call("DELETE", "/promotions/spring", {"at": NOON.isoformat()}).status == 204
