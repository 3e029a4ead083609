"""Each kind of effect: what is stored of it, what is shown again, and what is refused by name."""

import msgspec
import pytest

from promotions.domain.definition import PromotionDefinition, money_pointers
from promotions.models import Promotion
from tests.api import Api, Got
from tests.promotions.api.shapes import NO_LISTS, PLAIN, plain
from tests.promotions.effects import (
    ONE_OF_EACH,
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    fixed_price,
    free_shipping,
    gift,
    tiered,
)

TOO_MUCH = 10**12 + 1
CUPS = {
    "include": {**NO_LISTS, "categories": ["cups"]},
    "exclude": {**NO_LISTS, "skus": ["CUP-9"]},
    "skip_reduced": True,
    "min_unit_price": 100,
    "max_unit_price": 900,
}
ANYTHING = {
    "include": NO_LISTS,
    "exclude": NO_LISTS,
    "skip_reduced": False,
    "min_unit_price": None,
    "max_unit_price": None,
}

DAYS = {"pending_days": 14, "expires_after_days": 365}
#: What is put, and what stands in the answer besides.
SHOWN = [
    ({"kind": "percentage", "percent": "12.5"}, {"on": "order", "max_discount": None}),
    ({"kind": "fixed_amount", "amount": 1}, {"on": "order", "max_units": None}),
    (fixed_price(0), {}),
    (bundle_price(3, 2500), {"max_applications": None}),
    (bundle_price(1, 0, max_applications=4), {}),
    (buy_x_get_y(2, 1), {"percent": "100", "get_items": None, "max_applications": None}),
    (
        buy_x_get_y(1, 10_000, percent="0.0001", get_items=CUPS, max_applications=7),
        {},
    ),
    (buy_x_get_y(1, 1, get_items=None, percent="50", max_applications=1), {}),
    (buy_x_get_y(1, 1, get_items={}, percent="50", max_applications=1), {"get_items": ANYTHING}),
    (tiered({3: "10", 0: "5.25"}, by="quantity"), {"on": "order", "max_discount": None}),
    (tiered({5000: "20", 1000: "10"}, on="lines", max_discount=900), {}),
    (tiered({0: 300}), {"on": "order", "max_discount": None}),
    (tiered({1000: 300, 2000: 700}, on="line", max_discount=None), {}),
    (tiered({2: 300}, by="quantity", on="unit", max_discount=None), {}),
    (free_shipping(), {"max_discount": None, "shipping_price": None, "percent": None}),
    (free_shipping(shipping_price=0, max_discount=1), {"percent": None}),
    (free_shipping(percent="33.3333", max_discount=None), {"shipping_price": None}),
    (gift("MUG", 400), {"quantity": 1}),
    (gift("MUG", 1, quantity=3), {}),
    (bonus_cashback(amount=500), {"multiplier": None} | DAYS),
    (bonus_cashback(multiplier="2"), {"amount": None} | DAYS),
    (bonus_cashback(multiplier="1.0001", pending_days=0, expires_after_days=1), {"amount": None}),
]  # fmt: skip

