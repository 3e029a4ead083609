"""What every endpoint does alike: bodies, parameters, ids, headers, methods, languages, the clock."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.api import NOON, Api, Got, make_key

CART = {
    "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "TEA-1", "quantity": 1, "unit_price": 1299}],
}
PROMOTION = {"name": "Spring", "effect": {"kind": "percentage", "percent": "20"}}
ORDER = {
    "customer_id": "ada",
    "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "TEA-1", "name": "Tea", "quantity": 1, "unit_price": 1299}],
}
#: One write of each sort: method, address, a good body.
WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "customer": ("PUT", "/customers/bob", {"email": "bob@example.org"}),
    "customer patch": ("PATCH", "/customers/ada", {"city": "Berlin"}),
    "customers": ("POST", "/customers/batch", {"customers": [{"customer_id": "bob"}]}),
    "consent": ("PUT", "/customers/ada/consents/email/marketing", {"state": "granted"}),
    "segment": ("PUT", "/segments/regulars", {"name": "Regulars", "kind": "static"}),
    "order": ("PUT", "/orders/o1", ORDER),
    "orders": ("POST", "/orders/batch", {"orders": [{"order_id": "o1", **ORDER}]}),
    "promotion": ("PUT", "/promotions/new", PROMOTION),
    "promotion patch": ("PATCH", "/promotions/spring", {"name": "Summer"}),
    "code": ("POST", "/promotions/spring/codes", {"code": "SPRING-1"}),
    "code batch": ("POST", "/promotions/spring/code-batches", {"count": 5}),
    "validate": ("POST", "/checkout/validate", CART),
    "reserve": ("POST", "/checkout/reservations", CART),
    "redeem": ("POST", "/checkout/redemptions", {**CART, "order_id": "o1"}),
}
ALL_WRITES = pytest.mark.parametrize("write", WRITES)


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada and a promotion."""
    assert api.put("/customers/ada", {}).status == 201
    assert api.put("/promotions/spring", {**PROMOTION, "status": "active"}).status == 201
    return api


def rows() -> dict[str, int]:
    """How many rows each table has; keys remember their last use, so they do not count."""
    with connection.cursor() as cursor:
        counted = {}
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                counted[model._meta.db_table] = cursor.fetchone()[0]
        return counted


def each_refused(
    api: Api, spoil: Callable[[dict[str, Any]], bytes | dict[str, Any]], **headers: Any
) -> Iterator[Got]:
    """Spoil the body of each write in the same way; nothing may be written."""
    for write, (_, _, body) in WRITES.items():
        yield refused(api, write, spoil(body), **headers)


def refused(api: Api, write: str, raw: bytes | dict[str, Any], **headers: Any) -> Got:
    """Send another body in place of the good one; nothing may be written."""
    method, path, _ = WRITES[write]
    before = rows()
    call = api.post if method == "POST" else api.put if method == "PUT" else api.patch
    got = call(path, raw, **headers)
    assert 400 <= got.status < 500, (write, got)
    assert got.headers["Content-Type"] == "application/problem+json"
    assert rows() == before, write
    return got


@ALL_WRITES
def test_a_good_call_is_taken(shop: Api, write: str):
    method, path, body = WRITES[write]
    got = shop.call(method, path, body, idempotency_key="some-key-0123456789")
    assert 200 <= got.status < 300, got


@pytest.mark.parametrize(
    "raw",
    [
        b"",
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
        "empty", "open", "trailing comma", "single quotes", "NaN", "two values", "UTF-16",
        "invalid UTF-8", "invalid UTF-8 in a name", "control character", "deep list", "deep object",
    ],
)  # fmt: skip
def test_what_is_no_json_is_malformed(shop: Api, raw: bytes):
    for got in each_refused(shop, lambda body: raw):
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


@pytest.mark.parametrize("field", WORDS)
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
    # Of a number beyond all bounds the parser does not always know the place.
    assert got.pointers == [pointer] or number in {"1e999", "9" * 5_000}


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


