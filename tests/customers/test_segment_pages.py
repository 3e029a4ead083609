"""The staff's pages on segments: rules are built there, and written by the act of the API."""

import json

import pytest
from django.urls import reverse

from customers.models import Segment
from journal.queries import history_of
from tests.promotions.admin.pages import open_page, send

ADD = "/admin/customers/segment/add/"
COUNT = "/admin/customers/segment/count/"
GERMANS = {"field": "customer.country", "op": "eq", "value": "DE"}
SPENT = {"field": "orders.total", "op": "gte", "value": 8050, "currency": "EUR", "within_days": 90}
NESTED = {
    "all": [GERMANS, {"not": {"any": [SPENT, {"field": "segment", "op": "in", "value": ["vip"]}]}}]
}


@pytest.fixture
def shop(api):
    api.put("/customers/c1", {"country": "DE"})
    api.put("/customers/c2", {"country": "AT"})
    api.put("/segments/vip", {"name": "VIP"})
    return api


def page_of(name):
    return reverse("admin:customers_segment_change", args=[Segment.objects.get(reference=name).pk])


def counted(client, rule, *, language="en", **more):
    text = rule if isinstance(rule, str) else json.dumps(rule)
    headers = {"accept-language": language}
    return client.post(COUNT, {"rule": text, **more}, headers=headers).json()


def test_a_rule_is_saved_as_the_api_would_and_filled(shop, admin_client):
    page = open_page(admin_client, ADD)
    answer = send(
        admin_client, ADD, page.form, segment_id="germans", name="Germans", rule=json.dumps(NESTED)
    )

    assert answer.status_code == 302
    told = shop.get("/segments/germans").body
    assert (told["rule"], told["kind"], told["member_count"]) == (NESTED, "dynamic", 1)
    (written,) = history_of(subject_kind="segment", subject_id="germans")
    assert (written.action, written.actor[:6]) == ("segment.created", "staff:")


def test_a_page_that_is_saved_as_it_is_changes_nothing(shop, admin_client):
    shop.put("/segments/germans", {"name": "Germans", "kind": "dynamic", "rule": NESTED})
    before = shop.get("/segments/germans")
    page = open_page(admin_client, page_of("germans"))

    assert json.loads(page.form["rule"][0]) == NESTED
    assert send(admin_client, page_of("germans"), page.form).status_code == 302
    after = shop.get("/segments/germans")
    assert (after.body, after.headers["ETag"]) == (before.body, before.headers["ETag"])


def test_of_a_list_only_the_name_is_changed(shop, admin_client):
    shop.put("/segments/vip/members", {"customer_ids": ["c2"]})
    page = open_page(admin_client, page_of("vip"))

    assert "rule" not in page.form
    assert send(admin_client, page_of("vip"), page.form, name="Best").status_code == 302
    told = shop.get("/segments/vip").body
    assert (told["name"], told["kind"], told["member_count"]) == ("Best", "static", 1)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "This field is required."),
        ("{", "This is no rule."),
        ('{"field": "shoe.size", "op": "eq", "value": 1}', "Fields are customer.country, "),
        ('{"field": "segment", "op": "in", "value": ["none"]}', "There is no such segment."),
    ],
)
def test_a_wrong_rule_is_said_at_the_rule_and_nothing_is_saved(shop, admin_client, rule, said):
    page = open_page(admin_client, ADD)
    answer = send(admin_client, ADD, page.form, segment_id="s", name="S", rule=rule)

    assert answer.status_code == 200
    (told,) = answer.context["adminform"].form.errors["rule"]
    assert told.startswith(said)
    assert not Segment.objects.filter(reference="s").exists()


def test_an_id_that_is_taken_is_said(shop, admin_client):
    page = open_page(admin_client, ADD)
    answer = send(
        admin_client, ADD, page.form, segment_id="vip", name="S", rule=json.dumps(GERMANS)
    )
    assert answer.context["adminform"].form.errors["segment_id"] == ["This id is taken."]
    assert shop.get("/segments/vip")["kind"] == "static"


def test_who_was_overtaken_overwrites_nothing(shop, admin_client):
    shop.put("/segments/germans", {"name": "Germans", "kind": "dynamic", "rule": GERMANS})
    page = open_page(admin_client, page_of("germans"))
    shop.patch("/segments/germans", {"name": "Meanwhile"})

    answer = send(admin_client, page_of("germans"), page.form, name="Late")

    (told,) = answer.context["adminform"].form.non_field_errors()
    assert "<li>Name: Meanwhile</li>" in told
    assert shop.get("/segments/germans")["name"] == "Meanwhile"


def test_the_count_follows_what_is_built(shop, admin_client):
    told = counted(admin_client, {"all": [GERMANS]})
    assert (told["text"], told["sentence"]) == ("1 customer", "Country is DE")
    german = counted(admin_client, {"not": NESTED}, language="de")
    assert german["text"] == "1 Kunde"
    assert "Umsatz ist mindestens 80,50\xa0€ in den letzten 90 Tagen" in german["sentence"]


def test_the_count_says_where_the_rule_is_wrong(shop, admin_client):
    told = counted(admin_client, {"all": [GERMANS, {"field": "orders.total", "op": "gte"}]})
    assert told["text"] == "The count waits until the rule is complete."
    assert {problem["pointer"] for problem in told["problems"]} == {
        "/rule/all/1/value", "/rule/all/1/currency",
    }  # fmt: skip
    itself = {"field": "segment", "op": "in", "value": ["vip"]}
    told = counted(admin_client, itself, segment_id="vip")
    assert [problem["detail"] for problem in told["problems"]] == [
        "A segment cannot rest on itself."
    ]
    assert counted(admin_client, "{")["problems"]


def test_the_count_is_for_who_may_look(shop, client):
    assert client.post(COUNT, {"rule": json.dumps(GERMANS)}).status_code == 302


def test_every_field_has_its_words_in_both_languages(shop, admin_client):
    for language, words in (("en", "Orders"), ("de", "Bestellungen")):
        html = admin_client.get(ADD, headers={"accept-language": language}).content.decode()
        told = html.split('id="rule-fields" type="application/json">')[1].split("</script>")[0]
        fields = {field["name"]: field for field in json.loads(told)}
        assert fields["orders.count"]["label"] == words
        assert fields["segment"]["choices"] == [["vip", "VIP"]]
        assert {"codes.unused", "cashback.available", "campaign.sent", "sample"} <= fields.keys()
