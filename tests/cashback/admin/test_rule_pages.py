"""Cashback rules on the staff's pages: told in a sentence, saved by the act of the API, archived."""

import json
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cashback.domain.rules import RuleDefinition
from cashback.forms.rule import RuleForm
from cashback.models import Rule, RuleStamp
from cashback.queries.rule_book import current_rules, definition_of
from journal.queries import history_of
from tests.api import Api
from tests.cashback.admin.text import read, text_of
from tests.cashback.api.shapes import FULL, PARTNER, PLAIN
from tests.cashback.money import buy, customer
from tests.promotions.admin.pages import open_page, send, sent_by

LIST = reverse("admin:cashback_rule_changelist")
ADD = reverse("admin:cashback_rule_add")
AMOUNT: dict[str, Any] = {"name": "Five", "amount": 500, "currency": "EUR"}
TIERS: dict[str, Any] = {"name": "Gold", "tiers": [{"segment": "gold", "percent": "7.25"}]}


@pytest.fixture
def shop(api: Api) -> Api:
    api.put("/cashback/partners/acme", PARTNER)
    api.put("/segments/gold", {"name": "Gold", "kind": "static"})
    return api


def page_of(rule_id: str, name: str = "change") -> str:
    return reverse(f"admin:cashback_rule_{name}", args=[Rule.objects.get(reference=rule_id).pk])


def shape_of(rule_id: str) -> Any:
    return msgspec.to_builtins(definition_of(Rule.objects.get(reference=rule_id)))


def test_a_rule_is_made_by_the_form_as_by_the_api(shop: Api, staff: Client):
    page = open_page(staff, ADD)
    before = RuleStamp.objects.get().version
    answer = send(
        staff,
        ADD,
        page.form,
        rule_id="base",
        name="Basis",
        percent="2,5 %",
        currency="eur",
        min_subtotal="30",
        partner_id="acme",
        segments=["gold"],
        max_per_order="5.00",
        clawback="absorb",
        terms_de="Nur für Mitglieder.",
    )
    assert answer.status_code == 302, text_of(answer)
    wanted = {
        "name": "Basis", "percent": "2.5", "currency": "EUR", "conditions": {"min_subtotal": 3000},
        "partner_id": "acme", "audience": {"segments": ["gold"]}, "max_per_order": 500,
        "clawback": "absorb", "terms": {"de": "Nur für Mitglieder."},
    }  # fmt: skip
    assert shape_of("base") == msgspec.to_builtins(msgspec.convert(wanted, RuleDefinition))
    assert RuleStamp.objects.get().version > before
    (made,) = history_of(subject_kind="cashback_rule", subject_id="base")
    assert (made.action, made.actor[:6]) == ("cashback_rule.created", "staff:")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "body", [PLAIN, FULL, AMOUNT, TIERS], ids=["plain", "full", "amount", "tiers"]
)
def test_what_is_sent_back_as_it_was_stays_as_it_was(db: None, body: Any, language: str):
    original = msgspec.convert(body, RuleDefinition)
    bound = type("Form", (RuleForm,), {"original": original})
    with translation.override(language):
        form = bound(sent_by(bound(None, instance=Rule(pk=1))), instance=Rule(pk=1))
        form.fields.pop("seen")
        form.tell_meanwhile = lambda: None
        assert form.is_valid(), form.errors
    assert form.definition == original


def test_an_edit_changes_what_it_says_and_nothing_else(shop: Api, staff: Client):
    shop.put("/cashback/rules/club", FULL)
    before = shape_of("club")
    page = open_page(staff, page_of("club"))
    assert send(staff, page_of("club"), page.form, percent="3").status_code == 302
    assert shape_of("club") == before | {"percent": "3"}
    *_, last = history_of(subject_kind="cashback_rule", subject_id="club")
    assert (last.before, last.after) == ({"percent": "2.5"}, {"percent": "3"})


def test_an_amount_takes_the_place_of_percentages(shop: Api, staff: Client):
    shop.put("/cashback/rules/gold", TIERS | {"percent": "2"})
    page = open_page(staff, page_of("gold"))
    answer = send(staff, page_of("gold"), page.form, gives="amount", amount="5", currency="EUR")
    assert answer.status_code == 302, text_of(answer)
    shape = shape_of("gold")
    assert (shape["percent"], shape["tiers"], shape["amount"]) == (None, [], 500)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"percent": ""}, "Say what the rule gives."),
        ({"percent": "101"}, "A percentage is above 0"),
        ({"gives": "amount", "amount": ""}, "Say what the rule gives."),
        ({"gives": "amount", "amount": "5"}, "needs its currency"),
        ({"max_per_order": "5"}, "needs its currency"),
        ({"expires_after_days": "0"}, "greater than or equal to 1"),
        ({"starts_at_0": "2026-03-02", "ends_at_0": "2026-03-01"}, "The end must be after"),
        ({"name": " "}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    shop: Api, staff: Client, changes: dict[str, str], says: str
):
    shop.put("/cashback/rules/base", PLAIN)
    before = shape_of("base")
    page = open_page(staff, page_of("base"))
    answer = send(staff, page_of("base"), page.form, **changes)
    assert answer.status_code == 200
    assert says in text_of(answer)
    assert shape_of("base") == before


