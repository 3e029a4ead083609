"""What share of the revenue came with discounts, and with cashback."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api import DAY, HOUR, NOON, Api, Got, make_key
from tests.campaigns.shop import at

MARCH = "from=2026-03-01&until=2026-04-01"
LATER = NOON + 60 * DAY


def asked(api: Api, query: str, *, now: datetime = LATER) -> Got:
    moment = at(now).replace("+", "%2B")
    return api.get(f"/reports/dependence?{query}&at={moment}")


def found(api: Api, query: str = MARCH, *, now: datetime = LATER) -> dict[str, Any]:
    """By currency."""
    got = asked(api, query, now=now)
    assert got.status == 200, got.body
    return {row["currency"]: row for row in got["by_currency"]}


def order(
    api: Api, name: str, placed: datetime = NOON, *, price: int = 1000, discount: int = 0,
    customer: str | None = "ada", status: str = "paid", told: datetime = LATER, **fields: Any,
) -> None:  # fmt: skip
    line = {"line_id": "1", "sku": "T", "quantity": 2, "unit_price": price // 2}
    body = {
        "customer_id": customer, "currency": "EUR", "status": status, "placed_at": at(placed),
        "lines": [{**line, "discount_amount": discount}], "at": at(told), **fields,
    }  # fmt: skip
    put = api.put(f"/orders/{name}", body)
    assert put.status in {200, 201}, put.body


def redeem(api: Api, name: str, **fields: Any) -> None:
    cart = {
        "order_id": name, "customer_id": "ada", "currency": "EUR", "at": at(NOON),
        "lines": [{"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}], **fields,
    }  # fmt: skip
    made = api.post("/checkout/redemptions", cart)
    assert made.status == 201, made.body
    order(
        api, name, customer=cart["customer_id"], told=NOON + HOUR,
        lines=[{"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}],
        shipping_amount=cart.get("shipping_amount", 0),
    )  # fmt: skip


def test_discounts_on_goods_and_shipping_and_cashback_that_paid_are_told_apart(api: Api) -> None:
    ship = {
        "name": "Ship", "status": "active", "currency": "EUR", "effect": {"kind": "free_shipping"},
        "activation": "automatic", "conditions": {"min_subtotal": 1000},
    }  # fmt: skip
    assert api.put("/promotions/ship", ship).status == 201
    given = {"customer_id": "ada", "currency": "EUR", "amount": 300, "reason": "Late parcel"}
    assert api.post("/cashback/adjustments", {**given, "at": at(NOON)}).status in {200, 201}
    order(api, "plain", price=4000)
    order(api, "cheaper", price=2000, discount=500)
    redeem(api, "shipped", shipping_amount=495)
    redeem(api, "credit", cashback_amount=300)
    row = found(api)["EUR"]
    assert (row["orders"], row["revenue"]) == (4, 4000 + 1500 + 1000 + 1000)
    assert row["with_discount"] == {"orders": 2, "revenue": 2500, "percent": "33.3333"}
    assert row["with_cashback"] == {"orders": 1, "revenue": 1000, "percent": "13.3333"}
    assert row["with_either"] == {"orders": 3, "revenue": 3500, "percent": "46.6667"}


def test_only_what_was_paid_and_kept_counts(api: Api) -> None:
    order(api, "placed", status="placed")
    order(api, "dropped", status="cancelled")
    order(api, "half", price=2000, discount=200, told=NOON + HOUR)
    order(api, "none", told=NOON + HOUR)
    for name, units, when in (("half", 1, NOON + DAY), ("none", 2, NOON + DAY)):
        back = {"return_id": "r", "lines": [{"line_id": "1", "quantity": units}], "at": at(when)}
        assert api.post(f"/orders/{name}/returns", back).status == 201
    assert found(api)["EUR"]["revenue"] == 900
    assert found(api)["EUR"]["orders"] == 1
    before = found(api, now=NOON + 2 * HOUR)["EUR"]
    assert (before["orders"], before["revenue"]) == (2, 1800 + 1000)
    assert found(api, now=NOON - HOUR) == {}


def test_months_are_those_of_the_shops_clocks_and_the_range_excludes_its_end(api: Api) -> None:
    midnight = datetime.fromisoformat("2026-04-01T00:00:00+02:00")
    order(api, "last", midnight - timedelta(seconds=1), discount=100)
    order(api, "first", midnight)
    order(api, "may", midnight + 31 * DAY, currency="CHF")
    rows = found(api, "from=2026-03-01&until=2026-05-01")
    assert list(rows) == ["EUR"]
    months = {each["month"]: each for each in rows["EUR"]["months"]}
    assert {name: each["revenue"] for name, each in months.items()} == {
        "2026-03": 900, "2026-04": 1000,
    }  # fmt: skip
    assert months["2026-03"]["with_discount"]["percent"] == "100"
    assert months["2026-04"]["with_discount"] == {"orders": 0, "revenue": 0, "percent": "0"}
    assert found(api)["EUR"]["revenue"] == 900
    exact = "from=2026-04-01T00:00:00%2B02:00&until=2026-04-01T00:00:01Z"
    assert found(api, exact)["EUR"]["orders"] == 1
    assert set(found(api, "from=2026-03-01", now=midnight + 40 * DAY)) == {"CHF", "EUR"}


def test_segments_count_their_members_and_guests_are_in_none(api: Api) -> None:
    order(api, "a", discount=100)
    order(api, "b", customer="ben")
    order(api, "g", customer=None, discount=500)
    for name, members in (("all", ["ada", "ben"]), ("some", ["ben"]), ("empty", [])):
        assert api.put(f"/segments/{name}", {"name": name, "kind": "static"}).status == 201
        put = api.put(f"/segments/{name}/members", {"customer_ids": members})
        assert put.status == 200, put.body
    row = found(api)["EUR"]
    assert (row["orders"], row["revenue"]) == (3, 900 + 1000 + 500)
    assert {
        each["segment_id"]: (each["orders"], each["revenue"], each["with_discount"]["percent"])
        for each in row["segments"]
    } == {"all": (2, 1900, "47.3684"), "some": (1, 1000, "0")}


def test_without_a_range_it_is_the_last_twelve_months(api: Api) -> None:
    got = api.get("/reports/dependence?at=2026-03-10T12:00:00Z")
    assert got.body == {
        "from": "2025-03-31T22:00:00Z", "until": "2026-03-10T12:00:00Z", "by_currency": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("from=2026-04-01&until=2026-04-01", "/until", "not_after_start"),
        ("from=2026-04-02&until=2026-04-01", "/until", "not_after_start"),
        ("from=2010-01-01&until=2026-04-01", "/until", "out_of_range"),
        ("from=2026-02-30", "/from", "invalid"),
        ("until=2026-13-01", "/until", "invalid"),
        ("from=yesterday", "/from", "invalid"),
        ("from=2026-04-01T12:00:00", "/from", "invalid"),
        ("from=2026-04-01T25:00:00Z", "/from", "invalid"),
        ("from=2026-04-01T12:00:00%2B23:00", "/from", "out_of_range"),
        ("from=1899-01-01", "/from", "invalid"),
        ("from=1900-01-01&until=1900-01-01T00:00:00Z", "/from", "out_of_range"),
        ("from=2026-04-01%00", "/from", "invalid"),
        ("month=2026-04", "/month", "unknown_field"),
        ("from=2026-04-01&from=2026-05-01", "/from", "duplicate"),
    ],
)
def test_a_range_that_is_none_is_refused_and_named(
    api: Api, query: str, pointer: str, code: str
) -> None:
    got = asked(api, query)
    assert (got.status, got["code"]) == (422, "validation_failed")
    assert [(each["pointer"], each["code"]) for each in got["errors"]] == [(pointer, code)]
    german = api.get(f"/reports/dependence?{query}", accept_language="de")
    assert german["errors"][0]["detail"] != got["errors"][0]["detail"]


def test_it_needs_the_scope_of_reports(api: Api, api_without_scope: Api) -> None:
    assert api_without_scope.get("/reports/dependence").status == 200
    refused = Api(make_key("campaigns", name="marketer")).get("/reports/dependence")
    assert (refused.status, refused["code"]) == (403, "scope_missing")
