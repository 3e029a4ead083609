"""PUT, PATCH, GET, DELETE and the list of promotions."""

import copy
from datetime import timedelta

import pytest

from journal.models import AuditEntry
from promotions.models import DefinitionStamp, Promotion, PromotionCounter, PromotionUse
from promotions.queries.definitions import users_of_segment
from tests.api import NOON, Api, Got
from tests.promotions.api.shapes import DEFAULTS, FULL, PLAIN, TEN_PERCENT, plain


def shape_of(got: Got) -> dict:
    """The answer without what a PUT does not take."""
    return {k: v for k, v in got.body.items() if k not in {"promotion_id", "summary"}}


def stamp() -> int:
    return DefinitionStamp.objects.get().version


def use(promotion: Promotion, **columns: object) -> PromotionUse:
    return PromotionUse.objects.create(
        promotion=promotion, amount=0, currency="EUR", restores=True, changed_at=NOON,
        **({"status": "used", "redemption_id": "0" * 32} | columns),
    )  # fmt: skip


def test_what_was_put_is_what_is_read(api: Api) -> None:
    put = api.put("/promotions/spring", FULL)

    read = api.get("/promotions/spring")
    assert (put.status, read.status) == (201, 200)
    assert shape_of(read) == FULL
    assert read.raw == put.raw
    assert read.etag == put.etag
    assert read["promotion_id"] == "spring"


def test_only_name_and_effect_are_required_and_the_rest_is_filled(api: Api) -> None:
    assert shape_of(api.put("/promotions/plain", PLAIN)) == DEFAULTS


def test_the_answer_holds_a_plain_sentence_in_both_languages(api: Api) -> None:
    fields = {"items": {"include": {"categories": ["tea"]}}, "conditions": {"min_subtotal": 3000}}

    got = api.put("/promotions/spring", plain(currency="EUR", **fields))

    assert got["summary"] == {
        "de": "10\xa0% auf tea ab 30\xa0€",
        "en": "10\xa0% off tea from 30\xa0€",
    }


def test_put_again_replaces_all_but_the_counters(api: Api) -> None:
    api.put("/promotions/spring", FULL)
    PromotionCounter.objects.update(used=7, spent=700)

    again = api.put("/promotions/spring", PLAIN)

    assert again.status == 200
    assert shape_of(again) == DEFAULTS
    assert PromotionCounter.objects.get().used == 7


def test_a_limit_may_be_set_below_what_was_used(api: Api) -> None:
    api.put("/promotions/spring", FULL)
    PromotionCounter.objects.update(used=7, spent=700)

    got = api.patch("/promotions/spring", {"limits": {"redemptions": 1, "discount_budget": 1}})

    assert got.status == 200


def test_every_edit_raises_the_stamp_and_a_refused_one_does_not(api: Api) -> None:
    DefinitionStamp.objects.all().delete()
    seen = []
    for edit in (
        lambda: api.put("/promotions/a", PLAIN),
        lambda: api.put("/promotions/b", PLAIN),
        lambda: api.patch("/promotions/a", {"name": "A"}),
        lambda: api.delete("/promotions/b"),
    ):
        assert edit().status < 300
        seen.append(stamp())

    api.put("/promotions/c", plain(percent="10"))
    api.patch("/promotions/a", {"name": "B"}, if_match='"0-0"')
    api.delete("/promotions/c")

    assert seen == sorted(set(seen))
    assert stamp() == seen[-1]
    assert Promotion.objects.get().stamp == seen[2]


def test_patch_merges_and_null_puts_back_the_default(api: Api) -> None:
    api.put("/promotions/spring", FULL)

    got = api.patch(
        "/promotions/spring",
        {
            "status": "paused",
            "title": {"en": None},
            "conditions": {"min_quantity": None, "countries": ["CH"]},
            "limits": None,
        },
    )

    wanted = copy.deepcopy(FULL)
    wanted["status"] = "paused"
    del wanted["title"]["en"]
    wanted["conditions"] |= {"min_quantity": None, "countries": ["CH"]}
    wanted["limits"] = DEFAULTS["limits"]
    assert (got.status, shape_of(got)) == (200, wanted)
    assert shape_of(api.get("/promotions/spring")) == wanted