NAMED = [
    # Of a fixed price.
    ({"kind": "fixed_price"}, "price", "required"),
    (fixed_price(-1), "price", "invalid"),
    (fixed_price(TOO_MUCH), "price", "invalid"),
    (fixed_price("5"), "price", "invalid"),
    ({**fixed_price(5), "percent": "5"}, "percent", "unknown_field"),
    # Of a bundle price.
    ({"kind": "bundle_price", "price": 5}, "quantity", "required"),
    ({"kind": "bundle_price", "quantity": 5}, "price", "required"),
    (bundle_price(0, 5), "quantity", "invalid"),
    (bundle_price(10_001, 5), "quantity", "invalid"),
    (bundle_price(2, -1), "price", "invalid"),
    (bundle_price(2, 5, max_applications=0), "max_applications", "invalid"),
    (bundle_price(2, 5, on="lines"), "on", "unknown_field"),
    # Of buy x, get y.
    ({"kind": "buy_x_get_y", "get_quantity": 1}, "buy_quantity", "required"),
    ({"kind": "buy_x_get_y", "buy_quantity": 1}, "get_quantity", "required"),
    (buy_x_get_y(0, 1), "buy_quantity", "invalid"),
    (buy_x_get_y(1, 0), "get_quantity", "invalid"),
    (buy_x_get_y(1, 1.5), "get_quantity", "invalid"),
    (buy_x_get_y(1, 1, percent="0"), "percent", "invalid"),
    (buy_x_get_y(1, 1, percent="100.01"), "percent", "invalid"),
    (buy_x_get_y(1, 1, percent=None), "percent", "invalid"),
    (buy_x_get_y(1, 1, max_applications=0), "max_applications", "invalid"),
    (buy_x_get_y(1, 1, max_discount=5), "max_discount", "unknown_field"),
    (buy_x_get_y(1, 1, get_items={"skus": ["A"]}), "get_items/skus", "unknown_field"),
    (buy_x_get_y(1, 1, get_items={"include": {"skus": ["a b"]}}), "get_items/include/skus/0",
     "invalid"),
    (buy_x_get_y(1, 1, get_items={"min_unit_price": 5, "max_unit_price": 4}),
     "get_items/max_unit_price", "below_minimum"),
    # Of tiers.
    ({"kind": "tiered", "by": "subtotal"}, "tiers", "required"),
    ({"kind": "tiered", "tiers": [{"from": 0, "percent": "5"}]}, "by", "required"),
    (tiered({0: "5"}, by="weight"), "by", "invalid"),
    (tiered({}), "tiers", "invalid"),
    (tiered({start: "5" for start in range(51)}), "tiers", "invalid"),
    (tiered({-1: "5"}), "tiers/0/from", "invalid"),
    (tiered({0: "5", 5: "0"}), "tiers/1/percent", "invalid"),
    (tiered({0: 0}), "tiers/0/amount", "invalid"),
    (tiered({0: 5, 9: TOO_MUCH}), "tiers/1/amount", "invalid"),
    (tiered({0: "5"}, on="unit"), "on", "not_allowed"),
    (tiered({0: "5"}, on="line"), "on", "not_allowed"),
    (tiered({0: 5}, on="lines"), "on", "not_allowed"),
    (tiered({0: 5}, on="cart"), "on", "invalid"),
    (tiered({0: 5}, max_discount=9), "max_discount", "not_allowed"),
    (tiered({0: "5"}, max_discount=0), "max_discount", "invalid"),
    (tiered({0: "5", 9: 5}), "tiers", "mixed"),
    (tiered({0: "5"}, max_units=1), "max_units", "unknown_field"),
    ({"kind": "tiered", "by": "subtotal", "tiers": [{"percent": "5"}]}, "tiers/0/from",
     "required"),
    ({"kind": "tiered", "by": "subtotal", "tiers": [{"from": 0, "price": 5}]}, "tiers/0/price",
     "unknown_field"),
    # Of shipping.
    (free_shipping(max_discount=0), "max_discount", "invalid"),
    (free_shipping(shipping_price=-1), "shipping_price", "invalid"),
    (free_shipping(percent="101"), "percent", "invalid"),
    (free_shipping(shipping_price=5, percent="50"), "percent", "one_of"),
    (free_shipping(amount=5), "amount", "unknown_field"),
    # Of a gift.
    ({"kind": "gift", "unit_price": 5}, "sku", "required"),
    ({"kind": "gift", "sku": "MUG"}, "unit_price", "required"),
    (gift("MUG", 400, quantity=0), "quantity", "invalid"),
    (gift("MUG", 400, quantity=10_001), "quantity", "invalid"),
    (gift("MUG", -1), "unit_price", "invalid"),
    (gift("a mug", 400), "sku", "invalid"),
    (gift("MUG", 400, name="A mug"), "name", "unknown_field"),
    # Of bonus cashback.
    (bonus_cashback(), "amount", "one_of"),
    (bonus_cashback(amount=5, multiplier="2"), "amount", "one_of"),
    (bonus_cashback(amount=0), "amount", "invalid"),
    (bonus_cashback(multiplier="1"), "multiplier", "invalid"),
    (bonus_cashback(multiplier="0.5"), "multiplier", "invalid"),
    (bonus_cashback(multiplier="100.5"), "multiplier", "invalid"),
    (bonus_cashback(multiplier=2), "multiplier", "invalid"),
    (bonus_cashback(multiplier="2", pending_days=-1), "pending_days", "invalid"),
    (bonus_cashback(multiplier="2", expires_after_days=0), "expires_after_days", "invalid"),
    (bonus_cashback(multiplier="2", percent="5"), "percent", "unknown_field"),
]  # fmt: skip

#: Where each kind holds amounts of money, and so asks for a currency.
MONEY = [
    (fixed_price(5), ["price"]),
    (fixed_price(0), ["price"]),
    (bundle_price(2, 5), ["price"]),
    (buy_x_get_y(1, 1), []),
    (buy_x_get_y(1, 1, get_items={"include": {"skus": ["A"]}}), []),
    (buy_x_get_y(1, 1, get_items={"min_unit_price": 5}), ["get_items/min_unit_price"]),
    (buy_x_get_y(1, 1, get_items={"max_unit_price": 5}), ["get_items/max_unit_price"]),
    (tiered({3: "5"}, by="quantity"), []),
    (tiered({3: "5"}, by="quantity", max_discount=5), ["max_discount"]),
    (tiered({3: 5, 9: 7}, by="quantity"), ["tiers/0/amount", "tiers/1/amount"]),
    (tiered({0: "5", 9: "7"}), ["tiers/0/from", "tiers/1/from"]),
    (tiered({1: 5}), ["tiers/0/from", "tiers/0/amount"]),
    (free_shipping(), []),
    (free_shipping(percent="50"), []),
    (free_shipping(max_discount=5), ["max_discount"]),
    (free_shipping(shipping_price=0), ["shipping_price"]),
    (gift(), ["unit_price"]),
    (bonus_cashback(multiplier="2"), []),
    (bonus_cashback(amount=5), ["amount"]),
]


