"""Products over REST: a full resource, and batches of which each good row is applied."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from journal.models import AuditEntry
from tests.api import Api, make_key

TEA = {
    "name": {"de": "Grüner Tee", "en": "Green tea"},
    "url": "https://shop.example/tea-1",
    "image_url": "https://shop.example/tea-1.jpg",
    "categories": ["tea", "green"],
    "brand": "Kyo",
    "tags": ["organic"],
    "price": 1299,
    "list_price": 1599,
    "unit_cost": 450,
    "currency": "EUR",
    "available": True,
}


def test_a_product_is_put_read_listed_and_deleted(api: Api) -> None:
    made = api.put("/products/TEA-1", TEA)
    assert (made.status, made.body) == (201, {**TEA, "sku": "TEA-1"})
    read = api.get("/products/TEA-1")
    assert (read.status, read.body, read.etag) == (200, made.body, made.etag)

    assert api.put("/products/CUP", {"name": {"en": "Cup"}}).status == 201
    listed = api.get("/products?limit=1")
    assert [row["sku"] for row in listed["results"]] == ["CUP"]
    rest = api.get(f"/products?limit=1&cursor={listed['next_cursor']}")
    assert [row["sku"] for row in rest["results"]] == ["TEA-1"]
    assert rest["next_cursor"] is None

    assert api.delete("/products/TEA-1").status == 204
    assert api.get("/products/TEA-1").status == 404
    assert api.delete("/products/TEA-1").status == 404


def test_what_a_put_leaves_out_takes_its_default(api: Api) -> None:
    api.put("/products/TEA-1", TEA)
    replaced = api.put("/products/TEA-1", {"name": {"de": "Tee"}})
    assert replaced.status == 200
    assert replaced.body == {
        "sku": "TEA-1", "name": {"de": "Tee"}, "url": None, "image_url": None, "categories": [],
        "brand": None, "tags": [], "price": None, "list_price": None, "unit_cost": None, "currency": None,
        "available": True,
    }  # fmt: skip


def test_a_patch_merges_and_null_puts_back_the_default(api: Api) -> None:
    api.put("/products/TEA-1", TEA)
    got = api.patch("/products/TEA-1", {"name": {"de": None}, "list_price": None, "price": 1199})
    assert got.status == 200
    assert (got["name"], got["list_price"], got["price"]) == ({"en": "Green tea"}, None, 1199)
    assert api.patch("/products/none", {"price": 1}).status == 404
    assert api.patch("/products/TEA-1", {"name": None}).pointers == ["/name"]


def test_a_write_for_another_state_does_nothing(api: Api) -> None:
    first = api.put("/products/TEA-1", TEA)
    second = api.put("/products/TEA-1", {**TEA, "price": 1})
    assert first.etag != second.etag
    for answer in (
        api.put("/products/TEA-1", TEA, if_match=first.etag),
        api.patch("/products/TEA-1", {"price": 2}, if_match=first.etag),
        api.delete("/products/TEA-1", if_match=first.etag),
        api.put("/products/NEW", TEA, if_match="*"),
    ):
        assert (answer.status, answer["code"]) == (412, "precondition_failed")
    assert api.get("/products/TEA-1")["price"] == 1
    assert api.patch("/products/TEA-1", {"price": 2}, if_match=second.etag).status == 200


def test_the_same_again_writes_nothing(api: Api) -> None:
    first = api.put("/products/TEA-1", TEA)
    again = api.put("/products/TEA-1", TEA)
    assert (again.status, again.etag) == (200, first.etag)
    assert AuditEntry.objects.filter(subject_kind="product").count() == 1


def test_the_audit_trail_has_what_was_changed(api: Api) -> None:
    api.put("/products/TEA-1", TEA)
    api.patch("/products/TEA-1", {"price": 1199})
    api.delete("/products/TEA-1")
    made, changed, gone = AuditEntry.objects.filter(subject_id="TEA-1").order_by("id")
    assert (made.action, made.after["name"]["en"]) == ("product.created", "Green tea")
    assert (changed.before, changed.after) == ({"price": 1299}, {"price": 1199})
    assert (gone.action, gone.before["price"]) == ("product.deleted", 1199)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": {}}, "/name", "required"),
        ({"name": {"de": "  "}}, "/name", "required"),
        ({"name": {"fr": "Thé"}}, "/name/fr", "unknown_field"),
        ({"currency": None}, "/currency", "currency_required"),
        ({"currency": "euro"}, "/currency", "invalid"),
        ({"price": -1}, "/price", "invalid"),
        ({"price": 12.99}, "/price", "invalid"),
        ({"url": "javascript:alert(1)"}, "/url", "invalid"),
        ({"categories": [""]}, "/categories/0", "invalid"),
        ({"available": "yes"}, "/available", "invalid"),
        ({"colour": "green"}, "/colour", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    api: Api, change: dict, pointer: str, code: str
) -> None:
    got = api.put("/products/TEA-1", TEA | change)
    assert (got.status, got["code"]) == (422, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in got["errors"]] == [(pointer, code)]
    assert not Product.objects.exists()


def test_an_id_that_cannot_be_one(api: Api) -> None:
    assert api.put("/products/no%20spaces", TEA).pointers == ["/sku"]
    assert api.get("/products/no%20spaces").status == 404


def test_problems_are_told_in_german(api: Api) -> None:
    got = api.put("/products/TEA-1", TEA | {"currency": None}, accept_language="de")
    assert got["errors"][0]["detail"] == "Ein Artikel mit einem Preis braucht seine Währung."


def test_a_batch_applies_each_good_row(api: Api) -> None:
    api.put("/products/TEA-1", TEA)
    got = api.post(
        "/products/batch",
        {
            "products": [
                {"sku": "TEA-1", **TEA, "price": 1},
                {"sku": "TEA-2", **TEA},
                {"sku": "TEA-2", **TEA, "price": 7},
                {"sku": "no spaces", **TEA},
                {"sku": "TEA-3", "name": {"en": "Tea"}, "price": 5},
            ]
        },
    )
    assert (got.status, got["created"], got["updated"]) == (200, 1, 1)
    assert [
        (row["index"], [error["pointer"] for error in row["errors"]]) for row in got["errors"]
    ] == [(2, ["/sku"]), (3, ["/sku"]), (4, ["/currency"])]
    prices = dict(Product.objects.values_list("sku", "price"))
    assert prices == {"TEA-1": 1, "TEA-2": 1299}


def test_a_repeated_batch_gets_the_first_answer(api: Api) -> None:
    body = {"products": [{"sku": "TEA-1", **TEA}]}
    first = api.post("/products/batch", body, idempotency_key="feed-of-monday-1")
    again = api.post("/products/batch", body, idempotency_key="feed-of-monday-1")
    assert again.raw == first.raw
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_batch_of_a_thousand_costs_as_many_statements_as_one_of_two(api: Api) -> None:
    def statements(count: int) -> int:
        rows = [{"sku": f"P{count}-{number}", **TEA} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert api.post("/products/batch", {"products": rows})["created"] == count
        return len(captured)

    statements(1)
    assert statements(1_000) == statements(2)


def test_an_empty_or_a_huge_batch_is_refused(api: Api) -> None:
    assert api.post("/products/batch", {"products": []}).pointers == ["/products"]
    rows = [{"sku": f"P{number}"} for number in range(1_001)]
    assert api.post("/products/batch", {"products": rows}).status == 422


def test_it_needs_the_scope_catalog(db: None, clock: None) -> None:
    stranger = Api(make_key("customers", name="other"))
    assert stranger.get("/products").status == 403
    assert stranger.put("/products/TEA-1", TEA).status == 403
    feed = Api(make_key("catalog", name="feed"))
    assert feed.put("/products/TEA-1", TEA).status == 201
    assert feed.get("/customers/c1/recommendations").status == 403