def test_a_patch_to_another_kind_of_effect_needs_only_that_kind_s_fields(api: Api) -> None:
    api.put("/promotions/spring", FULL)

    got = api.patch("/promotions/spring", {"effect": {"kind": "fixed_amount", "amount": 500}})

    effect = {"kind": "fixed_amount", "amount": 500, "on": "order", "max_units": None}
    assert got["effect"] == effect


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"effect": None}, "/effect"),
        ({"effect": {"percent": "0"}}, "/effect/percent"),
        ({"effect": {"kind": "fixed_amount"}}, "/effect/amount"),
        ({"currency": None}, "/currency"),
        ({"used": 0}, "/used"),
        ({"promotion_id": "other"}, "/promotion_id"),
    ],
)
def test_a_patch_is_checked_as_a_put_is(api: Api, patch: dict, pointer: str) -> None:
    put = api.put("/promotions/spring", FULL)

    got = api.patch("/promotions/spring", patch)

    assert (got.status, got.pointers) == (422, [pointer])
    assert api.get("/promotions/spring").raw == put.raw


NUL = "a\x00b"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "n" * 256}, "/name"),
        ({"name": NUL}, "/name"),
        ({"nmae": "x"}, "/nmae"),
        ({"title": {"fr": "x"}}, "/title/fr"),
        ({"title": {"de": NUL}}, "/title/de"),
        ({"terms": {"de": "x" * 10_001}}, "/terms/de"),
        ({"status": "ended"}, "/status"),
        ({"activation": None}, "/activation"),
        ({"currency": "eur"}, "/currency"),
        ({"currency": "EUR\n"}, "/currency"),
        ({"effect": None}, "/effect"),
        ({"effect": {}}, "/effect/kind"),
        ({"effect": {"kind": "wish"}}, "/effect/kind"),
        ({"effect": {"kind": "percentage"}}, "/effect/percent"),
        ({"effect": {"kind": "percentage", "percent": 10}}, "/effect/percent"),
        ({"effect": {"kind": "percentage", "percent": "0"}}, "/effect/percent"),
        ({"effect": {"kind": "percentage", "percent": "100.1"}}, "/effect/percent"),
        ({"effect": {"kind": "percentage", "percent": "-1"}}, "/effect/percent"),
        ({"effect": {"kind": "percentage", "percent": "1.23456"}}, "/effect/percent"),
        ({"effect": TEN_PERCENT | {"on": "unit"}}, "/effect/on"),
        ({"effect": TEN_PERCENT | {"max_discount": 5}}, "/currency"),
        ({"effect": TEN_PERCENT | {"amount": 5}}, "/effect/amount"),
        ({"effect": {"kind": "fixed_amount", "amount": 5}}, "/currency"),
        ({"effect": {"kind": "fixed_amount", "amount": 0}}, "/effect/amount"),
        ({"effect": {"kind": "fixed_amount", "amount": -5}}, "/effect/amount"),
        ({"effect": {"kind": "fixed_amount", "amount": 5.5}}, "/effect/amount"),
        ({"effect": {"kind": "fixed_amount", "amount": 10**12 + 1}}, "/effect/amount"),
        ({"effect": {"kind": "fixed_amount", "amount": 10**400}}, "/effect/amount"),
        (
            {
                "currency": "EUR",
                "effect": {"kind": "fixed_amount", "amount": 5, "max_units": 2},
            },
            "/effect/max_units",
        ),
        ({"items": {"include": {"skus": ["a b"]}}}, "/items/include/skus/0"),
        ({"items": {"include": {"sku": ["a"]}}}, "/items/include/sku"),
        ({"items": {"exclude": {"tags": [NUL]}}}, "/items/exclude/tags/0"),
        ({"items": {"include": [[]]}}, "/items/include"),
        ({"items": {"min_unit_price": 3}}, "/currency"),
        (
            {"currency": "EUR", "items": {"min_unit_price": 3, "max_unit_price": 2}},
            "/items/max_unit_price",
        ),
        ({"conditions": {"min_subtotal": True}}, "/conditions/min_subtotal"),
        ({"conditions": {"nth_order": 0}}, "/conditions/nth_order"),
        ({"conditions": {"countries": ["Germany"]}}, "/conditions/countries/0"),
        (
            {"conditions": {"contains": [{"min_quantity": 0}]}},
            "/conditions/contains/0/min_quantity",
        ),
        ({"audience": {"segments": [None]}}, "/audience/segments/0"),
        ({"schedule": {"starts_at": "2026-03-01"}}, "/schedule/starts_at"),
        ({"schedule": {"starts_at": "2026-03-01T00:00:00"}}, "/schedule/starts_at"),
        ({"schedule": {"starts_at": "9999-12-31T23:59:59-12:00"}}, "/schedule/starts_at"),
        ({"schedule": {"ends_at": "0001-01-01T00:00:00+12:00"}}, "/schedule/ends_at"),
        (
            {
                "schedule": {
                    "starts_at": "2026-03-01T00:00:00Z",
                    "ends_at": "2026-03-01T01:00:00+01:00",
                }
            },
            "/schedule/ends_at",
        ),
        ({"schedule": {"timezone": "Europe/Bonn"}}, "/schedule/timezone"),
        ({"schedule": {"timezone": "../../etc/passwd"}}, "/schedule/timezone"),
        ({"schedule": {"weekly": [{"days": []}]}}, "/schedule/weekly/0/days"),
        (
            {"schedule": {"weekly": [{"days": [8], "from": "17:00", "until": "20:00"}]}},
            "/schedule/weekly/0/days/0",
        ),
        (
            {"schedule": {"weekly": [{"days": [1], "from": "17:00", "until": "24:00"}]}},
            "/schedule/weekly/0/until",
        ),
        ({"stacking": {"priority": 1.5}}, "/stacking/priority"),
        ({"stacking": {"group": ""}}, "/stacking/group"),
        ({"limits": {"per_customer": 0}}, "/limits/per_customer"),
        ({"limits": {"discount_budget": 5}}, "/currency"),
        ({"after_cancel": "lose"}, "/after_cancel"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_refused_by_the_field_s_name(api: Api, fields: dict, pointer: str) -> None:
    got = api.put("/promotions/bad", plain(**fields))

    assert (got.status, got["code"]) == (422, "validation_failed")
    assert pointer in got.pointers
    assert not Promotion.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"[" * 5000 + b"]" * 5000, 400, "malformed_request"),
        (b'{"items": ' + b"[" * 5000, 400, "malformed_request"),
        (b"{", 400, "malformed_request"),
        (b'{"name": "\xff", "effect": {}}', 400, "malformed_request"),
        (b'{"name": "\\ud800", "effect": {}}', 422, "validation_failed"),
        (b"[]", 422, "validation_failed"),
        (b"null", 422, "validation_failed"),
    ],
)
def test_what_is_no_promotion_at_all_is_refused(
    api: Api, raw: bytes, status: int, code: str
) -> None:
    got = api.put("/promotions/bad", raw)

    assert (got.status, got["code"]) == (status, code)


