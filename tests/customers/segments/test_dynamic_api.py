"""Dynamic segments over HTTP."""

import pytest

from tests.api import DAY, NOON

GERMANS = {"field": "customer.country", "op": "eq", "value": "DE"}
BUYERS = {"field": "orders.count", "op": "gte", "value": 1}


def put(api, name, rule, **more):
    return api.put(f"/segments/{name}", {"name": name, "kind": "dynamic", "rule": rule, **more})


def customer(api, name, **profile):
    api.put(f"/customers/{name}", profile)


def order(api, name, customer_id, *, at=NOON, **more):
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 500}
    body = {"customer_id": customer_id, "currency": "EUR", "placed_at": at, "lines": [line], **more}
    assert api.put(f"/orders/{name}", body).status == 201


def member_ids(api, name):
    return [row["customer_id"] for row in api.get(f"/segments/{name}/members")["results"]]


@pytest.fixture
def people(api):
    customer(api, "c1", country="DE")
    customer(api, "c2", country="AT")
    customer(api, "c3", country="DE")
    order(api, "o1", "c1", at=NOON - DAY)
    order(api, "o2", "c2", at=NOON - DAY)


def test_a_dynamic_segment_is_filled_before_the_answer(api, people):
    got = put(api, "germans", GERMANS, at=NOON)

    assert (got.status, got["member_count"], got["kind"]) == (201, 2, "dynamic")
    assert got["rule"] == GERMANS
    assert got["evaluated_at"] == "2026-03-10T12:00:00Z"
    assert member_ids(api, "germans") == ["c1", "c3"]


def test_putting_another_rule_fills_it_anew(api, people):
    put(api, "some", GERMANS)
    got = put(api, "some", {"all": [GERMANS, BUYERS]})

    assert (got.status, got["member_count"]) == (200, 1)
    assert member_ids(api, "some") == ["c1"]


def test_a_patch_of_the_name_changes_no_member(api, people):
    put(api, "germans", GERMANS)
    got = api.patch("/segments/germans", {"name": "Germans"})
    assert (got["name"], got["rule"], got["member_count"]) == ("Germans", GERMANS, 2)


def test_a_static_segment_becomes_dynamic_and_back(api, people):
    api.put("/segments/s", {"name": "s"})
    api.put("/segments/s/members", {"customer_ids": ["c2"]})
    assert put(api, "s", GERMANS)["member_count"] == 2
    assert api.put("/segments/s/members", {"customer_ids": ["c2"]}).status == 422
    back = api.put("/segments/s", {"name": "s"})
    assert (back["kind"], back["rule"], back["member_count"]) == ("static", None, 2)


def test_a_segment_that_is_frozen_keeps_whom_its_rule_found(api, people):
    put(api, "s", GERMANS, at=NOON)
    frozen = api.put("/segments/s", {"name": "s", "kind": "static", "at": NOON + DAY})
    # The list is as of the rule's last evaluation, and follows nothing any more.
    assert (frozen["member_count"], frozen["evaluated_at"]) == (2, "2026-03-10T12:00:00Z")
    customer(api, "c4", country="DE")
    customer(api, "c1", country="AT")
    assert member_ids(api, "s") == ["c1", "c3"]
    assert [row["segment_id"] for row in api.get("/customers/c1/segments")["results"]] == ["s"]
    assert api.get("/customers/c4/segments")["results"] == []
    assert api.put("/segments/s/members", {"customer_ids": ["c2"]})["member_count"] == 1


def test_a_static_segment_that_gets_a_rule_is_filled_by_it_before_the_answer(api, people):
    api.put("/segments/s", {"name": "s"})
    api.put("/segments/s/members", {"customer_ids": ["c2", "c3"]})
    got = put(api, "s", GERMANS, at=NOON + DAY)
    assert (got["member_count"], got["evaluated_at"]) == (2, "2026-03-11T12:00:00Z")
    assert member_ids(api, "s") == ["c1", "c3"]


def test_the_members_of_a_rule_are_not_put_and_the_refusal_names_the_field(api, people):
    put(api, "s", GERMANS)
    got = api.put("/segments/s/members", {"customer_ids": ["c2"]}, accept_language="de")
    assert (got.status, got.pointers) == (422, ["/customer_ids"])
    told = "Wer in einem dynamischen Segment ist, folgt aus seiner Regel."
    assert got["errors"][0]["detail"] == told
    assert member_ids(api, "s") == ["c1", "c3"]


def test_a_patch_replaces_the_rule_as_a_whole(api, people):
    put(api, "s", GERMANS)
    got = api.patch("/segments/s", {"rule": {"all": [BUYERS]}})
    assert (got.status, got["rule"]) == (200, {"all": [BUYERS]})
    got = api.patch("/segments/s", {"rule": BUYERS})
    assert (got["rule"], member_ids(api, "s")) == (BUYERS, ["c1", "c2"])
    # Not what is left of the old condition: `eq` is none of its own.
    refused = api.patch("/segments/s", {"rule": {"field": "customer.country", "value": "DE"}})
    assert (refused.status, refused.pointers) == (422, ["/rule/op"])
    back = api.patch("/segments/s", {"kind": "static", "rule": None})
    assert (back["kind"], back["rule"]) == ("static", None)


