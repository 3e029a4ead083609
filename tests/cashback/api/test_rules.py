"""PUT, PATCH, GET, DELETE and the list of cashback rules."""

import pytest

from cashback.models import Rule, RuleStamp
from cashback.queries.rule_book import current_rules
from journal.models import AuditEntry
from tests.api import Api, Got
from tests.cashback import money
from tests.cashback.api.shapes import DEFAULTS, FULL, PARTNER, PLAIN


def shape_of(got: Got) -> dict:
    """The answer without what a PUT does not take."""
    return {k: v for k, v in got.body.items() if k not in {"rule_id", "summary"}}


def stamp() -> int:
    return RuleStamp.objects.get().version


def test_what_was_put_is_what_is_read(api: Api):
    api.put("/cashback/partners/acme", PARTNER)
    put = api.put("/cashback/rules/club", FULL)
    read = api.get("/cashback/rules/club")
    assert (put.status, read.status) == (201, 200)
    assert shape_of(read) == FULL
    assert read.raw == put.raw
    assert read.etag == put.etag
    assert read["rule_id"] == "club"


def test_only_a_name_and_a_gift_are_required_and_the_rest_is_filled(api: Api):
    assert shape_of(api.put("/cashback/rules/basis", PLAIN)) == DEFAULTS


@pytest.mark.parametrize(
    "gift",
    [
        {"percent": "0.0001"},
        {"percent": "100"},
        {"amount": 500, "currency": "EUR"},
        {"tiers": [{"segment": "gold", "percent": "5"}]},
    ],
)
def test_a_rule_gives_a_percentage_tiers_or_an_amount(api: Api, gift: dict):
    got = api.put("/cashback/rules/basis", {"name": "Basis"} | gift)
    assert got.status == 201
    assert shape_of(got) == DEFAULTS | {"percent": None} | gift
    assert len(current_rules().rules) == 1


def test_the_answer_holds_a_plain_sentence_in_both_languages(api: Api):
    summary = api.put("/cashback/rules/basis", PLAIN)["summary"]
    assert summary["en"].startswith("2\xa0% cashback, available 14 days after delivery")
    assert summary["de"].startswith("2\xa0% Cashback, einlösbar 14 Tage nach der Lieferung")


def test_put_again_replaces_all(api: Api):
    api.put("/cashback/partners/acme", PARTNER)
    first = api.put("/cashback/rules/basis", FULL)
    again = api.put("/cashback/rules/basis", PLAIN)
    assert again.status == 200
    assert shape_of(again) == DEFAULTS
    assert again.etag != first.etag