@pytest.mark.parametrize("promotion_id", ["a%20b", "ä", "a%00", "a" * 129])
def test_an_id_that_cannot_be_is_refused_or_not_found(api: Api, promotion_id: str) -> None:
    path = f"/promotions/{promotion_id}"

    assert api.put(path, PLAIN).pointers == ["/promotion_id"]
    assert [api.get(path).status, api.patch(path, {}).status, api.delete(path).status] == [404] * 3


def test_what_is_not_there_is_not_found(api: Api) -> None:
    path = "/promotions/nowhere"

    assert [api.get(path).status, api.patch(path, {}).status, api.delete(path).status] == [404] * 3


def test_if_match_refuses_what_was_meant_for_another_state(api: Api) -> None:
    seen = api.put("/promotions/spring", PLAIN).etag
    changed = api.patch("/promotions/spring", {"name": "New"}, if_match=seen)

    late = [
        api.put("/promotions/spring", PLAIN, if_match=seen),
        api.patch("/promotions/spring", {"name": "Old"}, if_match=seen),
        api.delete("/promotions/spring", if_match=seen),
        api.put("/promotions/other", PLAIN, if_match=seen),
    ]

    assert changed.etag != seen
    assert [got["code"] for got in late] == ["precondition_failed"] * 4
    assert api.get("/promotions/spring")["name"] == "New"
    assert api.get("/promotions/other").status == 404


