"""Two open the same page: the later one loses nothing, and overwrites nothing without knowing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from promotions.models import Code, Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import FULL, plain


@pytest.fixture
def promotion(shop: Api) -> str:
    """The address of a promotion's page."""
    shop.put("/promotions/p", FULL)
    return reverse("admin:promotions_promotion_change", args=[Promotion.objects.get().pk])


@pytest.fixture
def code(shop: Api) -> str:
    """The address of a code's page."""
    shop.put("/promotions/p", plain())
    shop.post("/promotions/p/codes", {"code": "TEA2026", "max_redemptions": 7})
    return reverse("admin:promotions_code_change", args=[Code.objects.get().pk])


def told(answer: Any) -> str:
    """What stands above the form."""
    assert answer.status_code == 200, "it was saved"
    (text,) = answer.context["adminform"].form.non_field_errors()
    return str(text)


def test_what_was_typed_stays_and_nothing_is_written(
    shop: Api, staff: Client, promotion: str
) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "Meanwhile"})

    answer = send(staff, promotion, page.form, name="Late", min_subtotal="77.70")

    html = answer.content.decode()
    assert 'value="Late"' in html
    assert 'value="77.70"' in html
    assert "It has been changed meanwhile." in told(answer)
    assert shop.get("/promotions/p").body["name"] == "Meanwhile"


def test_the_fields_that_were_changed_are_named_with_what_they_are_now(
    shop: Api, staff: Client, promotion: str
) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "Meanwhile", "limits": {"discount_budget": 7000}})
    shop.patch("/promotions/p", {"status": "paused", "schedule": {"weekly": []}})
    shop.patch("/promotions/p", {"items": {"include": {"categories": ["cups", "pots"]}}})

    text = told(send(staff, promotion, page.form, title_de="Late"))

    for line in (
        "<li>Name: Meanwhile</li>",
        "<li>Discount in all at most: 70.00</li>",
        "<li>Status: paused</li>",
        "<li>Only at these hours</li>",
        "<li>Categories: cups, pots</li>",
    ):
        assert line in text
    assert text.count("<li>") == 5


def test_saving_again_puts_it_over_the_newer_state(
    shop: Api, staff: Client, promotion: str
) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "Meanwhile", "title": {"de": "Neu"}})
    first = send(staff, promotion, page.form, name="Late")

    newer = page.form | {"name": "Late", "seen": first.context["seen"]}
    assert send(staff, promotion, newer).status_code == 302

    body = shop.get("/promotions/p").body
    assert (body["name"], body["title"]) == ("Late", FULL["title"])


def test_who_is_overtaken_again_is_told_again(shop: Api, staff: Client, promotion: str) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "Meanwhile"})
    first = send(staff, promotion, page.form, name="Late")
    shop.patch("/promotions/p", {"status": "paused"})

    newer = page.form | {"name": "Late", "seen": first.context["seen"]}

    assert "<li>Status: paused</li></ul>" in told(send(staff, promotion, newer))
    assert shop.get("/promotions/p").body["name"] == "Meanwhile"


def test_other_errors_are_told_beside_it(shop: Api, staff: Client, promotion: str) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "Meanwhile"})

    errors = send(staff, promotion, page.form, percent="x").context["adminform"].form.errors

    assert set(errors) == {"__all__", "percent"}


def test_names_are_shown_as_text(shop: Api, staff: Client, promotion: str) -> None:
    page = open_page(staff, promotion)
    shop.patch("/promotions/p", {"name": "<b>x</b>"})

    assert "Name: &lt;b&gt;x&lt;/b&gt;" in told(send(staff, promotion, page.form, name="Late"))


def test_a_code_says_what_it_is_now_and_keeps_what_was_typed(
    shop: Api, staff: Client, code: str
) -> None:
    page = open_page(staff, code)
    shop.patch("/promotions/p/codes/TEA2026", {"status": "disabled"})

    answer = send(staff, code, page.form, max_redemptions="9")

    assert 'value="9"' in answer.content.decode()
    assert "<li>Status: disabled</li>" in told(answer)
    assert "<li>Uses at most: 7</li>" in told(answer)
    assert Code.objects.get().max_redemptions == 7

    newer = page.form | {"max_redemptions": "9", "seen": answer.context["seen"]}
    assert send(staff, code, newer).status_code == 302
    assert Code.objects.get().max_redemptions == 9
    assert Code.objects.get().status == "active", "as it was typed"
