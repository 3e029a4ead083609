"""The staff's pages on segments: rules are built there, and written by the act of the API."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Segment
from journal.queries import history_of
from tests.promotions.admin.pages import open_page, send

ADD = "/admin/customers/segment/add/"
LIST = "/admin/customers/segment/"
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
    # Its members are renewed, as by each PUT.
    renewed = {"evaluated_at": after["evaluated_at"]}
    assert after.body == before.body | renewed
    assert after.headers["ETag"] == before.headers["ETag"]


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
        (
            '{"field": "segment", "op": "in", "value": ["none"]}',
            "Segment – There is no such segment.",
        ),
    ],
)
def test_a_wrong_rule_is_said_at_the_rule_and_nothing_is_saved(shop, admin_client, rule, said):
    page = open_page(admin_client, ADD)
    answer = send(admin_client, ADD, page.form, segment_id="s", name="S", rule=rule)

    assert answer.status_code == 200
    (told,) = answer.context["adminform"].form.errors["rule"]
    assert told.startswith(said)
    assert not Segment.objects.filter(reference="s").exists()


def test_what_is_wrong_with_a_rule_names_the_condition_and_the_input(shop, admin_client):
    page = open_page(admin_client, ADD)
    attribute = {"field": "customer.attributes.size", "op": "eq"}
    wrong = {"all": [GERMANS, {"any": [{"field": "orders.total", "op": "gte"}, attribute]}]}
    answer = send(admin_client, ADD, page.form, segment_id="s", name="S", rule=json.dumps(wrong))
    assert answer.context["adminform"].form.errors["rule"] == [
        "Turnover – This field is required.",
        "Turnover – currency: This field is required.",
        "Attribute size – This field is required.",
    ]


def test_a_list_says_how_it_is_changed_and_who_is_in_it(shop, admin_client):
    shop.put("/segments/vip/members", {"customer_ids": ["c2"]})
    html = admin_client.get(page_of("vip")).content.decode()
    assert "<code>PUT /api/v1/segments/vip/members</code>" in html
    members = page_of("vip").replace("/change/", "/members/")
    assert members in html
    told = admin_client.get(members).content.decode()
    assert ">c2</a>" in told
    assert ">c1</a>" not in told


def test_members_are_turned_page_by_page(shop, admin_client, monkeypatch):
    monkeypatch.setattr("customers.admin.segments._MEMBERS_SHOWN", 1)
    shop.put("/segments/vip/members", {"customer_ids": ["c1", "c2"]})
    members = page_of("vip").replace("/change/", "/members/")
    first = admin_client.get(members)
    assert ">c1</a>" in first.content.decode()
    second = admin_client.get(members + first.context["next"])
    assert ">c2</a>" in second.content.decode()
    assert second.context["next"] == ""
    assert admin_client.get(members + "?after=x").status_code == 200


def test_members_are_for_who_may_look_at_customers(shop, client):
    anna = User.objects.create_user("anna", is_staff=True)
    anna.user_permissions.add(Permission.objects.get(codename="view_segment"))
    client.force_login(anna)
    assert client.get(page_of("vip")).status_code == 200
    assert client.get(page_of("vip").replace("/change/", "/members/")).status_code == 403


def test_the_list_costs_the_same_statements_whatever_its_length(shop, admin_client):
    resting = {"field": "segment", "op": "in", "value": ["vip"]}

    def statements():
        with CaptureQueriesContext(connection) as run:
            assert "Segment is “VIP”" in admin_client.get(LIST).content.decode()
        return len(run)

    shop.put("/segments/s0", {"name": "S", "kind": "dynamic", "rule": resting})
    statements()
    of_one = statements()
    for number in range(1, 4):
        shop.put(f"/segments/s{number}", {"name": "S", "kind": "dynamic", "rule": resting})
    assert statements() == of_one


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


def condition(field, op, value, **options):
    return {"field": field, "op": op, "value": value, **options}


@pytest.mark.parametrize(
    ("rule", "english", "german"),
    [
        (condition("orders.count", "gte", 3), "Orders are at least 3",
         "Bestellungen sind mindestens 3"),
        (condition("orders.days_since_last", "is_set", False),
         "Days since the last order are not known",
         "Tage seit der letzten Bestellung sind nicht bekannt"),
        (condition("orders.rfm", "in", ["loyal", "at_risk"]),
         "Sort of buyer (RFM) is one of loyal, at risk",
         "Art des Käufers (RFM) ist eines von treu, drohen zu gehen"),
        (condition("customer.consent", "is", "granted", channel="email", purpose="marketing"),
         "Consent is granted (e-mail, marketing)", "Einwilligung ist erteilt (E-Mail, Werbung)"),
        (condition("segment", "in", ["vip"]), "Segment is “VIP”",
         "Segment ist „VIP“"),
        (condition("membership", "not_in", ["club"]), "Membership is not “Tea club”",
         "Mitgliedschaft ist nicht „Teeclub“"),
        (condition("customer.gender", "eq", "female"), "Gender is female",
         "Geschlecht ist weiblich"),
        (condition("campaign.sent", "eq", False, campaign_id="c"),
         "not (Got the campaign (campaign c))",
         "nicht (Hat die Kampagne bekommen (Kampagne c))"),
        (condition("codes.expiring", "gt", 0, within_days=7, promotion_id="tea"),
         "Codes about to expire are above 0 within the next 7 days (promotion tea)",
         "Bald ablaufende Codes sind über 0 in den nächsten 7 Tagen (Aktion tea)"),
        (condition("events.count", "lt", 2, name="viewed", where={"sku": "T-1"}, within_days=9),
         "Events are below 2 within 9 days with sku T-1 (viewed)",
         "Ereignisse sind unter 2 in den letzten 9 Tagen mit sku T-1 (viewed)"),
    ],
    ids=lambda value: value["field"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_sentence_speaks_of_names_in_the_language_of_the_page(
    shop, admin_client, rule, english, german
):
    plan = {
        "name": {"de": "Teeclub", "en": "Tea club"},
        "price": 2900,
        "currency": "EUR",
        "period": "year",
    }
    assert shop.put("/membership-plans/club", plan).status == 201
    assert counted(admin_client, rule)["sentence"] == english
    assert counted(admin_client, rule, language="de")["sentence"] == german


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