# Who calls


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "pk_x", "Bearer pk_é", "Bearer \x00"],
)
def test_without_a_valid_key_nothing_opens(nobody: Api, authorization: str | None):
    for path in ("/customers", "/checkout/reservations/rsv_1", "/jobs/job_1", "/error-codes"):
        got = nobody.get(path, authorization=authorization)
        assert (got.status, got["code"]) == (401, "authentication_required")
        assert got.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_with_one_letter_changed_opens_nothing(api: Api):
    assert api.key is not None
    last = "A" if api.key[-1] != "A" else "B"
    for key in (api.key[:-1] + last, api.key[:-1], api.key.upper(), f"{api.key}A"):
        assert Api(key).get("/customers").status == 401
    spaced = Api(None).get("/customers", authorization=f"bearer  {api.key} ")
    assert spaced.status == 200


def test_a_key_without_the_scope_writes_nothing(shop: Api, api_without_scope: Api):
    for got in each_refused(api_without_scope, lambda body: body):
        assert (got.status, got["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/customers", "customers"),
        ("/customers/ada/segments", "customers"),
        ("/segments", "segments"),
        ("/orders", "orders"),
        ("/promotions", "promotions"),
        ("/promotions/spring/codes", "promotions"),
        ("/checkout/redemptions?order_id=o1", "checkout"),
        ("/decisions/dec_00000000000000000000000000000000", "checkout"),
    ],
)
def test_each_path_needs_the_scope_of_its_noun_to_be_read(
    shop: Api, api_without_scope: Api, path: str, scope: str
):
    assert api_without_scope.get(path)["code"] == "scope_missing"
    assert Api(make_key(scope)).get(path).status in {200, 404}


# Addresses, methods, parameters


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nowhere", "/customers/", "/customers/a/b/c", "/orders/o1/returns/", "/../x"],
)
def test_an_unknown_address_is_a_problem_too(api: Api, path: str):
    for method in ("GET", "POST", "PUT", "DELETE"):
        got = api.call(method, path)
        assert (got.status, got["code"]) == (404, "not_found"), path
        assert got.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "odd", ["a b", "ä", "a%00b", "a%0Ab", "%ff", "x" * 129, "a,b", "%F0%9F%8D%B5"]
)
@pytest.mark.parametrize("noun", ["customers", "orders", "promotions", "segments"])
def test_what_can_be_no_id_is_not_found_and_not_made(shop: Api, noun: str, odd: str):
    bodies = {
        name.split()[0] + "s": write[2] for name, write in WRITES.items() if write[0] == "PUT"
    }
    assert shop.get(f"/{noun}/{odd}").status == 404
    assert shop.patch(f"/{noun}/{odd}", {}).status == 404
    before = rows()
    got = shop.put(f"/{noun}/{odd}", bodies[noun])
    assert (got.status, got.pointers) == (422, [f"/{noun[:-1]}_id"])
    assert rows() == before


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/customers/ada", {"GET", "HEAD", "PUT", "PATCH"}),
        ("DELETE", "/customers/ada", {"GET", "HEAD", "PUT", "PATCH"}),
        ("DELETE", "/orders/o1", {"GET", "HEAD", "PUT", "PATCH"}),
        ("DELETE", "/promotions/spring/codes/X", {"GET", "HEAD", "PATCH"}),
        ("GET", "/checkout/validate", {"POST"}),
        ("OPTIONS", "/customers", {"GET", "HEAD"}),
        ("TRACE", "/customers", {"GET", "HEAD"}),
        ("BREW", "/customers", {"GET", "HEAD"}),
    ],
)
def test_another_method_is_told_which_are_allowed(
    api: Api, method: str, path: str, allowed: set[str]
):
    got = api.call(method, path)
    assert (got.status, got["code"]) == (405, "method_not_allowed")
    assert set(got.headers["Allow"].split(", ")) == allowed