def test_deleting_takes_codes_and_counters_along(api: Api) -> None:
    api.put("/promotions/spring", PLAIN)
    api.post("/promotions/spring/codes", {"code": "HELLO1", "customer_id": "ada"})
    api.post("/promotions/spring/code-batches", {"count": 1})

    assert api.delete("/promotions/spring").status == 204

    assert api.get("/promotions/spring").status == 404
    assert not PromotionCounter.objects.exists()
    assert api.put("/promotions/spring", PLAIN).status == 201


def test_what_was_used_held_or_released_is_not_deleted(api: Api) -> None:
    for name in ("used", "held", "imported"):
        api.put(f"/promotions/{name}", PLAIN)
        api.post(f"/promotions/{name}/codes", {"code": f"{name}1"})
    use(Promotion.objects.get(reference="used"))
    held = Promotion.objects.get(reference="held")
    use(held, status="released", reservation_id="1" * 32, redemption_id=None)
    Promotion.objects.get(reference="imported").codes.update(used=1)

    for name in ("used", "held", "imported"):
        got = api.delete(f"/promotions/{name}")
        assert (got.status, got["code"]) == (409, "in_use")


@pytest.mark.parametrize("name", [" ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_a_name_of_blanks_is_none(api: Api, name: str) -> None:
    api.put("/promotions/spring", PLAIN)
    for got in (
        api.put("/promotions/summer", plain(name=name)),
        api.patch("/promotions/spring", {"name": name}),
    ):
        assert (got.status, got.pointers) == (422, ["/name"])
    assert api.get("/promotions/spring")["name"] == "Plain"


@pytest.mark.parametrize("status", ["held", "used", "restored", "released"])
@pytest.mark.parametrize("currency", ["JPY", None])
def test_what_was_used_or_held_keeps_its_currency(
    api: Api, status: str, currency: str | None
) -> None:
    """Else what was spent of its budget in euros would count as yen."""
    before = api.put("/promotions/spring", {**PLAIN, "currency": "EUR"})
    held = {"reservation_id": "1" * 32, "redemption_id": None}
    use(Promotion.objects.get(), status=status, **(held if status in {"held", "released"} else {}))

    for got in (
        api.patch("/promotions/spring", {"currency": currency}),
        api.put("/promotions/spring", PLAIN | ({"currency": currency} if currency else {})),
    ):
        assert (got.status, got["code"], got.pointers) == (409, "in_use", ["/currency"])
    german = api.patch("/promotions/spring", {"currency": currency}, accept_language="de")
    assert german["detail"] == "Sie wurde an der Kasse benutzt: Ihre Währung bleibt."
    assert api.get("/promotions/spring").body == before.body
    assert api.patch("/promotions/spring", {"currency": "EUR", "name": "B"}).status == 200


def test_a_currency_is_not_set_once_it_was_used_without_one(api: Api) -> None:
    api.put("/promotions/spring", PLAIN)
    assert api.patch("/promotions/spring", {"currency": "EUR"}).status == 200
    assert api.patch("/promotions/spring", {"currency": None}).status == 200
    use(Promotion.objects.get())

    got = api.patch("/promotions/spring", {"currency": "EUR"})

    assert (got.status, got["code"]) == (409, "in_use")


def test_the_list_is_by_id_in_pages_and_by_status(api: Api) -> None:
    for name, status in [("b", "active"), ("a", "draft"), ("c", "active"), ("d", "active")]:
        api.put(f"/promotions/{name}", plain(status=status))

    first = api.get("/promotions?limit=2&status=active")
    second = api.get(f"/promotions?limit=2&status=active&cursor={first['next_cursor']}")

    ids = [[row["promotion_id"] for row in page["results"]] for page in (first, second)]
    assert ids == [["b", "c"], ["d"]]
    assert second["next_cursor"] is None
    assert first["results"][0] == api.get("/promotions/b").body


@pytest.mark.parametrize("query", ["status=live", "limit=0", "limit=x", "cursor=%21", "sort=name"])
def test_a_bad_query_is_refused(api: Api, query: str) -> None:
    assert api.get(f"/promotions?{query}").pointers == [f"/{query.partition('=')[0]}"]


def test_every_path_needs_the_scope(api_without_scope: Api) -> None:
    got = [
        api_without_scope.get("/promotions"),
        api_without_scope.get("/promotions/a"),
        api_without_scope.put("/promotions/a", PLAIN),
        api_without_scope.patch("/promotions/a", {}),
        api_without_scope.delete("/promotions/a"),
        api_without_scope.get("/promotions/a/codes"),
        api_without_scope.post("/promotions/a/codes", {}),
        api_without_scope.patch("/promotions/a/codes/b", {}),
    ]

    assert {(g.status, g["code"]) for g in got} == {(403, "scope_missing")}


def test_the_audit_trail_tells_what_changed_and_who_did_it(api: Api) -> None:
    api.put("/promotions/spring", PLAIN)
    api.patch("/promotions/spring", {"status": "active", "limits": {"redemptions": 5}})
    api.delete("/promotions/spring")

    created, changed, deleted = AuditEntry.objects.filter(subject_kind="promotion").order_by("id")
    assert (created.action, created.before, created.after) == ("promotion.created", None, DEFAULTS)
    assert changed.before == {"status": "draft", "limits": DEFAULTS["limits"]}
    assert changed.after == {
        "status": "active",
        "limits": DEFAULTS["limits"] | {"redemptions": 5},
    }
    assert (deleted.action, deleted.after) == ("promotion.deleted", None)
    assert {entry.subject_id for entry in (created, changed, deleted)} == {"spring"}
    assert created.actor.startswith("key:")


def test_a_segment_that_an_audience_names_is_in_use(api: Api) -> None:
    api.put("/promotions/a", plain(audience={"segments": ["regulars"]}))
    api.put("/promotions/b", plain(audience={"exclude_segments": ["staff"]}))

    named = {name: users_of_segment(name) for name in ("regulars", "staff", "others")}
    assert named == {"regulars": ["promotions/a"], "staff": ["promotions/b"], "others": []}
    api.put("/segments/staff", {"name": "Staff"})
    refused = api.delete("/segments/staff", accept_language="de")
    assert (refused.status, refused["detail"]) == (409, "Es wird genannt von promotions/b.")


def test_a_read_is_three_statements_and_a_put_stays_few(
    api: Api, django_assert_max_num_queries: object
) -> None:
    api.put("/promotions/spring", FULL)
    with django_assert_max_num_queries(3):
        api.get("/promotions/spring")
    with django_assert_max_num_queries(3):
        api.get("/promotions?limit=200")
    # Key, BEGIN, savepoint, stamp, lock, write, audit, COMMIT.
    with django_assert_max_num_queries(10):
        api.put("/promotions/spring", FULL)


def test_an_edit_long_after_the_promotion_was_made_counts_the_same(api: Api) -> None:
    """`created_at` and the events take the call's instant, so the test clock rules them all."""
    later = (NOON + timedelta(days=400)).isoformat()
    api.put("/promotions/spring", PLAIN | {"at": later})

    assert Promotion.objects.get().created_at.isoformat() == later