def test_preview_members_explain_and_the_customers_list_agree(api, people):
    rule = {"all": [GERMANS, {"not": BUYERS}]}
    put(api, "silent", rule)

    assert api.post("/segments/preview", {"rule": rule}).body == {
        "count": 1, "is_estimate": False, "sample": ["c3"],
    }  # fmt: skip
    assert member_ids(api, "silent") == ["c3"]
    for name, inside in [("c1", False), ("c2", False), ("c3", True)]:
        listed = api.get(f"/customers/{name}/segments")["results"]
        assert (listed == [{"segment_id": "silent", "name": "silent"}]) is inside
        assert api.get(f"/segments/silent/explain?customer_id={name}")["is_member"] is inside


def test_explain_shows_every_condition_with_what_was_found(api, people):
    put(api, "silent", {"all": [GERMANS, {"not": BUYERS | {"within_days": 30}}]})
    got = api.get(f"/segments/silent/explain?customer_id=c1&at={NOON:%Y-%m-%dT%H:%M:%SZ}")
    assert got["leaves"] == [
        {"pointer": "/all/0", "field": "customer.country", "op": "eq", "value": "DE", "options": {},
         "found": "DE", "holds": True},
        {"pointer": "/all/1/not", "field": "orders.count", "op": "gte", "value": 1,
         "options": {"within_days": 30}, "found": 1, "holds": True},
    ]  # fmt: skip


def test_explain_of_nobody_is_not_found(api, people):
    put(api, "germans", GERMANS)
    assert api.get("/segments/germans/explain?customer_id=c9").status == 404
    assert api.get("/segments/nothing/explain?customer_id=c1").status == 404
    assert api.get("/segments/germans/explain").pointers == ["/customer_id"]


def test_checkout_knows_at_once_who_came_in(api, people):
    put(api, "buyers", {"field": "orders.count", "op": "gte", "value": 2})
    api.put("/promotions/p", {
        "name": "p", "status": "active", "activation": "automatic", "currency": "EUR",
        "effect": {"kind": "percentage", "percent": "10", "on": "lines"},
        "audience": {"segments": ["buyers"]},
    })  # fmt: skip
    cart = {
        "customer_id": "c1", "currency": "EUR", "at": NOON,
        "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 1000}],
    }  # fmt: skip
    assert api.post("/checkout/validate", cart)["total"] == 1000
    order(api, "o3", "c1", at=NOON - DAY)
    assert api.post("/checkout/validate", cart)["total"] == 900
    # Another rule counts from the next call on.
    put(api, "buyers", {"field": "orders.count", "op": "gte", "value": 3})
    assert api.post("/checkout/validate", cart)["total"] == 1000


def test_a_segment_that_another_names_stays(api, people):
    put(api, "germans", GERMANS)
    put(api, "others", {"field": "segment", "op": "not_in", "value": ["germans"]})
    refused = api.delete("/segments/germans")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert refused["detail"] == "It is named by segments/others."
    assert api.delete("/segments/others").status == 204
    assert api.delete("/segments/germans").status == 204


