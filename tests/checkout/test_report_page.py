"""The report of a promotion as staff see it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from promotions.actions.budgets import announce_budgets
from promotions.models import Promotion
from tests.checkout.till import Till, line

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


@pytest.fixture
def shop(till: Till) -> Till:
    """Two orders, one with a return, one cancelled; a refusal; 9.00 of 15.00 given, 3.00 held."""
    till.offer(
        code="TEA-2026", name="Tea & more", limits={"discount_budget": 1500},
        conditions={"min_quantity": 2},
    )  # fmt: skip
    for number in range(1, 4):
        till.validate(codes=["TEA-2026"], at=NOW)
        till.redeem(f"o{number}", codes=["TEA-2026"], at=NOW, customer=f"c{number}")
    till.give_back("o1", "r1", {"1": 1}, at=NOW)
    till.cancel(till.redeem("o4", codes=["TEA-2026"], at=NOW), at=NOW)
    till.validate(line(), codes=["TEA-2026"], at=NOW)
    till.reserve(codes=["TEA-2026"], at=NOW, ttl_seconds=86_400)
    return till


def page(staff: Client, promotion_id: str = "tea", language: str = "en", **query: str) -> Any:
    url = reverse("admin:checkout_promotion_report", args=[promotion_id])
    got = staff.get(url, query, headers={"accept-language": language})
    assert got.status_code == 200, got
    return got


def text(got: Any) -> str:
    """What can be read of the page, without the drawings."""
    body = got.content.decode().partition('<div class="report">')[2]
    body = re.sub(r"<svg.*?</svg>", " ", body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_every_figure_stands_there_with_what_it_means(shop: Till, staff: Client):
    read = text(page(staff))

    for told in (
        "Codes issued 1", "Validated 3", "Refused 1", "Redeemed 3 orders with it; 1 more were",
        "Returned 1 orders of which something came back: 1 unit, 9.00 € refunded",
        "Discount 9.00 €", "Revenue 81.00 €", "min_quantity_not_met 1",
    ):  # fmt: skip
        assert told in read, told


def test_the_budget_says_how_much_is_left_and_until_when(shop: Till, staff: Client):
    announce_budgets(now=NOW)

    read = text(page(staff))

    assert "Budget 15.00 € spent 9.00 € (60 %) held by open carts 3.00 € left 3.00 €" in read
    assert "At the rate of the last 7 days (" in read
    assert "it will be gone on " in read
    assert "50 % were reached on " in read


def test_a_promotion_that_ends_before_its_budget_says_so(shop: Till, staff: Client):
    shop.offer(
        limits={"discount_budget": 10_000},
        schedule={"ends_at": (NOW + timedelta(days=3)).isoformat()},
    )

    assert "The promotion ends before, on " in text(page(staff))


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({}, "Budget None is set: what it gives is not limited."),
        ({"discount_budget": 900}, "Nothing is left: nobody gets it any more."),
    ],
)
def test_no_budget_and_none_left_are_told(shop: Till, staff: Client, limits, told):
    shop.offer(limits=limits)

    assert told in text(page(staff))


def test_it_speaks_german(shop: Till, staff: Client):
    read = text(page(staff, language="de"))

    assert "Eingelöst 3 Bestellungen damit; 1 weitere wurden storniert" in read
    assert "Rabatt 9,00 €" in read
    assert "ausgegeben 9,00 € (60 %)" in read
    assert "ist es am " in read


def test_the_chart_has_a_bar_for_each_day(shop: Till, staff: Client):
    got = page(staff, days="90")

    charts = {chart.name: chart for chart in got.context["charts"]}
    assert [len(chart.bars) for chart in charts.values()] == [90] * 4
    redeemed = charts["redeemed"]
    assert (redeemed.total, redeemed.highest) == ("3", "3")
    assert [bar.height for bar in redeemed.bars if bar.height] == [100]
    assert redeemed.bars[-1].text.endswith(": 3")
    assert charts["discount"].total.replace("\xa0", " ") == "9.00 €"
    svg = re.findall(r'<rect x="890\.8" y="0\.?0?" width="8\.4" height="100', got.content.decode())
    assert len(svg) == 4


def test_german_numbers_do_not_spoil_the_drawing(shop: Till, staff: Client):
    drawn = re.findall(r"<(?:svg|rect)[^>]*>", page(staff, language="de").content.decode())

    assert not [
        element for element in drawn if re.search(r'(x|y|width|height|viewBox)="[^"]*,', element)
    ]


def test_of_several_currencies_one_is_shown_at_a_time(till: Till, staff: Client):
    till.offer(code="TEA-2026", currency=None, effect={"kind": "percentage", "percent": "10"})
    till.redeem("o1", codes=["TEA-2026"], at=NOW)
    till.redeem("o2", line(unit_price=5000), codes=["TEA-2026"], at=NOW, currency="JPY")

    assert "Discount 3.00 €" in text(page(staff))
    assert "Discount 500 ¥" in text(page(staff, currency="JPY"))
    assert "Discount 3.00 €" in text(page(staff, currency="nonsense"))


def test_a_promotion_without_a_past_has_a_page_too(till: Till, staff: Client):
    till.offer(currency=None, effect={"kind": "percentage", "percent": "10"})

    read = text(page(staff, days="nonsense"))

    assert "Nothing happened in this time." in read
    assert "Nobody was refused." in read


def test_the_page_of_a_promotion_leads_here(shop: Till, staff: Client):
    key = Promotion.objects.get().pk
    found = staff.get(reverse("admin:promotions_promotion_change", args=[key])).content.decode()
    link = reverse("admin:promotions_promotion_show_report", args=[key])

    assert link in found
    report = reverse("admin:checkout_promotion_report", args=["tea"])
    assert staff.get(link).headers["Location"] == report


def test_it_needs_the_right_to_see_promotions(shop: Till):
    url = reverse("admin:checkout_promotion_report", args=["tea"])
    client = Client()
    user = User.objects.create_user("bert", is_staff=True)
    client.force_login(user)
    assert client.get(url).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename="view_promotion"))

    assert client.get(url).status_code == 200
    assert client.get(url.replace("tea", "nothing")).status_code == 404
    assert Client().get(url).status_code == 302


def test_english_instants_are_written_as_in_sentences(shop: Till, staff: Client):
    read = text(page(staff))

    assert re.search(r"as of \d{1,2} [A-Z][a-z]+ \d{4}, \d{2}:\d{2}", read)
    assert "p.m." not in read
    assert "a.m." not in read
