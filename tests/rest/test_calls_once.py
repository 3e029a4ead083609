"""A call is made once per Idempotency-Key, and not too often per key of the API."""

from copy import deepcopy
from typing import Any

import msgspec
import pytest

from access import authentication
from config.openapi.document import document
from tests.api import Api, Got, make_key
from tests.rest.writes import ADJUSTMENT, CART, ORDER, PROMOTION, SETTLEMENT, rows

BATCH = {"customers": [{"customer_id": "bob", "city": "Bonn"}]}
KEY = "order-4711-attempt"
NOWHERE = "redis://127.0.0.1:1/0"


def post(api: Api, path: str, body: Any, key: str | None = KEY) -> Got:
    return api.call("POST", path, body, idempotency_key=key)


def test_the_document_says_where_a_key_is_required():
    required = {
        path
        for path, methods in document(test_clock=False)["paths"].items()
        for parameter in methods.get("post", {}).get("parameters", [])
        if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }
    assert required == {
        "/checkout/reservations",
        "/checkout/redemptions",
        "/checkout/redemptions/{redemption_id}/cancel",
        "/orders/{order_id}/returns",
        "/promotions/{promotion_id}/codes",
        "/promotions/{promotion_id}/code-batches",
        "/promotions/{promotion_id}/code-imports",
        "/cashback/adjustments",
        "/cashback/partners/{partner_id}/settlements",
        "/cashback/payouts",
        "/cashback/sepa-files",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/checkout/reservations",
        "/checkout/redemptions",
        "/checkout/redemptions/red_0199a1b2c3d47e5f8a9b0c1d2e000007/cancel",
        "/orders/o1/returns",
        "/promotions/spring/codes",
        "/promotions/spring/code-batches",
        "/cashback/adjustments",
        "/cashback/partners/acme/settlements",
    ],
)
def test_without_a_key_or_with_an_odd_one_nothing_happens(api: Api, path: str):
    api.put("/promotions/spring", PROMOTION)
    api.put("/orders/o1", ORDER)
    bodies: dict[str, Any] = {
        "reservations": CART,
        "redemptions": {**CART, "order_id": "o2"},
        "cancel": None,
        "returns": {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}]},
        "codes": {},
        "adjustments": ADJUSTMENT,
        "settlements": SETTLEMENT,
        "code-batches": {"count": 1},
    }
    before = rows()
    for key in (None, "", "k" * 15, '"' + "k" * 15 + '"', "k" * 256, "k" * 16 + "é", "k\t" * 8):
        got = post(api, path, bodies[path.rpartition("/")[2]], key)
        assert (got.status, got["code"]) == (400, "idempotency_key_required"), key
    assert rows() == before


@pytest.mark.parametrize("path", ["/customers/batch", "/checkout/validate"])
def test_where_a_key_may_be_left_out_an_odd_one_is_refused_too(api: Api, path: str):
    body = CART if "checkout" in path else BATCH
    assert post(api, path, body, "short")["code"] == "idempotency_key_required"
    assert post(api, path, body, None).status == 200


def test_the_first_answer_comes_again_byte_for_byte(api: Api):
    first = post(api, "/customers/batch", BATCH)
    assert (first["created"], first.headers.get("Idempotency-Replayed")) == (1, None)
    before = rows()

    again = post(api, "/customers/batch", BATCH)

    assert (again.status, again.raw) == (200, first.raw)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert rows() == before


def test_a_quoted_key_is_the_bare_one(api: Api):
    post(api, "/customers/batch", BATCH)
    assert "Idempotency-Replayed" in post(api, "/customers/batch", BATCH, f'"{KEY}"').headers