def test_head_is_answered_where_get_is(shop: Api):
    got = shop.call("HEAD", "/customers/ada")
    assert (got.status, got.raw) == (200, b"")
    assert got.etag


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=1.5", "/limit"),
        ("limit=", "/limit"),
        ("limit=1&limit=2", "/limit"),
        (f"limit={'9' * 5000}", "/limit"),
        ("cursor=x", "/cursor"),
        ("cursor=%00", "/cursor"),
        ("cursor=bnVsbA", "/cursor"),
        ("cursor=IlwwIg", "/cursor"),
        (f"cursor={'x' * 3000}", "/cursor"),
        ("cursr=x", "/cursr"),
        ("a~b/c=1", "/a~0b~1c"),
        ("%ff=1", "/\ufffd"),
        ("status=open", "/status"),
    ],
)
@pytest.mark.parametrize("noun", ["orders", "promotions"])
def test_a_wrong_parameter_is_named(api: Api, noun: str, query: str, pointer: str):
    got = api.get(f"/{noun}?{query}")
    assert (got.status, got["code"]) == (422, "validation_failed")
    assert got.pointers == [pointer]


def test_thousands_of_parameters_are_refused(api: Api):
    got = api.get("/customers?" + "&".join(f"a{number}=1" for number in range(3000)))
    assert (got.status, got["code"]) == (422, "validation_failed")


def test_writes_take_no_parameters(shop: Api):
    got = shop.put("/customers/ada?dry_run=true", {"city": "Bonn"})
    assert (got.status, got.pointers) == (422, ["/dry_run"])
    assert shop.get("/customers/ada")["city"] is None


def test_pages_follow_one_another(api: Api):
    names = [f"c{number:02}" for number in range(5)]
    api.post("/customers/batch", {"customers": [{"customer_id": name} for name in names]})
    seen, path = [], "/customers?limit=2"
    for _ in range(3):
        got = api.get(path)
        seen.append([row["customer_id"] for row in got["results"]])
        path = f"/customers?limit=2&cursor={got['next_cursor']}"
        # A row that is made before the cursor shifts nothing.
        api.put(f"/customers/a{len(seen)}", {})
    assert seen == [["c00", "c01"], ["c02", "c03"], ["c04"]]
    assert got["next_cursor"] is None


# Headers


@pytest.mark.parametrize("given", ["storefront-4711", "x" * 128, "!~"])
def test_the_request_id_is_echoed(api: Api, given: str):
    got = api.get("/customers/nobody", x_request_id=given)
    assert got.headers["X-Request-Id"] == got["request_id"] == given


@pytest.mark.parametrize("given", [None, "", "x" * 129, "a b", "ä"])
def test_a_request_id_is_made_where_none_can_be_echoed(api: Api, given: str | None):
    one, two = (api.get("/customers/nobody", x_request_id=given) for _ in range(2))
    assert len(one["request_id"]) == 32
    assert one["request_id"] == one.headers["X-Request-Id"] != two["request_id"]


#: One of each sort, and how it looks after a change.
RESOURCES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/customers/x": ({"city": "Bonn"}, {"city": "Berlin"}),
    "/segments/x": ({"name": "X", "kind": "static"}, {"name": "Y", "kind": "static"}),
    "/promotions/x": (PROMOTION, {**PROMOTION, "name": "Summer"}),
    "/orders/x": (ORDER, {**ORDER, "status": "paid"}),
}


