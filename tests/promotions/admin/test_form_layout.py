"""What of the form of a promotion is shown: to whom, with scripts and without."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from promotions.models import Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import plain

ADD = reverse("admin:promotions_promotion_add")
TEXT = r"<[^>]+>"


def url_of(promotion_id: str) -> str:
    key = Promotion.objects.get(reference=promotion_id).pk
    return reverse("admin:promotions_promotion_change", args=[key])


@pytest.mark.parametrize("kind", ["percentage", "tiered", "gift"])
def test_only_the_fields_of_the_chosen_effect_are_shown(
    shop: Api, staff: Client, kind: str
) -> None:
    effects = {
        "percentage": {"kind": "percentage", "percent": "10"},
        "tiered": {"kind": "tiered", "by": "quantity", "tiers": [{"from": 2, "percent": "5"}]},
        "gift": {"kind": "gift", "sku": "MUG", "unit_price": 500},
    }
    shop.put("/promotions/p", plain(currency="EUR", effect=effects[kind]))

    html = open_page(staff, url_of("p")).html

    parts = re.findall(r'<div data-effect="(\w+)" x-show="([^"]+)"( style="display: none")?>', html)
    assert len(parts) == 9
    assert {name for name, _when, hidden in parts if not hidden} == {kind}
    assert {when for _name, when, _hidden in parts} == {
        f"effect_kind == '{name}'" for name, _when, _hidden in parts
    }


def test_without_scripts_every_part_is_there_with_its_heading(shop: Api, staff: Client) -> None:
    html = open_page(staff, ADD).html

    assert "[data-effect] { display: block !important; }" in html
    bare = [
        re.sub(TEXT, "", part).strip() for part in re.findall("<noscript>(.*?)</noscript>", html)
    ]
    assert {"Percentage", "Gift", "Tiers: the more, the better"} <= set(bare)
    for tab in ("On what", "Conditions", "For whom", "When", "How often", "Texts"):
        assert f'content: "{tab}"' in html


def test_who_may_only_look_sees_the_same_form_locked(shop: Api) -> None:
    shop.put(
        "/promotions/p",
        plain(
            name="Mug", currency="EUR", effect={"kind": "gift", "sku": "MUG-7", "unit_price": 500}
        ),
    )
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_promotion"))
    sam = Client()
    sam.force_login(user)

    html = open_page(sam, url_of("p")).html

    [sku] = re.findall(r'<input[^>]*name="gift_sku"[^>]*>', html)
    assert 'value="MUG-7"' in sku
    assert " disabled" in sku
    assert '<fieldset data-rows="tiers" disabled>' in html
    assert html.count("data-add class") == 1, "that of the basket"


def test_without_scripts_rows_are_added_and_removed_all_the_same(shop: Api, staff: Client) -> None:
    tiers = [{"from": 2, "percent": "5"}, {"from": 4, "percent": "8"}]
    shop.put("/promotions/p", plain(effect={"kind": "tiered", "by": "quantity", "tiers": tiers}))
    page = open_page(staff, url_of("p"))
    assert page.form["tiers-TOTAL_FORMS"] == ["2", "5"], "the last counts: three are to spare"

    answer = send(
        staff, url_of("p"), page.form,
        **{"tiers-0-DELETE": "on", "tiers-2-start": "6", "tiers-2-percent": "10"},
    )  # fmt: skip

    assert answer.status_code == 302
    assert shop.get("/promotions/p").body["effect"]["tiers"] == [
        {"from": 4, "percent": "8"},
        {"from": 6, "percent": "10"},
    ]


def test_noscript_elements_do_not_stand_in_each_other(shop: Api, staff: Client) -> None:
    """A browser with scripts would end both at the first end."""
    html = open_page(staff, ADD).html

    for part in html.split("<noscript>")[1:]:
        assert "</noscript>" in part
    assert html.count("<noscript>") == html.count("</noscript>")


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_got_and_what_is_bought_are_not_called_the_same(
    shop: Api, staff: Client, language: str
) -> None:
    fields = staff.get(ADD, headers={"accept-language": language}).context["adminform"].form.fields

    bought = {str(fields[name].label) for name in fields if name.startswith(("include", "exclude"))}
    got = {str(fields[name].label) for name in fields if name.startswith(("get_in", "get_ex"))}

    assert len(got) == 8
    assert not bought & got


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_field_of_an_instant_says_whose_clock_it_is(
    shop: Api, staff: Client, language: str
) -> None:
    form = staff.get(ADD, headers={"accept-language": language}).context["adminform"].form

    assert all("Europe/Berlin" in str(form[name].help_text) for name in ("starts_at", "ends_at"))