def test_bodies_are_compared_as_parsed_json(api: Api):
    post(api, "/customers/batch", BATCH)
    for same in (
        b'{"customers":[{"city":"Bonn","customer_id":"bob"}]}',
        b' {"customers": [ {"customer_id": "b\\u006fb", "city": "Bonn"} ] } ',
    ):
        assert "Idempotency-Replayed" in post(api, "/customers/batch", same).headers
    other = deepcopy(BATCH)
    other["customers"][0]["city"] = "bonn"
    before = rows()
    got = post(api, "/customers/batch", other)
    assert (got.status, got["code"]) == (422, "idempotency_key_reused")
    assert rows() == before


def test_a_key_belongs_to_its_api_key_and_path(api: Api):
    api.put("/promotions/spring", PROMOTION)
    made = {
        post(api, "/promotions/spring/codes", {})["code"],
        post(Api(make_key()), "/promotions/spring/codes", {})["code"],
        post(api, "/promotions/spring/codes", {}, KEY + "2")["code"],
    }
    assert len(made) == 3
    api.put("/promotions/summer", PROMOTION)
    assert post(api, "/promotions/summer/codes", {})["code"] not in made
    assert post(api, "/promotions/spring/codes", {})["code"] in made


def test_a_failed_call_leaves_the_key_free(api: Api):
    path = "/promotions/spring/codes"
    assert post(api, path, {}).status == 404
    api.put("/promotions/spring", PROMOTION)
    assert post(api, path, {"code": "x"}).status == 422
    assert post(api, path, b"{").status == 400
    assert post(api, path, {"code": "SPRING-1"}).status == 201
    assert post(api, path, {"code": "SPRING-1"}, KEY + "2")["code"] == "code_exists"
    assert post(api, path, {"code": "SPRING-2"}, KEY + "2").status == 201


def test_puts_do_not_look_at_a_key(api: Api):
    for city in ("Bonn", "Berlin"):
        got = api.put("/customers/bob", {"city": city}, idempotency_key=KEY)
        assert got["city"] == city


# How often


def test_a_key_that_calls_too_often_has_to_wait(api: Api, settings: Any):
    settings.RATE_LIMIT_PER_MINUTE = 3
    # Seven calls reach into at most two minutes, each of which has room for three.
    got = [api.get("/customers") for _ in range(7)]
    refused = [answer for answer in got if answer.status == 429]
    assert refused
    for answer in refused:
        assert answer["code"] == "rate_limited"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert Api(make_key(name="other")).get("/customers").status == 200


def test_of_a_large_limit_each_process_takes_some_calls_at_once_and_none_too_many(
    api: Api, settings: Any
):
    settings.RATE_LIMIT_PER_MINUTE = 3_050
    got = [
        "held" if share is None else share.holds_this_call()
        for share in (authentication._take_one_call(-7, minute=1) for _ in range(3_060))
    ]
    assert got.count(False) == 10
    assert got[3_050:] == [False] * 10
    # Of three that are taken Redis is asked for one, and the last share is a part of one.
    assert got.count("held") == 2_033
    assert authentication._take_one_call(-7, minute=2) is not None


def test_a_refused_call_writes_nothing(api: Api, settings: Any):
    settings.RATE_LIMIT_PER_MINUTE = 1
    for _ in range(2):
        api.get("/customers")
    before = rows()
    got = [api.put(f"/customers/c{number}", {}) for number in range(3)]
    assert [answer.status for answer in got].count(429) >= 2
    assert rows()["customers_customer"] <= before["customers_customer"] + 1


def test_there_is_no_limit_unless_it_is_set(api: Api, settings: Any):
    assert settings.RATE_LIMIT_PER_MINUTE == 0
    assert {api.get("/customers").status for _ in range(20)} == {200}


def test_without_redis_calls_go_on(api: Api, settings: Any):
    settings.RATE_LIMIT_PER_MINUTE = 1
    away = msgspec.json.decode(msgspec.json.encode(settings.CACHES))
    away["default"]["LOCATION"] = NOWHERE
    settings.CACHES = away
    assert {api.get("/customers").status for _ in range(5)} == {200}
