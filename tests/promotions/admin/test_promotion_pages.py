"""Promotions: shown, written and refused on the staff's pages exactly as over the API."""

import copy
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from journal.models import AuditEntry
from promotions.models import DefinitionStamp, Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import DEFAULTS, FULL, PLAIN, plain

LIST = reverse("admin:promotions_promotion_changelist")
ADD = reverse("admin:promotions_promotion_add")
PREVIEW = reverse("admin:promotions_promotion_preview")


def url_of(promotion_id: str) -> str:
    key = Promotion.objects.get(reference=promotion_id).pk
    return reverse("admin:promotions_promotion_change", args=[key])


def shape(shop: Api, promotion_id: str) -> dict[str, Any]:
    body = shop.get(f"/promotions/{promotion_id}").body
    return {k: v for k, v in body.items() if k not in {"promotion_id", "summary"}}


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)


@pytest.fixture(params=["de", "en"])
def language(request: Any, staff: Client) -> str:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = request.param
    return request.param


ODD = FULL | {
    "title": {"en": "Only English"},
    "terms": {},
    "effect": {"kind": "fixed_amount", "amount": 150, "on": "unit", "max_units": 4},
    "items": FULL["items"]
    | {"include": {"skus": ["A", "B"], "categories": [" tea ", "a, b"], "brands": [], "tags": []}},
    "schedule": {
        "starts_at": "2026-03-01T00:00:00.123456-05:00",
        "ends_at": None,
        "timezone": "America/New_York",
        "weekly": [
            {"days": [7, 1], "from": "22:00", "until": "02:00"},
            {"days": [3], "from": "00:00", "until": "23:59"},
        ],
    },
    "audience": {"registered": False, "segments": ["regulars", "gone"], "exclude_segments": []},
}


@pytest.mark.parametrize(
    "body",
    [
        FULL,
        DEFAULTS,
        ODD,
        plain(currency="JPY", effect={"kind": "fixed_amount", "amount": 500, "on": "line"}),
        plain(currency="BHD", effect={"kind": "fixed_amount", "amount": 1234}),
        plain(effect={"kind": "percentage", "percent": "12.50", "on": "lines"}),
        plain(conditions={"contains": [{}, {"min_quantity": 2}]}),
    ],
    ids=["full", "defaults", "odd", "yen", "dinar", "percent", "contains"],
)
def test_a_form_that_is_sent_back_as_it_was_changes_nothing(
    shop: Api, staff: Client, language: str, body: dict
) -> None:
    shop.put("/promotions/p", body)
    before = shape(shop, "p")
    page = open_page(staff, url_of("p"))

    answer = send(staff, url_of("p"), page.form)

    assert answer.status_code == 302, errors_of(answer)
    assert shape(shop, "p") == before


def test_a_new_promotion_is_the_same_as_over_the_api(
    shop: Api, staff: Client, language: str
) -> None:
    point = "," if language == "de" else "."
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form,
        promotion_id="spring", name="Spring", status="active", currency="eur",
        effect_kind="percentage", percent=f"12{point}5", percentage_on="lines",
        max_discount=f"50{point}00", include_categories="tea\r\n\r\ncups\r\ntea",
        min_subtotal="30", segments=["regulars"], per_customer="1",
        title_de="Tee", starts_at_0="2026-03-01", starts_at_1="08:00",
        **{
            "weekly-TOTAL_FORMS": "2",
            "weekly-0-days": ["5", "6"], "weekly-0-opens": "17:00", "weekly-0-closes": "20:00",
            "weekly-1-DELETE": "on",
            "contains-TOTAL_FORMS": "1",
            "contains-0-include_skus": "CUP", "contains-0-min_amount": f"9{point}90",
        },
    )  # fmt: skip

    assert answer.status_code == 302, errors_of(answer)
    wanted = copy.deepcopy(DEFAULTS)
    wanted |= {"name": "Spring", "status": "active", "currency": "EUR", "title": {"de": "Tee"}}
    wanted["effect"] = {
        "kind": "percentage", "percent": "12.5", "on": "lines", "max_discount": 5000,
    }  # fmt: skip
    wanted["items"]["include"] = wanted["items"]["include"] | {"categories": ["tea", "cups"]}
    wanted["conditions"]["min_subtotal"] = 3000
    wanted["conditions"]["contains"] = [
        {
            "include": DEFAULTS["items"]["include"] | {"skus": ["CUP"]},
            "exclude": DEFAULTS["items"]["exclude"],
            "min_quantity": 1,
            "min_amount": 990,
        }
    ]
    wanted["audience"]["segments"] = ["regulars"]
    wanted["schedule"]["starts_at"] = "2026-03-01T08:00:00+01:00"
    wanted["schedule"]["weekly"] = [{"days": [5, 6], "from": "17:00", "until": "20:00"}]
    wanted["limits"]["per_customer"] = 1
    assert shape(shop, "spring") == wanted


