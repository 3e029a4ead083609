"""The promotions of the tea shop: every effect, every field, every state, in both languages."""

import typing
from datetime import datetime

import msgspec
import pytest

from common.items import ItemLists, Items
from common.schedule import Schedule
from config.demo.assortment import BY_SKU
from config.demo.attempts import TROUBLES
from config.demo.favourites import FAVOURITES
from config.demo.offers.book import offers
from config.demo.offers.personal import TEA_20
from promotions.domain.definition import (
    Audience,
    Conditions,
    Limits,
    PromotionDefinition,
    Stacking,
    definition_errors,
)
from promotions.domain.effects.kinds import Effect

BOOK = offers(today=datetime.fromisoformat("2026-03-10T00:00+01:00"))
DEFINITIONS = [offer.definition for offer in BOOK]


def test_none_contradicts_itself():
    assert not [error for each in DEFINITIONS for error in definition_errors(each)]
    assert len({offer.promotion_id for offer in BOOK}) == len(BOOK)


def test_every_effect_is_there():
    kinds = {effect.__struct_config__.tag for effect in typing.get_args(Effect)}
    assert {each.effect.__struct_config__.tag for each in DEFINITIONS} == kinds
    assert len(kinds) == 9


@pytest.mark.parametrize(
    "part", [Items, ItemLists, Conditions, Audience, Schedule, Stacking, Limits, PromotionDefinition],
    ids=lambda part: part.__name__,
)  # fmt: skip
def test_every_field_is_used_somewhere(part):
    fields = msgspec.structs.fields(part)
    used = {
        field.name
        for one in parts(DEFINITIONS, part)
        for field in fields
        if getattr(one, field.name) != default(field)
    }
    assert used == {field.name for field in fields}


def test_every_base_of_a_discount_is_there():
    bases = {
        (each.effect.__struct_config__.tag, each.effect.on)
        for each in DEFINITIONS
        if hasattr(each.effect, "on")
    }
    assert bases >= {
        ("percentage", "order"), ("percentage", "lines"), ("fixed_amount", "order"),
        ("fixed_amount", "line"), ("fixed_amount", "unit"), ("tiered", "order"), ("tiered", "unit"),
    }  # fmt: skip


def test_titles_and_terms_are_in_both_languages():
    for each in DEFINITIONS:
        assert each.title.de
        assert each.title.en
        assert each.title.de != each.title.en
        assert bool(each.terms.de) == bool(each.terms.en)


def test_what_they_name_is_in_the_shop():
    skus, categories, brands, tags = (set() for _ in range(4))
    for lists in parts(DEFINITIONS, ItemLists):
        skus |= set(lists.skus)
        categories |= set(lists.categories)
        brands |= set(lists.brands)
        tags |= set(lists.tags)
    skus |= {each.effect.sku for each in DEFINITIONS if hasattr(each.effect, "sku")}
    products = BY_SKU.values()
    assert skus <= BY_SKU.keys()
    assert categories <= {name for product in products for name in product.categories}
    assert brands <= {product.brand for product in products}
    assert tags <= {tag for product in products for tag in product.tags}


def test_shoppers_want_what_is_there():
    codes = {code for offer in BOOK for code in offer.shared_codes}
    assert {one.code for one in FAVOURITES if one.code is not None} <= codes
    wanted = {sku for one in (*FAVOURITES, *TROUBLES) for sku, _ in one.wanted}
    assert wanted <= BY_SKU.keys()
    assert not any(BY_SKU[sku].months for sku in wanted), "all year round"


def test_the_walk_finds_its_minimum():
    tea_20 = next(offer.definition for offer in BOOK if offer.promotion_id == TEA_20)
    assert tea_20.conditions.min_subtotal == 3000


def parts(given, wanted):
    """All structs of that type, however deep."""
    for one in given:
        if isinstance(one, wanted):
            yield one
        if isinstance(one, msgspec.Struct):
            yield from parts([getattr(one, name) for name in one.__struct_fields__], wanted)
        elif isinstance(one, list):
            yield from parts(one, wanted)


def default(field):
    return field.default if field.default is not msgspec.NODEFAULT else _made(field)


def _made(field):
    is_made = field.default_factory is not msgspec.NODEFAULT
    return field.default_factory() if is_made else msgspec.NODEFAULT
