"""Each effect on the staff's form: typed as it is over the API, refused at its field."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from promotions.models import Promotion
from tests.api import Api
from tests.promotions.admin.pages import open_page, send
from tests.promotions.api.shapes import NO_LISTS, plain

ADD = reverse("admin:promotions_promotion_add")


def url_of(promotion_id: str) -> str:
    key = Promotion.objects.get(reference=promotion_id).pk
    return reverse("admin:promotions_promotion_change", args=[key])


def form_of(answer: Any) -> Any:
    assert answer.status_code == 200, "it was saved"
    return answer.context["adminform"].form


def rows(**cells: str) -> dict[str, str]:
    """`tiers_0_start` is the field `tiers-0-start`."""
    sent = {name.replace("_", "-"): value for name, value in cells.items()}
    numbers = {int(name.split("-")[1]) for name in sent}
    return sent | {"tiers-TOTAL_FORMS": str(len(numbers))}


TYPED: list[Any] = [
    pytest.param(
        {"effect_kind": "fixed_price", "fixed_price": "9.90"},
        {"kind": "fixed_price", "price": 990},
        id="fixed price",
    ),
    pytest.param(
        {"effect_kind": "bundle_price", "bundle_quantity": "3", "bundle_price": "0"},
        {"kind": "bundle_price", "quantity": 3, "price": 0, "max_applications": None},
        id="bundle",
    ),
    pytest.param(
        {"effect_kind": "buy_x_get_y", "buy_quantity": "2", "get_quantity": "1", "get_times": "4"},
        {
            "kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1, "percent": "100",
            "get_items": None, "max_applications": 4,
        },
        id="buy and get the same",
    ),
    pytest.param(
        {
            "effect_kind": "buy_x_get_y", "buy_quantity": "1", "get_quantity": "1",
            "get_percent": "50,5", "get_from": "other", "get_include_categories": "cups\r\npots",
            "get_exclude_skus": "POT-9", "get_skip_reduced": "on", "get_max_unit_price": "25",
        },
        {
            "kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1, "percent": "50.5",
            "get_items": {
                "include": NO_LISTS | {"categories": ["cups", "pots"]},
                "exclude": NO_LISTS | {"skus": ["POT-9"]},
                "skip_reduced": True, "min_unit_price": None, "max_unit_price": 2500,
            },
            "max_applications": None,
        },
        id="buy and get others",
    ),
    pytest.param(
        {
            "effect_kind": "tiered", "tiered_on": "line", "tiered_max_discount": "20",
            **rows(tiers_0_start="50", tiers_0_percent="5", tiers_1_start="100.50",
                   tiers_1_percent="10"),
        },
        {
            "kind": "tiered", "by": "subtotal", "on": "lines", "max_discount": 2000,
            "tiers": [{"from": 5000, "percent": "5"}, {"from": 10050, "percent": "10"}],
        },
        id="tiers of percent by amount",
    ),
    pytest.param(
        {
            "effect_kind": "tiered", "tiered_by": "quantity", "tiered_gives": "amount",
            "tiered_on": "unit", "tiered_max_discount": "20",
            **rows(tiers_0_start="1,000", tiers_0_amount="2", tiers_0_percent="none"),
        },
        {
            "kind": "tiered", "by": "quantity", "on": "unit", "max_discount": None,
            "tiers": [{"from": 1000, "amount": 200}],
        },
        id="tiers of amounts by pieces",
    ),
    pytest.param(
        {"effect_kind": "free_shipping", "shipping_price": "1.99", "shipping_percent": "5"},
        {"kind": "free_shipping", "max_discount": None, "shipping_price": None, "percent": None},
        id="free shipping",
    ),
    pytest.param(
        {
            "effect_kind": "free_shipping", "shipping_costs": "price", "shipping_price": "0",
            "shipping_max_discount": "5",
        },
        {"kind": "free_shipping", "max_discount": 500, "shipping_price": 0, "percent": None},
        id="shipping at a price",
    ),
    pytest.param(
        {"effect_kind": "free_shipping", "shipping_costs": "percent", "shipping_percent": "50 %"},
        {"kind": "free_shipping", "max_discount": None, "shipping_price": None, "percent": "50"},
        id="a part of the shipping",
    ),
    pytest.param(
        {"effect_kind": "gift", "gift_sku": "MUG", "gift_unit_price": "5"},
        {"kind": "gift", "sku": "MUG", "unit_price": 500, "quantity": 1},
        id="gift",
    ),
    pytest.param(
        {"effect_kind": "bonus_cashback", "bonus_amount": "5", "bonus_pending_days": "0"},
        {
            "kind": "bonus_cashback", "amount": 500, "multiplier": None, "pending_days": 0,
            "expires_after_days": 365,
        },
        id="bonus",
    ),
    pytest.param(
        {
            "effect_kind": "bonus_cashback", "bonus_gives": "multiplier",
            "bonus_multiplier": "1,5", "bonus_expires_after_days": "30",
        },
        {
            "kind": "bonus_cashback", "amount": None, "multiplier": "1.5", "pending_days": 14,
            "expires_after_days": 30,
        },
        id="multiplied cashback",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "effect"), TYPED)
def test_an_effect_that_is_typed_is_the_same_as_over_the_api(
    shop: Api, staff: Client, typed: dict[str, str], effect: dict[str, Any]
) -> None:
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form, promotion_id="p", name="Typed", currency="EUR", **typed
    )  # fmt: skip

    assert answer.status_code == 302, form_of(answer).errors
    assert shop.get("/promotions/p").body["effect"] == effect


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"effect_kind": "fixed_price"}, {"fixed_price"}),
        ({"effect_kind": "fixed_price", "fixed_price": "cheap"}, {"fixed_price"}),
        ({"effect_kind": "bundle_price"}, {"bundle_quantity", "bundle_price"}),
        ({"effect_kind": "bundle_price", "bundle_quantity": "0", "bundle_price": "1"},
         {"bundle_quantity"}),
        ({"effect_kind": "buy_x_get_y"}, {"buy_quantity", "get_quantity"}),
        ({"effect_kind": "buy_x_get_y", "buy_quantity": "1", "get_quantity": "1",
          "get_percent": "0"}, {"get_percent"}),
        ({"effect_kind": "buy_x_get_y", "buy_quantity": "1", "get_quantity": "1",
          "get_from": "other", "get_include_skus": "a b"}, {"get_include_skus"}),
        ({"effect_kind": "buy_x_get_y", "buy_quantity": "1", "get_quantity": "1",
          "get_from": "other", "get_min_unit_price": "9", "get_max_unit_price": "8"},
         {"get_max_unit_price"}),
        ({"effect_kind": "tiered"}, {"tiers"}),
        ({"effect_kind": "tiered", "tiered_on": "unit",
          **rows(tiers_0_start="1", tiers_0_percent="5")}, {"tiered_on"}),
        ({"effect_kind": "tiered", "tiered_max_discount": "0",
          **rows(tiers_0_start="1", tiers_0_percent="5")}, {"tiered_max_discount"}),
        ({"effect_kind": "free_shipping", "shipping_costs": "price"}, {"shipping_price"}),
        ({"effect_kind": "free_shipping", "shipping_costs": "percent"}, {"shipping_percent"}),
        ({"effect_kind": "gift"}, {"gift_sku", "gift_unit_price"}),
        ({"effect_kind": "gift", "gift_sku": "a mug", "gift_unit_price": "1"}, {"gift_sku"}),
        ({"effect_kind": "gift", "gift_sku": "MUG", "gift_unit_price": "0"}, {"gift_unit_price"}),
        ({"effect_kind": "bonus_cashback"}, {"bonus_amount"}),
        ({"effect_kind": "bonus_cashback", "bonus_gives": "multiplier", "bonus_multiplier": "1"},
         {"bonus_multiplier"}),
        ({"effect_kind": "bonus_cashback", "bonus_amount": "1", "bonus_expires_after_days": "0"},
         {"bonus_expires_after_days"}),
        ({"effect_kind": "fixed_price", "fixed_price": "5", "currency": ""}, {"currency"}),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_refused_at_its_field(
    shop: Api, staff: Client, typed: dict[str, str], fields: set[str]
) -> None:
    page = open_page(staff, ADD)
    named = {"promotion_id": "p", "name": "Typed", "currency": "EUR"}

    answer = send(staff, ADD, page.form, **named | typed)

    assert set(form_of(answer).errors) == fields
    assert not Promotion.objects.exists()


@pytest.mark.parametrize(
    ("cells", "at"),
    [
        ({"tiers_0_start": "x", "tiers_0_percent": "5"}, [(0, "start")]),
        ({"tiers_0_start": "1", "tiers_0_percent": "101"}, [(0, "percent")]),
        ({"tiers_0_start": "1", "tiers_0_percent": ""}, [(0, "percent")]),
        (
            {
                "tiers_0_start": "1", "tiers_0_percent": "5",
                "tiers_1_start": "1", "tiers_1_percent": "6",
            },
            [(0, "start"), (1, "start")],
        ),
    ],
)  # fmt: skip
def test_a_tier_is_refused_in_its_row(
    shop: Api, staff: Client, cells: dict[str, str], at: list[tuple[int, str]]
) -> None:
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form, promotion_id="p", name="Typed", currency="EUR",
        effect_kind="tiered", **rows(**cells),
    )  # fmt: skip

    form = form_of(answer)
    tiers = form["tiers"].value()
    found = [(n, name) for n, row in enumerate(tiers) for name in row.errors]
    assert set(form.errors) == {"tiers"}
    assert found == at
    number, name = at[0]
    said = answer.content.decode().partition(f'name="tiers-{number}-{name}"')[2]
    assert tiers[number].errors[name][0] in said[:1500]


def test_an_amount_in_a_row_is_refused_in_its_row(shop: Api, staff: Client) -> None:
    shop.put("/promotions/p", plain(currency="EUR", conditions={"contains": [{"min_amount": 5}]}))
    page = open_page(staff, url_of("p"))

    answer = send(staff, url_of("p"), page.form, **{"contains-0-min_amount": "much"})

    row, *_spare = form_of(answer)["contains"].value()
    assert row.errors == {"min_amount": ["This is no amount of money."]}


def test_what_is_left_over_from_another_choice_is_forgiven(shop: Api, staff: Client) -> None:
    """Nobody sees it, so nobody could mend it."""
    page = open_page(staff, ADD)

    answer = send(
        staff, ADD, page.form, promotion_id="p", name="Typed", currency="EUR",
        effect_kind="gift", gift_sku="MUG", gift_unit_price="5",
        percent="x", max_units="-1", buy_quantity="none", bonus_multiplier="0",
        get_include_skus="a b", **rows(tiers_0_start="x", tiers_0_percent="y"),
    )  # fmt: skip

    assert answer.status_code == 302, form_of(answer).errors
