"""Recipes, the calendar, deliveries, and why somebody got nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.recipes.book import RECIPES as BOOK
from campaigns.models import Campaign, Delivery
from tests.campaigns.admin.conftest import Staff
from tests.campaigns.admin.pages import CALENDAR, RECIPES, WHY, text_of, url_of
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.promotions.admin.pages import open_page

DAY = timedelta(days=1)
DELIVERIES = reverse("admin:campaigns_delivery_changelist")


def recipe_url(key: str) -> str:
    return reverse("admin:campaigns_campaign_recipe", args=[key])


@pytest.mark.parametrize("language", ["de", "en"])
def test_all_recipes_are_offered(shop: Marketing, staff: Client, language: str) -> None:
    text = text_of(staff.get(RECIPES, headers={"accept-language": language}))

    for recipe in BOOK.values():
        assert recipe.title.told(language) in text


@pytest.mark.parametrize("key", BOOK)
def test_a_recipe_becomes_a_draft_in_one_form(shop: Marketing, staff: Client, key: str) -> None:
    page = open_page(staff, recipe_url(key))
    assert page.form["campaign_id"] == [key.replace("_", "-")]
    assert page.html.count("<iframe") == 2
    typed: dict[str, Any] = {"link": "https://shop.example/tea", "promotion_id": "tea-20"}
    match BOOK[key].asks:
        case "instant":
            typed |= {"at_0": "2027-03-01", "at_1": "09:30"}
        case "feast" | "sale":
            form = staff.get(recipe_url(key)).context["form"]
            typed |= {"feast": form.fields["feast"].choices[0][0]}
        case "segment":
            typed |= {"entered": "regulars"}
        case "":
            typed |= {"segments": ["regulars"]}

    answer = staff.post(recipe_url(key), page.form | typed)

    assert answer.status_code == 302, answer.context["form"].errors
    made = Campaign.objects.get()
    assert answer.url == url_of(made.reference)
    assert (made.status, made.reference) == ("draft", key.replace("_", "-"))
    assert (made.promotion is not None) == BOOK[key].takes_promotion
    assert open_page(staff, recipe_url(key)).form["campaign_id"] == [f"{made.reference}-2"]
    assert (
        staff.post(f"{url_of(made.reference, 'change').removesuffix('change/')}submit/").status_code
        == 302
    )
    assert Campaign.objects.get().status == "submitted"


def test_what_a_recipe_lacks_is_said_at_its_field(shop: Marketing, staff: Client) -> None:
    shop.campaign("birthday")
    page = open_page(staff, recipe_url("birthday"))

    for typed, field in (
        ({"link": "shop.example"}, "link"),
        ({"link": "https://shop.example/a)b"}, "link"),
        ({"link": "https://shop.example", "campaign_id": "birthday"}, "campaign_id"),
        ({"link": "https://shop.example", "name": ""}, "name"),
    ):
        answer = staff.post(recipe_url("birthday"), page.form | typed)
        assert field in answer.context["form"].errors
    assert Campaign.objects.count() == 1


def test_a_recipe_that_is_none_is_not_found(shop: Marketing, staff: Client, member: Staff) -> None:
    assert staff.get(recipe_url("poem")).status_code == 404
    assert member("guest", "view_campaign").get(RECIPES).status_code == 403
    assert member("guest2", "view_campaign").get(recipe_url("birthday")).status_code == 403


def test_the_calendar_shows_what_is_planned_on_its_days(shop: Marketing, staff: Client) -> None:
    shop.campaign("spring", trigger={"kind": "once", "at": "2027-03-31T23:30:00+02:00"})
    shop.campaign("mondays", trigger={"kind": "recurring", "rrule": "FREQ=WEEKLY;BYDAY=MO"})
    shop.campaign("birthday", trigger={"kind": "birthday"})
    shop.campaign("gone", trigger={"kind": "once", "at": "2027-03-30T12:00:00Z"})
    shop.api.post("/campaigns/gone/cancel", {})
    shop.start("birthday")

    answer = staff.get(CALENDAR, {"month": "2027-03"}, headers={"accept-language": "en"})

    text = text_of(answer)
    assert "Calendar: March 2027" in text
    assert "Easter" in text
    days = [day for week in answer.context["weeks"] for day in week if day["is_in"]]
    planned = {day["number"]: [entry["name"] for entry in day["entries"]] for day in days}
    assert len(days) == 31
    assert planned[31] == ["spring"]
    assert [number for number, names in planned.items() if "mondays" in names] == [1, 8, 15, 22, 29]
    assert "gone" not in text
    assert [entry["name"] for entry in answer.context["always"]] == ["birthday"]


@pytest.mark.parametrize("month", ["", "x", "2027-13", "1999-01", "2027-3", "２０２７-03"])
def test_a_month_that_is_none_is_this_one(shop: Marketing, staff: Client, month: str) -> None:
    answer = staff.get(CALENDAR, {"month": month})

    assert answer.context["is_this_month"]


def test_december_is_followed_by_january(shop: Marketing, staff: Client) -> None:
    answer = staff.get(CALENDAR, {"month": "2027-12"})

    assert (answer.context["before"], answer.context["after"]) == (
        "?month=2027-11", "?month=2028-01",
    )  # fmt: skip


def test_deliveries_say_who_got_it_and_why_not(shop: Marketing, staff: Client, sink: Sink) -> None:
    shop.customer("dee", consent=None)
    shop.campaign("c")
    shop.campaign("other")
    shop.start("c")
    sink.on_recipient = lambda address: "550 5.1.1 no" if address.startswith("ben") else None
    shop.run()
    key = Campaign.objects.get(reference="c").pk

    text = text_of(staff.get(DELIVERIES, {"campaign__id__exact": key}))
    assert "The mail server knows no such address." in text
    assert "They have not agreed to marketing." in text
    only = text_of(staff.get(DELIVERIES, {"state__exact": "no_consent"}))
    assert "dee" in only
    assert "ada" not in only
    assert "cai" in text_of(staff.get(DELIVERIES, {"q": "cai"}))
    row = Delivery.objects.first()
    assert row is not None
    page = reverse("admin:campaigns_delivery_change", args=[row.pk])
    assert "ada" in text_of(staff.get(page))
    assert staff.post(page, {"state": "pending"}).status_code == 403


def why(client: Client, customer: str) -> dict[str, str]:
    """The reason by campaign."""
    answer = client.get(WHY, {"customer": customer}, headers={"accept-language": "en"})
    found = answer.context["found"]
    return {row["campaign"]: row["reason"] for row in (*found["rows"], *found["quiet"])}


def test_every_campaign_says_why_it_did_not_come(shop: Marketing, staff: Client) -> None:
    now = timezone.now()
    shop.customer("dee", consent="withdrawn", birth_date="1990-01-01")
    shop.campaign("draft")
    shop.campaign("all")
    shop.campaign("later", trigger={"kind": "once", "at": at(now + 40 * DAY)})
    shop.campaign("members", audience={"segments": ["regulars"]})
    shop.campaign("others", audience={"exclude_segments": ["staff"]})
    shop.campaign("birthday", trigger={"kind": "birthday"})
    shop.campaign("weekly", trigger={"kind": "recurring", "rrule": "FREQ=DAILY"})
    shop.campaign("orders", trigger={"kind": "order", "status": "paid"})
    shop.campaign("called-off")
    for name in ("all", "later", "members", "others"):
        shop.start(name)
    for name in ("birthday", "weekly", "orders"):
        shop.start(name, now=now)
    shop.api.post("/campaigns/called-off/cancel", {})
    shop.run()
    shop.customer("new")

    told = why(staff, "dee")
    assert told["draft"] == "It has not been scheduled."
    assert told["all"] == "They have not agreed to marketing."
    assert told["later"].startswith("It goes out on ")
    assert told["members"] == "They are not in its audience."
    assert told["called-off"] == "It was cancelled."
    assert told["weekly"].startswith("It goes out next on ")
    assert told["orders"] == "No order of theirs has come to this status since it was scheduled."
    assert why(staff, "ada")["birthday"] == "Their birthday is not known."
    assert why(staff, "ben")["others"] == "They are not in its audience."
    assert why(staff, "new")["all"] == "They were not in its audience when it went out."
    assert told.keys() == why(staff, "new").keys()


def test_what_would_stop_a_mail_now_is_said_first(shop: Marketing, staff: Client) -> None:
    shop.customer("dee", consent=None)

    for name, is_free in (("ada", True), ("dee", False), ("dee@example.org", False)):
        found = staff.get(WHY, {"customer": name}).context["found"]
        assert (found["is_free"], found["is_free_for_news"]) == (is_free, True)
    assert "There is no such customer." in text_of(
        staff.get(WHY, {"customer": "nobody"}, headers={"accept-language": "en"})
    )


def test_customers_are_asked_about_by_whoever_may_look_at_them(
    shop: Marketing, member: Staff
) -> None:
    assert member("guest", "view_campaign").get(WHY).status_code == 403
    both = member("both", "view_campaign", "view_customer")
    assert both.get(WHY, {"customer": "ada"}).status_code == 200