def test_patch_merges_and_null_puts_back_the_default(api: Api):
    api.put("/cashback/partners/acme", PARTNER)
    api.put("/cashback/rules/basis", FULL)
    got = api.patch(
        "/cashback/rules/basis",
        {"status": "active", "terms": {"en": None}, "items": {"exclude": None}, "pending_days": None,
         "partner_id": None},
    )  # fmt: skip
    assert got.status == 200
    items = FULL["items"] | {"exclude": DEFAULTS["items"]["exclude"]}
    assert shape_of(got) == FULL | {
        "status": "active", "terms": {"de": "Nur für Mitglieder."}, "items": items,
        "pending_days": 14, "partner_id": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": None}, "/name", "invalid"),
        ({"name": " "}, "/name", "required"),
        ({"percent": None}, "/percent", "one_of"),
        ({"percent": 2}, "/percent", "invalid"),
        ({"percent": "0"}, "/percent", "invalid"),
        ({"percent": "100.5"}, "/percent", "invalid"),
        ({"amount": 500, "currency": "EUR"}, "/amount", "one_of"),
        ({"amount": 0}, "/amount", "invalid"),
        ({"max_per_order": 500}, "/currency", "currency_required"),
        ({"conditions": {"min_subtotal": 500}}, "/currency", "currency_required"),
        ({"conditions": {"max_subtotal": 500}}, "/conditions/max_subtotal", "unknown_field"),
        ({"audience": {"exclude_segments": []}}, "/audience/exclude_segments", "unknown_field"),
        ({"partner_id": "nobody"}, "/partner_id", "unknown"),
        ({"pending_days": -1}, "/pending_days", "invalid"),
        ({"expires_after_days": 0}, "/expires_after_days", "invalid"),
        ({"clawback": "never"}, "/clawback", "invalid"),
        ({"clawback": None}, "/clawback", "invalid"),
        ({"tiers": [{"segment": "gold", "percent": "5"}] * 2}, "/tiers/1/segment", "duplicate"),
        ({"items": {"min_unit_price": 5, "max_unit_price": 4}, "currency": "EUR"},
         "/items/max_unit_price", "below_minimum"),
        ({"rate": "2"}, "/rate", "unknown_field"),
        ({"rule_id": "basis"}, "/rule_id", "read_only"),
        ({"summary": {"de": "", "en": ""}}, "/summary", "read_only"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(
    api: Api, fields: dict, pointer: str, code: str
):
    got = api.put("/cashback/rules/basis", PLAIN | fields)
    assert got.status == 422
    assert [(error["pointer"], error["code"]) for error in got["errors"]] == [(pointer, code)]
    assert not Rule.objects.exists()
    assert not RuleStamp.objects.exists()


def test_a_rule_with_an_id_that_is_none_is_refused(api: Api):
    assert api.put("/cashback/rules/a%20b", PLAIN).pointers == ["/rule_id"]
    assert api.get("/cashback/rules/a%20b").status == 404


def test_unknown_rules_are_not_found(api: Api):
    for got in (
        api.get("/cashback/rules/none"),
        api.patch("/cashback/rules/none", {"name": "x"}),
        api.delete("/cashback/rules/none"),
    ):
        assert (got.status, got["code"]) == (404, "not_found")


def test_a_write_that_was_meant_for_another_state_does_nothing(api: Api):
    first = api.put("/cashback/rules/basis", PLAIN)
    second = api.patch("/cashback/rules/basis", {"name": "B"}, if_match=first.etag)
    assert second.status == 200
    for got in (
        api.put("/cashback/rules/basis", PLAIN, if_match=first.etag),
        api.patch("/cashback/rules/basis", {"name": "C"}, if_match=first.etag),
        api.delete("/cashback/rules/basis", if_match=first.etag),
        api.put("/cashback/rules/other", PLAIN, if_match="*"),
    ):
        assert (got.status, got["code"]) == (412, "precondition_failed")
    assert api.get("/cashback/rules/basis").raw == second.raw


def test_every_edit_raises_the_stamp_and_a_refused_one_does_not(api: Api):
    seen = []
    for edit in (
        lambda: api.put("/cashback/rules/a", PLAIN),
        lambda: api.put("/cashback/rules/b", PLAIN),
        lambda: api.patch("/cashback/rules/a", {"name": "A"}),
        lambda: api.put("/cashback/partners/acme", PARTNER),
        lambda: api.patch("/cashback/partners/acme", {"share_percent": "10"}),
        lambda: api.delete("/cashback/partners/acme"),
        lambda: api.delete("/cashback/rules/b"),
    ):
        assert edit().status < 300
        seen.append(stamp())
    api.put("/cashback/rules/c", PLAIN | {"percent": None})
    api.patch("/cashback/rules/a", {"name": "B"}, if_match='"0-0"')
    api.delete("/cashback/rules/c")
    assert seen == sorted(set(seen))
    assert stamp() == seen[-1]
    assert Rule.objects.get().stamp == seen[2]


def test_the_checkout_knows_the_rules_as_they_are_now(api: Api):
    api.put("/cashback/partners/acme", PARTNER)
    api.put("/cashback/rules/b", PLAIN | {"partner_id": "acme"})
    api.put("/cashback/rules/a", PLAIN | {"tiers": [{"segment": "gold", "percent": "5"}]})
    book = current_rules()
    assert [rule.rule_id for rule in book.rules] == ["a", "b"]
    assert book.segments == ("gold",)
    assert book.rules[1].partner is not None
    assert book.rules[1].partner.share_percent == 500_000
    api.put("/cashback/partners/acme", PARTNER | {"share_percent": "25"})
    api.patch("/cashback/rules/a", {"status": "archived"})
    [rule] = current_rules().rules
    assert rule.partner is not None
    assert rule.partner.share_percent == 250_000


def test_edits_stand_in_the_audit_trail(api: Api):
    api.put("/cashback/rules/basis", PLAIN)
    api.patch("/cashback/rules/basis", {"percent": "3"})
    api.delete("/cashback/rules/basis")
    trail = AuditEntry.objects.filter(subject_kind="cashback_rule", subject_id="basis")
    created, changed, deleted = trail.order_by("id")
    assert created.action == "cashback_rule.created"
    assert (created.before, created.after) == (None, DEFAULTS)
    assert (changed.before, changed.after) == ({"percent": "2"}, {"percent": "3"})
    assert (deleted.before, deleted.after) == (DEFAULTS | {"percent": "3"}, None)


def test_a_rule_by_which_something_was_earned_is_archived_and_not_deleted(api: Api):
    api.put("/cashback/rules/basis", PLAIN)
    [rule] = current_rules().rules
    money.buy(money.customer(), rule)
    refused = api.delete("/cashback/rules/basis")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert api.patch("/cashback/rules/basis", {"status": "archived"}).status == 200
    assert current_rules().rules == []


def test_a_rule_by_which_nothing_was_earned_is_deleted(api: Api):
    api.put("/cashback/rules/basis", PLAIN)
    assert api.delete("/cashback/rules/basis").status == 204
    assert api.get("/cashback/rules/basis").status == 404
    assert api.put("/cashback/rules/basis", PLAIN).status == 201


def test_all_rules_are_listed_by_id(api: Api):
    for name in ("c", "B", "a"):
        api.put(f"/cashback/rules/{name}", PLAIN)
    api.patch("/cashback/rules/a", {"status": "archived"})
    first = api.get("/cashback/rules?limit=2")
    assert [row["rule_id"] for row in first["results"]] == ["B", "a"]
    rest = api.get(f"/cashback/rules?limit=2&cursor={first['next_cursor']}")
    assert ([row["rule_id"] for row in rest["results"]], rest["next_cursor"]) == (["c"], None)
    active = api.get("/cashback/rules?status=active")
    assert [row["rule_id"] for row in active["results"]] == ["B", "c"]


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": {"segments": ["gold"]}},
        {"tiers": [{"segment": "silver", "percent": "4"}, {"segment": "gold", "percent": "5"}]},
    ],
)
def test_a_segment_that_a_rule_names_is_not_deleted(api: Api, fields: dict):
    api.put("/segments/gold", {"name": "Gold", "kind": "static"})
    api.put("/cashback/rules/club", PLAIN | fields)
    refused = api.delete("/segments/gold")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert "cashback/rules/club" in refused["detail"]
    api.put("/cashback/rules/club", PLAIN)
    assert api.delete("/segments/gold").status == 204


def test_it_needs_the_scope(api_without_scope: Api, nobody: Api):
    for path in ("/cashback/rules", "/cashback/rules/a", "/cashback/partners"):
        assert api_without_scope.get(path).status == 403
        assert nobody.get(path).status == 401