def test_a_change_is_audited_by_who_made_it_and_moves_the_stamp(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    stamp = DefinitionStamp.objects.get().version
    page = open_page(staff, url_of("p"))

    send(staff, url_of("p"), page.form, status="paused", discount_budget="1,234.50")

    entry = AuditEntry.objects.latest("id")
    anna = User.objects.get(username="anna")
    assert (entry.actor, entry.action) == (f"staff:{anna.pk}", "promotion.changed")
    assert entry.after == {
        "status": "paused",
        "limits": FULL["limits"] | {"discount_budget": 123450},
    }
    assert DefinitionStamp.objects.get().version > stamp


def test_another_effect_takes_its_own_fields_only(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    page = open_page(staff, url_of("p"))

    send(staff, url_of("p"), page.form, effect_kind="fixed_amount", amount="5", amount_on="order")

    effect = {"kind": "fixed_amount", "amount": 500, "on": "order", "max_units": None}
    assert shape(shop, "p")["effect"] == effect


def test_rows_can_be_removed(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    page = open_page(staff, url_of("p"))

    send(staff, url_of("p"), page.form, **{"weekly-0-DELETE": "on", "contains-0-DELETE": "on"})

    assert shape(shop, "p")["schedule"]["weekly"] == []
    assert shape(shop, "p")["conditions"]["contains"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"percent": ""}, "percent"),
        ({"percent": "0"}, "percent"),
        ({"percent": "100.1"}, "percent"),
        ({"max_discount": "-5"}, "max_discount"),
        ({"max_discount": "5.001"}, "max_discount"),
        ({"max_discount": "five"}, "max_discount"),
        ({"max_discount": "0"}, "max_discount"),
        ({"max_discount": "9" * 20}, "max_discount"),
        ({"currency": ""}, "currency"),
        ({"currency": "EURO"}, "currency"),
        ({"effect_kind": "wish"}, "effect_kind"),
        ({"min_subtotal": "10", "max_subtotal": "5"}, "max_subtotal"),
        ({"include_skus": "a b"}, "include_skus"),
        ({"include_categories": "x" * 129}, "include_categories"),
        ({"include_tags": "a\x00b"}, "include_tags"),
        ({"countries": "Germany"}, "countries"),
        ({"segments": ["nobody"]}, "segments"),
        ({"ends_at_0": "2020-01-01", "ends_at_1": "00:00"}, "ends_at"),
        ({"weekly-0-days": []}, "weekly"),
        ({"weekly-0-closes": "25:00"}, "weekly"),
        ({"contains-0-min_amount": "x"}, "contains"),
        ({"contains-0-include_skus": "a b"}, "contains"),
        ({"weekly-TOTAL_FORMS": "x"}, "weekly"),
        ({"per_customer": "0"}, "per_customer"),
        ({"group": "a b"}, "group"),
        ({"priority": "x"}, "priority"),
        ({"timezone": "Europe/Bonn"}, "timezone"),
    ],
)
def test_what_is_not_sound_is_refused_at_its_field(
    shop: Api, staff: Client, changes: dict, field: str
) -> None:
    shop.put("/promotions/p", FULL)
    before = shop.get("/promotions/p").raw
    page = open_page(staff, url_of("p"))

    answer = send(staff, url_of("p"), page.form, **changes)

    assert field in errors_of(answer)
    assert shop.get("/promotions/p").raw == before


def test_all_that_is_wrong_is_told_at_once(shop: Api, staff: Client) -> None:
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form, effect_kind="fixed_amount", amount="", per_customer="0",
        min_subtotal="x", min_quantity="2", starts_at_0="2026-05-02", starts_at_1="00:00",
        ends_at_0="2026-05-01", ends_at_1="00:00", exclude_skus="a b",
    )  # fmt: skip

    wanted = {
        "promotion_id", "name", "amount", "per_customer", "min_subtotal", "currency", "exclude_skus", "ends_at",
    }  # fmt: skip
    assert wanted <= errors_of(answer).keys()
    assert "percent" not in errors_of(answer), "it belongs to another effect"
    assert all(len(texts) == 1 for texts in errors_of(answer).values())


def test_a_day_without_a_time_begins_at_midnight(shop: Api, staff: Client) -> None:
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form, promotion_id="p", name="P", percent="5",
        starts_at_0="2026-05-01", ends_at_0="2026-06-01",
    )  # fmt: skip

    assert answer.status_code == 302, errors_of(answer)
    schedule = shape(shop, "p")["schedule"]
    assert schedule["starts_at"] == "2026-05-01T00:00:00+02:00"
    assert schedule["ends_at"] == "2026-06-01T00:00:00+02:00"


