"""The history of a row: all that was done to it, whoever did it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from promotions.models import Code, CodeBatch, Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import FULL, plain


def history(page: str, key: object) -> str:
    return reverse(f"admin:{page}_history", args=[key])


def texts(html: str) -> str:
    """What is read there, in one line."""
    body = html.split('<table class="history">')[1].split("</table>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_it_tells_of_the_api_and_of_staff_with_each_field(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", FULL)
    key = Promotion.objects.get().pk
    shop.patch("/promotions/p", {"limits": {"discount_budget": 7000}})
    page = open_page(staff, reverse("admin:promotions_promotion_change", args=[key]))
    send(staff, reverse("admin:promotions_promotion_change", args=[key]), page.form, name="New")

    html = open_page(staff, history("promotions_promotion", key)).html

    told = texts(html)
    assert re.search(r"anna changed name \S.* → New", told)
    assert re.search(r"API key no\. \d+ changed limits\.discount_budget \d+ → 7000", told)
    assert told.endswith("created"), "the newest stands first"
    assert "seen" not in told


def test_it_has_so_many_pages_as_there_are(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain())
    for number in range(60):
        shop.patch("/promotions/p", {"name": f"n{number}"})
    url = history("promotions_promotion", Promotion.objects.get().pk)

    first, second = (open_page(staff, f"{url}?p={number}").html for number in (1, 2))

    assert "1 / 2" in first
    assert "→ n59" in texts(first)
    assert texts(second).endswith("created")
    assert "99999" not in first + second


def test_codes_and_batches_have_one(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain())
    shop.post("/promotions/p/codes", {"code": "TEA2026"})
    shop.patch("/promotions/p/codes/TEA2026", {"max_redemptions": 3})
    shop.post("/promotions/p/code-batches", {"segment_id": "regulars"})
    pages = {
        "promotions_code": (Code.objects.get(code="TEA2026").pk, "max_redemptions – → 3"),
        "promotions_codebatch": (CodeBatch.objects.get().pk, "asked for"),
    }

    for page, (key, wanted) in pages.items():
        assert wanted in texts(open_page(staff, history(page, key)).html)


@pytest.mark.parametrize("language", ["de", "en"])
def test_where_there_is_none_it_says_so(shop: Api, staff: Client, language: str) -> None:
    shop.put("/promotions/p", plain())
    code = Code.objects.create(
        promotion=Promotion.objects.get(),
        code="OLD1",
        spelling="OLD1",
        created_at="2026-01-01T00:00Z",
    )
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    html = open_page(staff, history("promotions_code", code.pk)).html

    wanted = {"de": "Im Protokoll steht nichts darüber.", "en": "The audit trail has nothing"}
    assert wanted[language] in html
