"""What every endpoint does alike: callers, addresses, methods, parameters, headers."""

from typing import Any

import pytest

from tests.api import Api, make_key
from tests.rest.writes import ORDER, PROMOTION, WRITES, each_refused, rows

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
    refused = api_without_scope.get(path)
    assert refused["code"] == "scope_missing"
    assert refused["detail"] == f"The key needs the scope {scope} for this."
    german = api_without_scope.get(path, accept_language="de")
    assert german["detail"] == f"Dafür braucht der Schlüssel die Berechtigung {scope}."
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


def test_a_cursor_goes_on_with_its_own_list_only(shop: Api):
    """Another list, or the same with another filter, would leave rows out without a word."""
    for name in ("p1", "p2", "p3"):
        shop.put(f"/promotions/{name}", PROMOTION)
        shop.put(f"/customers/{name}", {})
    cursor = shop.get("/promotions?limit=1&status=draft")["next_cursor"]
    assert shop.get(f"/promotions?limit=2&status=draft&cursor={cursor}").status == 200

    for path in ("/promotions?", "/promotions?status=active&", "/customers?", "/error-codes?"):
        got = shop.get(f"{path}cursor={cursor}")
        assert (got.status, got["code"], got.pointers) == (422, "validation_failed", ["/cursor"])


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