def test_a_time_without_a_day_is_refused(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    page = open_page(staff, url_of("p"))

    answer = send(staff, url_of("p"), page.form, ends_at_0="", ends_at_1="08:00")

    assert errors_of(answer).keys() == {"ends_at"}


def test_what_an_effect_cannot_be_without_bears_an_asterisk(shop: Api, staff: Client) -> None:
    form = staff.get(ADD).context["adminform"].form

    assert form["percent"].field.required
    assert form["gift_sku"].field.required
    assert not form["max_discount"].field.required


def test_amounts_follow_the_digits_of_the_currency(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    page = open_page(staff, url_of("p"))

    refused = send(staff, url_of("p"), page.form, currency="JPY", max_discount="50.05")
    assert "max_discount" in errors_of(refused)

    assert send(staff, url_of("p"), page.form, currency="JPY").status_code == 302
    assert shape(shop, "p")["effect"]["max_discount"] == 50
    assert shape(shop, "p")["limits"]["discount_budget"] == 5000


def test_an_id_is_taken_once(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", PLAIN)
    page = open_page(staff, ADD)

    answer = send(staff, ADD, page.form, promotion_id="p", name="Other", percent="5")

    assert "promotion_id" in errors_of(answer)
    assert shape(shop, "p") == DEFAULTS


@pytest.mark.parametrize(
    ("language_sent", "texts"),
    [
        (
            "en",
            [
                "10\xa0% off tea from 30\xa0€",
                "What it does",
                "running",
                "1 / 1,000",
                "4,990.00\xa0€",
            ],
        ),
        ("de", ["10\xa0% auf tea ab 30\xa0€", "Wirkung", "läuft", "1 / 1.000", "4.990,00\xa0€"]),
    ],
)
def test_the_list_says_what_each_does_and_gave(
    shop: Api, staff: Client, language_sent: str, texts: list[str]
) -> None:
    shop.put(
        "/promotions/p",
        plain(
            status="active", currency="EUR", items={"include": {"categories": ["tea"]}},
            conditions={"min_subtotal": 3000},
            limits={"redemptions": 1000, "discount_budget": 500000},
        ),
    )  # fmt: skip
    counter = Promotion.objects.get().counter
    counter.used, counter.spent = 1, 1000
    counter.save()
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language_sent

    html = open_page(staff, LIST).html

    for text in texts:
        assert text in html


def test_the_form_shows_the_sentence_in_both_languages(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(items={"include": {"categories": ["tea"]}}))

    html = open_page(staff, url_of("p")).html

    assert "10\xa0% auf tea" in html
    assert "10\xa0% off tea" in html


def test_the_sentence_follows_what_is_typed(shop: Api, staff: Client) -> None:
    typed = open_page(staff, ADD).form | {"percent": "15", "include_categories": "cups"}

    assert staff.post(PREVIEW, typed).json()["sentences"] == {
        "de": "15\xa0% auf cups",
        "en": "15\xa0% off cups",
    }
    assert "sentences" not in staff.post(PREVIEW, typed | {"percent": "x"}).json()
    assert not Promotion.objects.exists()


def test_there_is_no_json_on_the_form(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)

    page = open_page(staff, url_of("p"))

    assert not any("{" in value for values in page.form.values() for value in values)


def test_several_are_paused_archived_and_activated_at_once(shop: Api, staff: Client) -> None:
    for name in ("a", "b"):
        shop.put(f"/promotions/{name}", plain(status="active"))
    keys = list(Promotion.objects.values_list("pk", flat=True))

    for action, status in (("pause", "paused"), ("archive", "archived"), ("activate", "active")):
        answer = staff.post(LIST, {"action": action, "_selected_action": keys}, follow=True)
        assert "2 promotions changed" in answer.content.decode()
        assert set(Promotion.objects.values_list("status", flat=True)) == {status}
    assert AuditEntry.objects.filter(action="promotion.changed").count() == 6


def test_nothing_is_deleted_here(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", PLAIN)
    key = Promotion.objects.get().pk

    answer = staff.post(reverse("admin:promotions_promotion_delete", args=[key]), {"post": "yes"})

    assert answer.status_code == 403
    assert Promotion.objects.exists()


def test_who_may_only_look_changes_nothing(shop: Api) -> None:
    shop.put("/promotions/p", FULL)
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_promotion"))
    client = Client()
    client.force_login(user)

    assert client.get(LIST).status_code == 200
    assert client.get(url_of("p")).status_code == 200
    assert client.post(url_of("p"), {"name": "x"}).status_code == 403
    key = Promotion.objects.get().pk
    client.post(LIST, {"action": "archive", "_selected_action": [key]})
    assert shape(shop, "p") == FULL


def test_the_list_costs_the_same_for_one_and_for_many(
    shop: Api, staff: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        shop.put(f"/promotions/p{number}", FULL)

    with django_assert_max_num_queries(8):
        open_page(staff, LIST)
