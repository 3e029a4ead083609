"""Redemptions on the staff's pages: what was promised, as money, and nothing to change."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from checkout.models import Redemption
from tests.api import Api

LIST = reverse("admin:checkout_redemption_changelist")


@pytest.fixture
def redeemed(api: Api) -> dict[str, Any]:
    """Ada's order o1: 10 % off 2 x 12.99 by her own code."""
    effect = {"kind": "percentage", "percent": "10"}
    title = {"de": "10 % auf alles", "en": "10 % off everything"}
    api.put("/promotions/p", {"name": "P", "title": title, "status": "active", "effect": effect})
    api.post("/promotions/p/codes", {"code": "ADA-2026", "customer_id": "ada"})
    cart = {
        "customer_id": "ada", "currency": "EUR", "shipping_amount": 495, "codes": ["ada2026"],
        "lines": [{"line_id": "1", "sku": "TEA-1", "quantity": 2, "unit_price": 1299}],
    }  # fmt: skip
    got = api.post("/checkout/redemptions", cart | {"order_id": "o1"})
    assert got.status == 201, got.body
    return got.body


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


def found(staff: Client, term: str) -> int:
    answer = staff.get(LIST, {"q": term})
    assert answer.status_code == 200
    return len(answer.context["cl"].result_list)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["10 % off everything", "2.60\xa0€", "23.38\xa0€", "28.33\xa0€", "-2.60\xa0€"]),
        ("de", ["10 % auf alles", "2,60\xa0€", "23,38\xa0€", "28,33\xa0€", "-2,60\xa0€"]),
    ],
)
def test_a_redemption_is_shown_with_its_offers_lines_and_sums(
    redeemed: dict, staff: Client, language: str, texts: list[str]
) -> None:
    key = Redemption.objects.get().pk
    url = reverse("admin:checkout_redemption_change", args=[key])

    html = staff.get(url, headers={"accept-language": language}).content.decode()

    for text in ("o1", "ada", redeemed["redemption_id"], *texts):
        assert text in html


def test_redemptions_are_found_by_order_customer_and_id(redeemed: dict, staff: Client) -> None:
    terms = ("o1", "ada", redeemed["redemption_id"])
    assert [found(staff, term) for term in terms] == [1, 1, 1]
    assert [found(staff, term) for term in ("o2", "eve", "red_1", "o")] == [0, 0, 0, 0]


def test_nothing_of_it_can_be_changed(redeemed: dict, staff: Client) -> None:
    key = Redemption.objects.get().pk
    url = reverse("admin:checkout_redemption_change", args=[key])

    assert staff.post(url, {"status": "cancelled"}).status_code == 403
    assert staff.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert staff.get(reverse("admin:checkout_redemption_add")).status_code == 403
    assert Redemption.objects.get().status == "redeemed"


def page_of(client: Client) -> str:
    key = Redemption.objects.get().pk
    return client.get(reverse("admin:checkout_redemption_change", args=[key])).content.decode()


def test_it_leads_to_its_order_and_customer_and_names_what_was_bought(
    redeemed: dict, staff: Client
) -> None:
    order = Redemption.objects.get().order

    html = page_of(staff)

    assert reverse("admin:customers_order_change", args=[order.pk]) in html
    assert reverse("admin:customers_customer_change", args=[order.customer_id]) in html
    assert "TEA-1" in html


def test_who_may_not_see_customers_is_not_led_to_them(redeemed: dict) -> None:
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_redemption"))
    sam = Client()
    sam.force_login(user)

    html = page_of(sam)

    assert "ada" in html
    assert "/admin/customers/" not in html


def test_it_is_headed_by_the_id_that_the_api_says(redeemed: dict, staff: Client) -> None:
    (heading,) = set(re.findall(r">\s*(red_[0-9a-f]+)\s*</a", page_of(staff), re.IGNORECASE))

    assert heading == redeemed["redemption_id"]


def test_a_cell_with_several_offers_is_marked_to_grow(redeemed: dict, staff: Client) -> None:
    """Else a narrow screen shows the middle of it."""
    assert '<div class="several"><div><b>' in staff.get(LIST).content.decode()
