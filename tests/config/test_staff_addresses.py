"""Whatever is typed into an address of the staff's pages, it is no failure of the service."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, reverse

from tests.api import Api
from tests.promotions.api.shapes import plain

AUTOCOMPLETE = (
    "/admin/autocomplete/?app_label=promotions&model_name=code&field_name=promotion&term="
)


def lists() -> Iterator[str]:
    """The address of every list."""
    for address in addresses(admin.site.get_urls()):
        if re.fullmatch(r"[a-z]+/[a-z]+/", address):
            yield f"/admin/{address}"


def addresses(patterns: Any, above: str = "") -> Iterator[str]:
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


@pytest.fixture
def staff(api: Api) -> Client:
    api.put("/promotions/p", plain())
    api.post("/promotions/p/codes", {"code": "TEA2026"})
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


@pytest.mark.parametrize("key", ["x", "1.5", "999999999", "9" * 30])
def test_a_page_of_what_is_not_there_is_not_found(staff: Client, key: str) -> None:
    with_key = [address for address in addresses(admin.site.get_urls()) if "<path" in address]
    assert len(with_key) > 40

    for address in with_key:
        answer = staff.get("/admin/" + re.sub(r"<[^>]*>", key, address), follow=True)
        was_sent_away = bool(answer.redirect_chain) and "/add/" not in answer.redirect_chain[0][0]
        assert answer.status_code in {403, 404} or was_sent_away, address


def test_a_text_that_the_database_cannot_hold_is_refused(staff: Client) -> None:
    odd = quote("a\x00b")
    asked = [f"{address}?{name}={odd}" for address in lists() for name in ("q", "status__exact")]
    report = reverse("admin:checkout_promotion_report", args=["a\x00b"])

    forecast = reverse("admin:promotions_promotion_forecast", args=["a\x00b"])

    for address in (*asked, AUTOCOMPLETE + odd, report, forecast):
        assert staff.get(address).status_code == 400, address


@pytest.mark.parametrize("page", ["code", "codebatch", "codeimport"])
def test_a_form_begins_empty_where_the_address_names_no_promotion(staff: Client, page: str) -> None:
    answer = staff.get(reverse(f"admin:promotions_{page}_add"), {"promotion": "x"})

    assert answer.status_code == 200


def test_a_search_finds_what_there_is(staff: Client) -> None:
    (found,) = staff.get(AUTOCOMPLETE + "p").json()["results"]

    assert found["text"]