def test_an_id_is_given_once(shop: Api, staff: Client):
    shop.put("/cashback/rules/base", PLAIN)
    page = open_page(staff, ADD)
    answer = send(staff, ADD, page.form, rule_id="base", name="Other", percent="9")
    assert "This id is taken." in text_of(answer)
    assert shape_of("base")["percent"] == "2"


def test_whoever_was_overtaken_is_told_and_overwrites_nothing(shop: Api, staff: Client):
    shop.put("/cashback/rules/base", PLAIN)
    page = open_page(staff, page_of("base"))
    shop.patch("/cashback/rules/base", {"pending_days": 30})
    answer = send(staff, page_of("base"), page.form, percent="3")
    assert answer.status_code == 200
    said = text_of(answer)
    assert "It has been changed meanwhile." in said
    assert "Days of waiting: 30" in said
    assert (shape_of("base")["percent"], shape_of("base")["pending_days"]) == ("2", 30)


def test_the_sentence_follows_what_is_typed_and_saves_nothing(shop: Api, staff: Client):
    page = open_page(staff, ADD)
    url = reverse("admin:cashback_rule_preview")
    typed = page.form | {"percent": "4", "pending_days": "7"}
    told = json.loads(staff.post(url, typed).content)
    assert told["sentences"]["en"].startswith("4\xa0% cashback")
    assert "7 days" in told["sentences"]["en"]
    wrong = json.loads(staff.post(url, typed | {"percent": "400"}).content)
    assert [problem.partition(":")[0] for problem in wrong["problems"]] == ["Percent"]
    assert not Rule.objects.exists()


def test_the_list_tells_what_each_gives_and_how_often_it_did(shop: Api, staff: Client):
    shop.put("/cashback/rules/base", PLAIN)
    shop.put("/cashback/rules/old", PLAIN | {"status": "archived"})

    (rule,) = current_rules().rules
    for _ in range(2):
        buy(customer(), rule)
    said = read(staff, LIST)
    assert "2 % cashback, available 14 days after delivery" in said
    assert " base " in said
    assert "archived" in said
    assert Rule.objects.count() == 2
    assert " 2 " in said
    only = read(staff, f"{LIST}?status=archived")
    assert " old " in only
    assert " base " not in only


def test_a_list_takes_as_many_statements_for_many(
    shop: Api, staff: Client, django_assert_max_num_queries: Any
):
    for number in range(20):
        shop.put(f"/cashback/rules/r{number}", FULL)
    staff.get(LIST)
    with django_assert_max_num_queries(9):
        staff.get(LIST)


def test_what_was_used_is_archived_and_what_was_not_can_be_deleted(shop: Api, staff: Client):
    shop.put("/cashback/rules/used", PLAIN)
    shop.put("/cashback/rules/new", PLAIN | {"status": "archived"})

    buy(customer(), *current_rules().rules)
    keys = [rule.pk for rule in Rule.objects.all()]
    remove = "/admin/cashback/rule/{}/remove/"
    used, new = (Rule.objects.get(reference=name) for name in ("used", "new"))
    assert staff.post(remove.format(used.pk)).status_code == 403
    assert "Delete this cashback rule?" in read(staff, remove.format(new.pk))
    assert staff.post(remove.format(new.pk)).status_code == 302
    assert [rule.reference for rule in Rule.objects.all()] == ["used"]

    staff.post(LIST, {"action": "archive", "_selected_action": keys})
    assert Rule.objects.get().status == "archived"


def test_whoever_may_only_look_gets_the_same_form_locked(shop: Api, looker: Client):
    shop.put("/cashback/rules/base", PLAIN)
    page = open_page(looker, page_of("base"))
    assert "Basis" in page.html
    assert looker.post(page_of("base"), page.form).status_code == 403
    assert looker.get(ADD).status_code == 403
    assert looker.post(reverse("admin:cashback_rule_preview"), {}).status_code == 403


def test_strangers_see_none_of_it(shop: Api, stranger: Client):
    shop.put("/cashback/rules/base", PLAIN)
    for url in (LIST, ADD, page_of("base")):
        assert stranger.get(url).status_code == 403
