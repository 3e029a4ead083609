"""Orders over REST: told whole, as often as the shop likes."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, Order
from journal.queries import history_of
from tests.api import NOON

TEA = {
    "line_id": "1", "sku": "TEA-1", "name": "Green tea", "categories": ["tea"], "brand": "Kyo",
    "tags": [], "quantity": 2, "unit_price": 1299, "list_price": None, "discountable": True,
    "discount_amount": 0,
}  # fmt: skip
POT = {"line_id": "2", "sku": "POT", "quantity": 1, "unit_price": 2400, "discount_amount": 400}
ORDER = {
    "customer_id": "c1", "currency": "EUR", "status": "paid",
    "placed_at": "2026-03-01T10:00:00+01:00", "paid_at": None, "shipped_at": None,
    "delivered_at": None, "channel": "web", "partner_id": None, "shipping_amount": 495,
    "tracking_url": None, "lines": [TEA],
}  # fmt: skip
BARE = {"currency": "EUR", "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 5}]}
AT = NOON.isoformat()
LATER = (NOON + timedelta(days=1)).isoformat()
STATUSES = ["placed", "paid", "shipped", "delivered", "cancelled"]
#: The whole state machine: where an order may go, itself included.
MAY_BECOME = {
    "placed": {"placed", "paid", "shipped", "delivered", "cancelled"},
    "paid": {"paid", "shipped", "delivered", "cancelled"},
    "shipped": {"shipped", "delivered"},
    "delivered": {"delivered"},
    "cancelled": {"cancelled"},
}


def line(**fields):
    return {"lines": [TEA | fields]}


BAD_ORDERS = {
    "a field that is not known": ({"shipping": 1}, "/shipping"),
    "no such status": ({"status": "returned"}, "/status"),
    "a small currency": ({"currency": "eur"}, "/currency"),
    "no currency": ({"currency": None}, "/currency"),
    "a customer's id with a space": ({"customer_id": "c 1"}, "/customer_id"),
    "NUL in a customer's id": ({"customer_id": "c\x001"}, "/customer_id"),
    "a number for a customer": ({"customer_id": 1}, "/customer_id"),
    "a day for an instant": ({"placed_at": "2026-03-01"}, "/placed_at"),
    "an instant without an offset": ({"paid_at": "2026-03-01T10:00:00"}, "/paid_at"),
    "the year 1": ({"placed_at": "0001-01-01T00:00:00+14:00"}, "/placed_at"),
    "the year 9999": ({"placed_at": "9999-12-31T23:59:59-14:00"}, "/placed_at"),
    "shipped before it is": ({"shipped_at": "2026-03-01T10:00:00Z"}, "/shipped_at"),
    "NUL in the channel": ({"channel": "we\x00b"}, "/channel"),
    "an empty channel": ({"channel": ""}, "/channel"),
    "a channel that is too long": ({"channel": "w" * 129}, "/channel"),
    "a partner's id with a slash": ({"partner_id": "a/b"}, "/partner_id"),
    "shipping below zero": ({"shipping_amount": -1}, "/shipping_amount"),
    "fractional shipping": ({"shipping_amount": 4.95}, "/shipping_amount"),
    "shipping beyond all bounds": ({"shipping_amount": 10**12 + 1}, "/shipping_amount"),
    "a script for an address": ({"tracking_url": "javascript:alert(1)"}, "/tracking_url"),
    "an address with a space": ({"tracking_url": "https://a.b/ c"}, "/tracking_url"),
    "an address that is too long": ({"tracking_url": "https://" + "a" * 2000}, "/tracking_url"),
    "no lines": ({"lines": []}, "/lines"),
    "1,001 lines": ({"lines": [TEA | {"line_id": str(i)} for i in range(1001)]}, "/lines"),
    "an object for lines": ({"lines": {}}, "/lines"),
    "the same line twice": ({"lines": [TEA, POT, TEA]}, "/lines/2/line_id"),
    "a line without a sku": ({"lines": [{"line_id": "1", "quantity": 1, "unit_price": 1}]}, "/lines/0/sku"),
    "a line of nothing": (line(quantity=0), "/lines/0/quantity"),
    "half a piece": (line(quantity=0.5), "/lines/0/quantity"),
    "pieces as text": (line(quantity="2"), "/lines/0/quantity"),
    "more pieces than there are": (line(quantity=100_001), "/lines/0/quantity"),
    "a price below zero": (line(unit_price=-1), "/lines/0/unit_price"),
    "a price beyond all bounds": (line(unit_price=10**12 + 1), "/lines/0/unit_price"),
    "a fractional price": (line(unit_price=12.99), "/lines/0/unit_price"),
    "a discount below zero": (line(discount_amount=-1), "/lines/0/discount_amount"),
    "a discount above the price": (line(discount_amount=2599), "/lines/0/discount_amount"),
    "an order beyond all bounds": (line(quantity=10_001, unit_price=10**12), "/lines"),
    "a list price below zero": (line(list_price=-1), "/lines/0/list_price"),
    "a word for a truth": (line(discountable="yes"), "/lines/0/discountable"),
    "NUL in a name": (line(name="a\x00"), "/lines/0/name"),
    "NUL in a category": (line(categories=["tea", "\x00"]), "/lines/0/categories/1"),
    "an empty tag": (line(tags=[""]), "/lines/0/tags/0"),
    "101 tags": (line(tags=["a"] * 101), "/lines/0/tags"),
    "a returned quantity": (line(returned_quantity=1), "/lines/0/returned_quantity"),
}  # fmt: skip


def test_put_creates_the_order_and_its_customer(api):
    made = api.put("/orders/o1", ORDER | {"at": AT})
    assert made.status == 201
    assert made.body == ORDER | {
        "order_id": "o1",
        "placed_at": "2026-03-01T09:00:00Z",
        "paid_at": "2026-03-10T12:00:00Z",
        "cancelled_at": None,
        "shipping_discount": 0,
        "lines": [TEA | {"returned_quantity": 0}],
        "redemption": None,
        "returns": [],
        "cashback": None,
    }
    assert api.get("/customers/c1")["email"] is None
    read = api.get("/orders/o1")
    assert (read.status, read.body, read.etag) == (200, made.body, made.etag)


def test_only_currency_and_lines_are_needed(api):
    made = api.put("/orders/o1", BARE | {"at": AT})
    assert (made.status, made["status"], made["customer_id"]) == (201, "placed", None)
    assert made["placed_at"] == "2026-03-10T12:00:00Z"
    assert not Customer.objects.exists()


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATUSES, STATUSES)))
def test_a_status_never_moves_backwards(api, before, after):
    api.put("/orders/o1", BARE | {"status": before})
    answer = api.put("/orders/o1", BARE | {"status": after})
    if after in MAY_BECOME[before]:
        assert (answer.status, answer["status"]) == (200, after)
    else:
        assert (answer.status, answer["code"]) == (409, "state_transition_not_allowed")
        assert answer.pointers == ["/status"]
        assert api.get("/orders/o1")["status"] == before


def test_instants_that_were_reached_stay(api):
    api.put("/orders/o1", BARE | {"status": "paid", "at": AT})
    again = api.put("/orders/o1", BARE | {"status": "paid", "at": LATER})
    assert again["placed_at"] == again["paid_at"] == "2026-03-10T12:00:00Z"
    shipped = api.put("/orders/o1", BARE | {"status": "delivered", "at": LATER})
    assert (shipped["paid_at"], shipped["shipped_at"], shipped["delivered_at"]) == (
        "2026-03-10T12:00:00Z", None, "2026-03-11T12:00:00Z",
    )  # fmt: skip
    told = api.put("/orders/o1", BARE | {"status": "delivered", "paid_at": "2026-03-09T00:00:00Z"})
    assert (told["paid_at"], told["delivered_at"]) == (
        "2026-03-09T00:00:00Z",
        shipped["delivered_at"],
    )


def test_a_cancelled_order_keeps_the_instant_of_its_cancelling(api):
    api.put("/orders/o1", BARE)
    api.put("/orders/o1", BARE | {"status": "cancelled", "at": AT})
    again = api.put("/orders/o1", BARE | {"status": "cancelled", "at": LATER})
    assert again["cancelled_at"] == "2026-03-10T12:00:00Z"


def test_the_same_put_again_changes_nothing(api):
    made = api.put("/orders/o1", ORDER | {"at": AT})
    again = api.put("/orders/o1", ORDER | {"at": LATER})
    assert (again.status, again.body, again.etag) == (200, made.body, made.etag)
    assert history_of(subject_kind="order", subject_id="o1").count() == 1


def test_lines_are_replaced_in_the_order_told(api):
    api.put("/orders/o1", ORDER | {"lines": [TEA, POT]})
    changed = api.put("/orders/o1", ORDER | {"lines": [POT | {"quantity": 2}, BARE["lines"][0]]})
    assert [(row["line_id"], row["sku"], row["quantity"]) for row in changed["lines"]] == [
        ("2", "POT", 2), ("1", "A", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"customer_id": "c2"}, "/customer_id"),
        ({"customer_id": None}, "/customer_id"),
        ({"currency": "USD"}, "/currency"),
    ],
)
def test_customer_and_currency_never_change(api, change, pointer):
    api.put("/orders/o1", ORDER)
    refused = api.put("/orders/o1", ORDER | change)
    assert (refused.status, refused["code"]) == (409, "state_transition_not_allowed")
    assert refused.pointers == [pointer]
    assert not Customer.objects.filter(reference="c2").exists()


@pytest.mark.parametrize(("change", "pointer"), BAD_ORDERS.values(), ids=BAD_ORDERS)
def test_bad_fields_are_named_and_nothing_is_written(api, change, pointer):
    refused = api.put("/orders/o1", ORDER | change)
    assert (refused.status, refused["code"]) == (422, "validation_failed")
    assert refused.pointers == [pointer]
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"null", 422), (b'"o1"', 422), (rb'{"channel": "\ud800"}', 422), (b"\xff", 400)],
)
def test_broken_bodies_are_refused(api, body, status):
    assert api.put("/orders/o1", body).status == status


def test_patch_changes_what_it_names(api):
    api.put("/orders/o1", ORDER | {"at": AT, "lines": [TEA, POT]})
    changed = api.patch(
        "/orders/o1", {"status": "shipped", "tracking_url": "https://p.de/1", "at": LATER}
    )
    assert (changed.status, changed["status"]) == (200, "shipped")
    assert (changed["paid_at"], changed["shipped_at"]) == (
        "2026-03-10T12:00:00Z",
        "2026-03-11T12:00:00Z",
    )
    assert changed["tracking_url"] == "https://p.de/1"
    assert [row["line_id"] for row in changed["lines"]] == ["1", "2"]
    assert api.patch("/orders/o1", {"tracking_url": None})["tracking_url"] is None
    assert api.patch("/orders/o1", {"lines": []}).pointers == ["/lines"]
    assert api.patch("/orders/o1", {"status": "paid"}).status == 409
    assert api.patch("/orders/o2", {}).status == 404


def test_orders_are_not_deleted(api):
    api.put("/orders/o1", ORDER)
    assert api.delete("/orders/o1").status == 405


def test_ids_that_no_order_can_have(api):
    for path_id in ("a%20b", "%00", "x" * 129):
        assert api.put(f"/orders/{path_id}", ORDER).status == 422
        assert api.get(f"/orders/{path_id}").status == 404


def test_the_scope_is_needed(api_without_scope, nobody):
    for method, path in [("GET", "/orders"), ("PUT", "/orders/o1"), ("GET", "/orders/o1"),
                         ("PATCH", "/orders/o1"), ("POST", "/orders/batch")]:  # fmt: skip
        assert api_without_scope.call(method, path, {}).status == 403
        assert nobody.call(method, path, {}).status == 401


def test_a_write_for_another_state_does_nothing(api):
    assert api.put("/orders/o1", ORDER, if_match="*").status == 412
    etag = api.put("/orders/o1", ORDER).etag
    assert api.put("/orders/o1", ORDER | {"channel": "app"}, if_match=etag).status == 200
    assert api.put("/orders/o1", ORDER, if_match=etag).status == 412
    assert api.patch("/orders/o1", {"channel": None}, if_match=etag).status == 412


def test_orders_are_listed_by_id_status_and_customer(api):
    for name, status, customer in [
        ("o3", "paid", "c1"), ("o1", "placed", "c1"), ("o2", "paid", None), ("o4", "paid", "c2"),
    ]:  # fmt: skip
        api.put(f"/orders/{name}", BARE | {"status": status, "customer_id": customer})

    def listed(query):
        return [row["order_id"] for row in api.get(f"/orders?{query}")["results"]]

    assert listed("") == ["o1", "o2", "o3", "o4"]
    assert listed("status=paid") == ["o2", "o3", "o4"]
    assert listed("customer_id=c1") == ["o1", "o3"]
    assert listed("customer_id=c1&status=paid") == ["o3"]
    first = api.get("/orders?limit=2&status=paid")
    assert listed(f"limit=2&status=paid&cursor={first['next_cursor']}") == ["o4"]
    assert api.get("/orders?status=lost").status == 422
    assert api.get("/orders?customer_id=%00").status == 422


def test_the_audit_trail_tells_before_and_after_and_no_customers_id(api):
    api.put("/orders/o1", ORDER)
    api.put("/orders/o1", ORDER | {"status": "shipped", "tracking_url": "https://p.de/1", "at": AT,
                                   "lines": [TEA | {"quantity": 1}]})  # fmt: skip
    made, changed = history_of(subject_kind="order", subject_id="o1")
    assert made.after["customer_key"] == Customer.objects.get().pk
    assert "c1" not in str(made.after)
    assert changed.before == {
        "status": "paid", "shipped_at": None, "tracking_url": False,
        "lines": [["1", "TEA-1", 2, 1299, 0]],
    }  # fmt: skip
    assert changed.after == {
        "status": "shipped", "shipped_at": "2026-03-10T12:00:00Z", "tracking_url": True,
        "lines": [["1", "TEA-1", 1, 1299, 0]],
    }  # fmt: skip


def test_a_batch_imports_history_and_reports_what_it_cannot(api):
    api.put("/orders/o1", BARE | {"status": "shipped"})
    api.put("/orders/o2", BARE)
    rows = [
        BARE | {"order_id": "o1", "status": "paid"},
        BARE | {"order_id": "o2", "status": "paid", "channel": "shop"},
        ORDER | {"order_id": "o3"},
        ORDER | {"order_id": "o4", "lines": [TEA, TEA]},
        ORDER | {"order_id": "o3"},
        ORDER | {"order_id": "o5", "status": "cancelled", "customer_id": "c2"},
        ORDER,
        7,
        ORDER | {"order_id": "o6", "extra": 1},
    ]
    done = api.post("/orders/batch", {"orders": rows})
    assert (done.status, done["created"], done["updated"]) == (200, 2, 1)
    assert [
        (row["index"], row["errors"][0]["pointer"], row["errors"][0]["code"])
        for row in done["errors"]
    ] == [
        (0, "/status", "state_transition_not_allowed"),
        (3, "/lines/1/line_id", "duplicate"),
        (4, "/order_id", "duplicate"),
        (6, "/order_id", "required"),
        (7, "", "invalid"),
        (8, "/extra", "unknown_field"),
    ]
    assert api.get("/orders/o1")["status"] == "shipped"
    assert api.get("/orders/o2")["channel"] == "shop"
    assert api.get("/orders/o3")["lines"][0]["sku"] == "TEA-1"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"orders": []}, "/orders"),
        ({"orders": [BARE] * 1001}, "/orders"),
        ({"orders": BARE}, "/orders"),
        ({}, "/orders"),
    ],
)
def test_bad_batches_are_refused_whole(api, body, pointer):
    assert api.post("/orders/batch", body).pointers == [pointer]


def test_a_batch_of_a_thousand_takes_few_statements(api):
    def rows(channel):
        return [
            ORDER | {"order_id": f"o{i}", "customer_id": f"c{i % 300}", "channel": channel,
                     "lines": [TEA | {"line_id": str(j), "sku": f"{channel}-{j}"} for j in range(5)]}
            for i in range(1000)
        ]  # fmt: skip

    api.post("/orders/batch", {"orders": rows("web")[:500]})
    with CaptureQueriesContext(connection) as queries:
        done = api.post("/orders/batch", {"orders": rows("app")}, idempotency_key=None)
    assert (done["created"], done["updated"], done["errors"]) == (500, 500, [])
    assert len(queries) <= 25, [query["sql"][:80] for query in queries]
    assert api.get("/orders/o7")["lines"][4]["sku"] == "app-4"


def test_statements_of_one_order(api, django_assert_max_num_queries):
    api.put("/customers/c1", {})
    api.get("/customers/c1")
    with django_assert_max_num_queries(16):
        api.put("/orders/o1", ORDER)
    with django_assert_max_num_queries(6):
        api.get("/orders/o1")
    with django_assert_max_num_queries(18):
        api.put("/orders/o1", ORDER | {"lines": [TEA, POT]})
