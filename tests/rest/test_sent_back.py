"""What was read is sent back: what is only told is named, all of it, and the rest is taken as it is."""

import pytest

from tests.api import Api, Got
from tests.rest.writes import PARTNER, PLAN, PROMOTION, RULE

URL = "https://93.184.215.14/"
RESOURCES = {
    "segment": ("/segments/s1", {"name": "Regulars"}),
    "dynamic segment": (
        "/segments/s1",
        {
            "name": "Regulars", "kind": "dynamic",
            "rule": {"field": "orders.count", "op": "gte", "value": 3},
        },
    ),
    "promotion": ("/promotions/p1", PROMOTION | {"title": {"en": "20 % off"}}),
    "product": ("/products/TEA", {"name": {"en": "Tea"}, "price": 500, "currency": "EUR"}),
    "plan": ("/membership-plans/p1", PLAN),
    "cashback rule": ("/cashback/rules/r1", RULE | {"terms": {"en": "While it lasts."}}),
    "partner": ("/cashback/partners/p1", PARTNER),
    "webhook endpoint": ("/webhook-endpoints/w1", {"url": URL, "event_types": ["code.issued"]}),
    "customer": ("/customers/c9", {"email": "ada@example.org", "registered_at": "2026-01-05T09:00:00Z"}),
}  # fmt: skip


def without(got: Got, names: list[str]) -> dict[str, object]:
    return {name: value for name, value in got.body.items() if name not in names}


@pytest.mark.parametrize("name", RESOURCES)
def test_what_was_read_is_put_back_without_what_is_only_told(shop: Api, name: str):
    path, body = RESOURCES[name]
    assert shop.put(path, body).status == 201
    read = shop.get(path)

    refused = shop.put(path, read.body)
    assert refused.status == 422
    assert {error["code"] for error in refused["errors"]} == {"read_only"}
    told = [pointer.removeprefix("/") for pointer in refused.pointers]
    assert set(told) <= read.body.keys() - body.keys()

    again = shop.put(path, without(read, told))
    assert again.status == 200, again
    assert without(shop.get(path), told) == without(read, told)


@pytest.mark.parametrize("name", RESOURCES)
def test_a_patch_names_what_is_only_told_and_what_nobody_knows(shop: Api, name: str):
    path, body = RESOURCES[name]
    shop.put(path, body)
    read = shop.get(path)
    told = [pointer for pointer in shop.put(path, read.body).pointers]

    refused = shop.patch(path, {**{pointer[1:]: None for pointer in told}, "odd": 1})
    assert refused.status == 422
    assert {error["pointer"]: error["code"] for error in refused["errors"]} == {
        **dict.fromkeys(told, "read_only"),
        "/odd": "unknown_field",
    }
    assert shop.get(path).etag == read.etag


def test_all_unknown_fields_are_named(shop: Api):
    got = shop.put("/customers/c1", {"emial": "x", "citty": "y", "at": "2026-03-10T12:00:00Z"})
    assert sorted(got.pointers) == ["/citty", "/emial"]