def in_euro(effect: dict) -> dict:
    return plain(currency="EUR", effect=effect)


def codes(got: Got) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in got["errors"]]


@pytest.mark.parametrize(("effect", "filled"), SHOWN, ids=lambda value: value.get("kind", ""))
def test_an_effect_is_shown_as_it_was_put_with_its_defaults(
    api: Api, effect: dict, filled: dict
) -> None:
    put = api.put("/promotions/shown", in_euro(effect))

    assert (put.status, put["effect"]) == (201, effect | filled)
    assert api.get("/promotions/shown").raw == put.raw
    # What was shown can be put again.
    assert api.put("/promotions/shown", in_euro(put["effect"]))["effect"] == put["effect"]


@pytest.mark.parametrize(
    ("effect", "pointer", "code"),
    [pytest.param(*row, id=f"{row[0]['kind']}: {row[1]} {row[2]}") for row in NAMED],
)
def test_what_an_effect_cannot_be_is_refused_by_the_fields_name(
    api: Api, effect: dict, pointer: str, code: str
) -> None:
    stored = api.put("/promotions/old", PLAIN)

    new, old = (api.put(f"/promotions/{name}", in_euro(effect)) for name in ("new", "old"))

    for got in (new, old):
        assert (got.status, got["code"]) == (422, "validation_failed")
        assert codes(got) == [(f"/effect/{pointer}", code)]
    assert api.get("/promotions/old").raw == stored.raw
    assert not Promotion.objects.filter(reference="new").exists()


@pytest.mark.parametrize(
    ("tiers", "named"),
    [
        (
            [{"from": 0, "percent": "5", "amount": 5}],
            [("tiers/0", "one_of")],
        ),
        ([{"from": 0, "percent": "5"}, {"from": 9}], [("tiers/1", "one_of"), ("tiers", "mixed")]),
        (
            [{"from": 9, "amount": 5}, {"from": 0, "amount": 6}, {"from": 9, "amount": 7}],
            [("tiers/0/from", "duplicate"), ("tiers/2/from", "duplicate")],
        ),
    ],
    ids=["both", "neither", "two from 9"],
)
def test_each_tier_that_is_wrong_is_named(api: Api, tiers: list, named: list) -> None:
    got = api.put("/promotions/new", in_euro({"kind": "tiered", "by": "subtotal", "tiers": tiers}))

    assert codes(got) == [(f"/effect/{pointer}", code) for pointer, code in named]
    assert not Promotion.objects.exists()


@pytest.mark.parametrize(("effect", "names"), [pytest.param(*row, id=str(row[0])) for row in MONEY])
def test_an_amount_of_money_in_an_effect_needs_a_currency(
    api: Api, effect: dict, names: list[str]
) -> None:
    got = api.put("/promotions/new", plain(effect=effect))

    definition = msgspec.convert(in_euro(effect), PromotionDefinition)
    assert money_pointers(definition) == [f"/effect/{name}" for name in names]
    if names:
        assert (got.status, codes(got)) == (422, [("/currency", "currency_required")])
        assert not Promotion.objects.exists()
    else:
        assert (got.status, got["currency"]) == (201, None)
    assert api.put("/promotions/new", in_euro(effect)).status in (200, 201)


@pytest.mark.parametrize(
    "effect",
    [
        free_shipping(shipping_price=5, percent="50"),
        tiered({0: "5"}, on="unit"),
        tiered({0: 5}, on="lines"),
        tiered({0: 5}, max_discount=9),
        tiered({0: "5", 9: 5}),
        bonus_cashback(),
        buy_x_get_y(1, 1, get_items={"min_unit_price": 5, "max_unit_price": 4}),
    ],
    ids=str,
)
def test_what_does_not_fit_together_is_told_in_german_too(api: Api, effect: dict) -> None:
    english, german = (
        api.put("/promotions/new", in_euro(effect), accept_language=language)["errors"][0]
        for language in ("en", "de")
    )

    assert english["detail"] != german["detail"]
    assert (english["pointer"], english["code"]) == (german["pointer"], german["code"])


@pytest.mark.parametrize("effect", ONE_OF_EACH, ids=lambda effect: effect["kind"])
def test_a_patch_changes_one_field_of_any_effect_or_the_whole_kind(api: Api, effect: dict) -> None:
    put = api.put("/promotions/p", in_euro(effect))

    renamed = api.patch("/promotions/p", {"name": "Other"})
    exchanged = api.patch("/promotions/p", {"effect": gift("POT", 900)})

    assert (renamed.status, renamed["effect"]) == (200, put["effect"])
    assert exchanged["effect"] == gift("POT", 900, quantity=1)