def test_segments_that_would_rest_on_themselves_are_refused(api, people):
    put(api, "a", GERMANS)
    put(api, "b", {"field": "segment", "op": "in", "value": ["a"]})
    for name in ("a", "b"):
        refused = put(api, "a", {"any": [{"field": "segment", "op": "in", "value": [name]}]})
        assert (refused.status, refused.pointers) == (422, ["/rule/any/0/value/0"])
    assert api.get("/segments/a")["rule"] == GERMANS


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ([], "/rule"),
        ({}, "/rule"),
        ({"all": []} | {"any": []}, "/rule"),
        ({"all": {}}, "/rule/all"),
        ({"all": ["x"]}, "/rule/all/0"),
        ({"not": []}, "/rule/not"),
        ({"field": "customer.nothing", "op": "eq", "value": 1}, "/rule/field"),
        ({"field": "customer.attributes.", "op": "eq", "value": 1}, "/rule/field"),
        ({"field": ["x"], "op": "eq", "value": 1}, "/rule/field"),
        ({"field": "customer.country"}, "/rule/op"),
        ({"field": "customer.country", "op": "lt", "value": "DE"}, "/rule/op"),
        ({"field": "customer.country", "op": ["eq"], "value": "DE"}, "/rule/op"),
        ({"field": "customer.country", "op": "eq"}, "/rule/value"),
        ({"field": "customer.country", "op": "eq", "value": 1}, "/rule/value"),
        ({"field": "customer.country", "op": "in", "value": []}, "/rule/value"),
        ({"field": "customer.age", "op": "eq", "value": "18"}, "/rule/value"),
        ({"field": "customer.age", "op": "eq", "value": True}, "/rule/value"),
        ({"field": "customer.age", "op": "between", "value": [1]}, "/rule/value"),
        ({"field": "customer.age", "op": "between", "value": [2, 1]}, "/rule/value"),
        ({"field": "orders.total", "op": "gt", "value": 1}, "/rule/currency"),
        ({"field": "orders.count", "op": "gt", "value": 1, "within_days": 0}, "/rule/within_days"),
        ({"field": "orders.count", "op": "gt", "value": 1, "until": 0}, "/rule/until"),
        ({"field": "orders.count", "op": "gt", "value": 1, "where": {"sku": ["A"]}},
         "/rule/where/sku"),
        ({"field": "events.count", "op": "gt", "value": 1}, "/rule/name"),
        ({"field": "customer.consent", "op": "is", "value": "maybe", "channel": "email",
          "purpose": "marketing"}, "/rule/value"),
        ({"field": "orders.rfm", "op": "in", "value": ["kings"]}, "/rule/value/0"),
        ({"field": "segment", "op": "in", "value": ["nothing"]}, "/rule/value/0"),
        ({"field": "sample", "op": "lt", "value": 101}, "/rule/value"),
        ({"not": {"not": {"not": {"not": {"not": {"not": GERMANS}}}}}}, "/rule/not/not/not/not/not"),
        ({"all": [GERMANS] * 51}, "/rule/all"),
        ({"any": [{"all": [GERMANS] * 26}, {"all": [GERMANS] * 25}]}, "/rule"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_where_it_is_wrong(api, rule, pointer):
    for refused in (
        put(api, "s", rule),
        api.post("/segments/preview", {"rule": rule}),
    ):
        assert refused.status == 422
        assert pointer in refused.pointers
    assert api.get("/segments/s").status == 404


def test_a_dynamic_segment_without_a_rule_and_a_static_one_with_one_are_refused(api):
    assert api.put("/segments/s", {"name": "s", "kind": "dynamic"}).pointers == ["/rule"]
    assert api.put("/segments/s", {"name": "s", "rule": GERMANS}).pointers == ["/rule"]


def test_text_of_any_kind_is_only_text(api):
    odd = "50% %(now)s {one} {s} '\\ \"; DROP TABLE x; -- ü 🍵"
    customer(api, "c1", city=odd, attributes={"a": odd})
    for field in ("customer.city", "customer.attributes.a", f"customer.attributes.{odd}"):
        got = put(api, "odd", {"field": field, "op": "eq", "value": odd})
        assert got.status in {200, 201}
        assert member_ids(api, "odd") == ([] if field.endswith(odd) else ["c1"])
        assert api.get("/segments/odd/explain?customer_id=c1").status == 200


def test_a_refresh_notes_who_entered_and_who_left(api, people):
    put(api, "buyers", BUYERS | {"within_days": 30}, at=NOON)
    order(api, "o3", "c3", at=NOON + DAY)
    api.post("/clock/run", {"at": NOON + 29 * DAY + DAY / 2})
    assert member_ids(api, "buyers") == ["c3"]


def test_buyers_are_sorted_by_when_how_often_and_how_much(api):
    for nth in range(10):
        customer(api, f"c{nth}")
        for n in range(nth + 1):
            order(api, f"o{nth}-{n}", f"c{nth}", at=NOON - (10 - nth) * 10 * DAY)
    customer(api, "never")
    for label, who in [("champions", ["c8", "c9", "c7", "c6"]), ("lost", ["c0", "c1"])]:
        put(api, label, {"field": "orders.rfm", "op": "in", "value": [label]}, at=NOON)
        assert sorted(member_ids(api, label)) == sorted(who)
        for name in (*who, "never"):
            explained = api.get(
                f"/segments/{label}/explain?customer_id={name}&at=2026-03-10T12:00:00Z"
            )
            assert explained["leaves"][0]["found"] == (label if name != "never" else None)


BUYERS_OF_ANY_SORT = {
    "field": "orders.rfm", "op": "in",
    "value": ["champions", "loyal", "promising", "new", "at_risk", "hibernating", "lost"],
}  # fmt: skip


def test_sorts_of_buyers_are_known_before_any_segment_asks_for_them(api, people):
    told = api.post("/segments/preview", {"rule": BUYERS_OF_ANY_SORT, "at": NOON})
    assert (told["count"], told["is_estimate"]) == (2, False)


def test_an_order_after_now_makes_nobody_a_buyer_yet(api, people):
    customer(api, "later", country="DE")
    order(api, "o9", "later", at=NOON + DAY)
    put(api, "buyers", BUYERS_OF_ANY_SORT, at=NOON)
    assert member_ids(api, "buyers") == ["c1", "c2"]
    told = api.get(f"/segments/buyers/explain?customer_id=later&at={NOON:%Y-%m-%dT%H:%M:%SZ}")
    assert told["is_member"] is False
    assert (
        api.post("/segments/preview", {"rule": BUYERS_OF_ANY_SORT, "at": NOON + DAY})["count"] == 3
    )
