"""The letter beside the form, and the preview: what is typed is what is seen, and nobody's name leaks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from journal.models import AuditEntry
from tests.api import NOON
from tests.campaigns.admin.conftest import Staff
from tests.campaigns.admin.pages import ADD, act_url, text_of, url_of
from tests.campaigns.shop import ENGLISH, Marketing, at
from tests.campaigns.sink import Sink
from tests.promotions.admin.pages import open_page

LETTER = reverse("admin:campaigns_campaign_letter")
GIFT = ":::code\nYours:\n:::\n\n**{{ promotion.title }}**\n\n:::footer\n{{ promotion.terms }}\n:::"


def seen(client: Client, url: str = LETTER, **typed: str) -> Any:
    form = open_page(client, ADD if url == LETTER else url.removesuffix("letter/") + "change/").form
    answer = client.post(url, form | typed)
    assert answer.status_code == 200
    return answer.json()


def typed(**more: str) -> dict[str, str]:
    return {
        "trigger_kind": "birthday", "subject_en": "Hi {{ customer.first_name }}",
        "body_en": "Words.", **more,
    }  # fmt: skip


def test_it_follows_what_is_typed_and_saves_nothing(shop: Marketing, staff: Client) -> None:
    got = seen(staff, **typed())

    assert got["letter"]["subject"] == "Hi Ada"
    assert "Words." in got["letter"]["html"]
    assert got["sentences"]["en"].startswith("On the birthday, at 09:00")
    assert not Campaign.objects.exists()


def test_what_is_wrong_is_said_in_place_of_it(shop: Marketing, staff: Client) -> None:
    got = seen(staff, **typed(body_en="{{ x }}"))

    assert "letter" not in got
    assert any("Letter in English: Line 1" in problem for problem in got["problems"])


def test_without_words_there_is_no_letter_yet(shop: Marketing, staff: Client) -> None:
    got = seen(staff, **typed(subject_en="", body_en=""))

    assert got == {"problems": ["Subject in German: A letter needs words in some language."]}


@pytest.mark.parametrize(("theme", "is_dark"), [("", False), ("dark", True)])
def test_it_is_shown_by_day_or_by_night_whatever_the_device_likes(
    shop: Marketing, staff: Client, theme: str, is_dark: bool
) -> None:
    html = seen(staff, **typed(), **{"look-theme": theme})["letter"]["html"]

    assert "prefers-color-scheme" not in html
    assert ("@media all" in html) is is_dark
    assert ("@media not all" in html) is not is_dark


def test_as_a_customer_it_has_their_values_but_links_that_open_nothing(
    shop: Marketing, staff: Client
) -> None:
    shop.customer("dee", first_name="Dorothea")
    body = GIFT + "\n\n[mine]({{ account_url }})"
    got = seen(staff, **typed(body_en=body, promotion_id="tea-20"), **{"look-customer": "dee"})[
        "letter"
    ]

    assert got["subject"] == "Hi Dorothea"
    assert "20\xa0% off tea" in got["html"] or "20 % off tea" in got["html"]
    account = got["html"].partition("/account/")[2].partition('"')[0]
    assert account
    assert shop.api.client.get(f"/account/{account}").status_code == 404


def test_what_only_the_occasion_knows_has_an_example(shop: Marketing, staff: Client) -> None:
    shop.campaign(
        "sent", trigger={"kind": "order", "status": "placed"},
        content={"en": {"subject": "Order {{ order.id }}", "body": "{{ order.id }}"}},
    )  # fmt: skip
    shown = shop.api.post("/campaigns/sent/preview", {"customer_id": "ada"})
    assert (shown.status, shown["subject"]) == (200, "Order 10042")

    url = f"{act_url('sent', 'preview')}?customer=ada"
    assert "Order 10042" in text_of(staff.get(url))


def test_a_name_is_seen_by_whoever_may_see_names_and_that_is_recorded(
    shop: Marketing, member: Staff
) -> None:
    shop.customer("dee", first_name="Dorothea")
    shop.campaign("c")
    page = f"{act_url('c', 'preview')}?customer=dee"
    looks = ("view_campaign", "view_customer")
    for name, rights, read in (
        ("masked", looks, "Hello D•••"),
        ("named", (*looks, "see_personal_values"), "Hello Dorothea"),
        # Whoever may not look at customers gets the sample.
        ("sample", ("view_campaign",), "Hello Ada"),
    ):
        before = AuditEntry.objects.filter(action="customer.read").count()
        assert read in text_of(member(name, *rights).get(page)), name
        after = AuditEntry.objects.filter(action="customer.read").count()
        assert after - before == (name == "named")


def test_the_preview_has_four_frames_and_the_plain_text(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")

    html = staff.get(act_url("c", "preview") + "?language=de").content.decode()

    assert html.count("<iframe") == html.count('sandbox=""') == 4
    assert html.count("@media all") == html.count("@media not all") == 2
    assert "Schön, dass es dich gibt." in html


def test_a_variant_is_looked_at_and_tried_out_with_the_words_of_the_promotion(
    shop: Marketing, staff: Client, sink: Sink
) -> None:
    english = {"subject": "Another", "body": "**{{ promotion.title }}**"}
    shop.campaign(
        "c", promotion_id="tea-20", content={"en": ENGLISH},
        variants=[{"name": "b", "percent": "50", "content": {"en": english}}],
    )  # fmt: skip

    page = act_url("c", "preview")
    assert "Hello Ada" in text_of(staff.get(page))
    shown = staff.get(page + "?variant=b").content.decode()
    assert "Another" in shown
    assert "20 % off tea" in shown
    assert "There is no such" in text_of(staff.get(page + "?variant=z"))

    form = open_page(staff, act_url("c", "test")).form
    typed = form | {"to": "me@example.org", "language": "en", "variant": "b"}
    assert staff.post(act_url("c", "test"), typed).status_code == 302
    assert [message["Subject"] for message in sink.to("me@example.org")] == ["Another"]


def test_without_variants_none_is_chosen(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")

    assert "variant" not in open_page(staff, act_url("c", "test")).form
    assert 'name="variant"' not in staff.get(act_url("c", "preview")).content.decode()


def test_a_customer_who_is_not_there_is_said(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")

    assert "There is no such" in text_of(staff.get(act_url("c", "preview") + "?customer=nobody"))
    assert "There is no such" in seen(staff, **typed(), **{"look-customer": "no"})["letter_problem"]


def test_whoever_may_only_look_gets_the_letter_as_it_is_saved(
    shop: Marketing, member: Staff
) -> None:
    shop.campaign("c", trigger={"kind": "once", "at": at(NOON)})
    guest = member("guest", "view_campaign")

    got = guest.post(url_of("c", "letter"), {"subject_en": "Mine", "look-language": "en"}).json()

    assert got["letter"]["subject"] == "Hello Ada"
    assert guest.post(LETTER, {}).status_code == 403
