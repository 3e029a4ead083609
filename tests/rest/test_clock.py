"""The test clock: who may say at which instant a call is judged."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api import NOON, Api
from tests.rest.writes import CART, WRITES, each_refused, refused, rows


@pytest.mark.parametrize("write", WRITES)
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