@pytest.mark.parametrize("path", RESOURCES)
def test_an_etag_changes_with_its_resource_and_guards_it(api: Api, path: str):
    body, other = RESOURCES[path]
    assert api.put(path, body, if_match="*")["code"] == "precondition_failed"
    assert api.put(path, body, if_match='"1-1"').status == 412
    assert api.get(path).status == 404
    made = api.put(path, body)
    assert (made.status, made.etag) == (201, api.get(path).etag)

    for stale in ('"0-0"', "x", f'{made.etag[:-1]}0"', '"é"'):
        before = rows()
        got = api.put(path, body, if_match=stale)
        assert (got.status, got["code"]) == (412, "precondition_failed"), stale
        assert api.patch(path, {}, if_match=stale).status == 412
        assert (rows(), api.get(path).etag) == (before, made.etag)

    changed = api.put(path, other, if_match=made.etag)
    assert changed.status == 200
    assert changed.etag != made.etag
    assert api.put(path, body, if_match=made.etag).status == 412
    assert api.put(path, other, if_match=f'"0-0", {changed.etag}').status == 200
    assert api.put(path, other, if_match="*").status == 200
    assert api.put(path, other).status == 200


@pytest.mark.parametrize("path", ["/segments/x", "/promotions/x"])
def test_a_resource_is_deleted_once_and_its_etag_not_used_again(api: Api, path: str):
    body, _ = RESOURCES[path]
    first = api.put(path, body)
    assert api.delete(path, if_match='"0-0"').status == 412
    gone = api.delete(path, if_match=first.etag)
    assert (gone.status, gone.raw) == (204, b"")
    assert "Content-Type" not in gone.headers
    assert api.delete(path).status == 404
    assert api.put(path, body).etag != first.etag


# The test clock


@ALL_WRITES
def test_without_the_test_clock_nobody_chooses_the_instant(shop: Api, write: str, settings: Any):
    settings.TEST_CLOCK = False
    body = WRITES[write][2]
    got = refused(shop, write, {**body, "at": NOON.isoformat()})
    assert (got.status, got["code"]) == (403, "test_clock_disabled")
    method, path, _ = WRITES[write]
    before = rows()
    got = shop.call(method, f"{path}?at=2026-03-10T12:00:00Z", body, idempotency_key="k" * 16)
    assert (got.status, got["code"]) == (403, "test_clock_disabled")
    assert rows() == before


@pytest.mark.parametrize("path", ["/customers/ada", "/orders", "/jobs/job_x", "/error-codes"])
def test_nor_where_there_is_no_body(shop: Api, path: str, settings: Any):
    settings.TEST_CLOCK = False
    got = shop.get(f"{path}?at=2026-03-10T12:00:00Z")
    assert (got.status, got["code"]) == (403, "test_clock_disabled")
    assert shop.post("/clock/run", {"at": NOON.isoformat()})["code"] == "test_clock_disabled"
    assert shop.post("/clock/run", {})["code"] == "test_clock_disabled"


@pytest.mark.parametrize(
    "at", ["2026-03-10", "2026-03-10T12:00:00", "now", 0, True, "0001-01-01T00:00:00Z",
           "9999-12-31T23:59:59-12:00", {}, "2026-02-30T12:00:00Z"],
    ids=str,
)  # fmt: skip
def test_an_instant_has_an_offset_and_is_within_reach(shop: Api, at: Any):
    for got in each_refused(shop, lambda body: {**body, "at": at}):
        assert (got.status, got.pointers) == (422, ["/at"])


def test_the_instant_of_a_read_may_be_given_with_a_bare_plus(shop: Api):
    assert shop.get("/orders?at=2026-03-10T12:00:00+01:00").status == 200
    assert shop.get("/orders?at=2026-03-10T12:00:00%2B01:00").status == 200
    assert shop.get("/orders?at=soon").pointers == ["/at"]


def test_the_clock_runs_what_is_due(shop: Api):
    held = shop.post("/checkout/reservations", {**CART, "at": NOON.isoformat()})
    got = shop.post("/clock/run", {"at": (NOON + timedelta(hours=1)).isoformat()})
    assert (got.status, got["done"]["reservations_expired"]) == (200, 1)
    assert shop.get(f"/checkout/reservations/{held['reservation_id']}")["status"] == "expired"
    assert shop.post("/clock/run", {}).pointers == ["/at"]


# A call without a body of its own


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
