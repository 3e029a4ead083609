"""Definitions of all sorts, as the API lets them be written."""

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import strategies as st

from common.money import MAX_AMOUNT
from promotions.domain.definition import PromotionDefinition, definition_errors

# Nothing that PostgreSQL or UTF-8 cannot hold; line breaks, blanks and markup are all allowed.
_TEXT = st.text(
    st.one_of(
        st.sampled_from("abZ09 ,.-_&<>\"'{}ÄßЖ茶\n\r\t\u2028\xa0"),
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
    ),
    max_size=12,
)
_WORD = _TEXT.filter(bool)
_SHOP_ID = st.text(st.sampled_from("abcXYZ019._:-"), min_size=1, max_size=8)
_AMOUNT = st.one_of(st.integers(0, 20_000), st.integers(0, MAX_AMOUNT))
_POSITIVE = _AMOUNT.map(lambda amount: amount or 1)
_PERCENT = st.sampled_from(["0.0001", "5", "5.0", "12.50", "33.3333", "99.9", "100", "100.0"])
_MULTIPLIER = st.sampled_from(["1.0001", "1.5", "2", "2.0", "10", "100", "100.0000"])
_UNITS = st.integers(1, 10_000)
_COUNT = st.integers(1, 10**9)


def _maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def _some(strategy: st.SearchStrategy, *, most: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=most)


def _shape(needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy:
    return st.fixed_dictionaries(needed, optional=optional)


_LISTS = _shape(
    {},
    {
        "skus": _some(_SHOP_ID),
        "categories": _some(_WORD),
        "brands": _some(_WORD),
        "tags": _some(_WORD),
    },
)
_ITEMS = _shape(
    {},
    {
        "include": _LISTS,
        "exclude": _LISTS,
        "skip_reduced": st.booleans(),
        "min_unit_price": _maybe(_AMOUNT),
        "max_unit_price": _maybe(_AMOUNT),
    },
)


def _kind(kind: str, needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy:
    return _shape({"kind": st.just(kind), **needed}, optional)


def _tiers(**gives: Any) -> st.SearchStrategy:
    tier = _shape({"from": _AMOUNT, **gives}, {})
    return st.lists(tier, min_size=1, max_size=4, unique_by=lambda tier: tier["from"])


EFFECTS: dict[str, st.SearchStrategy] = {
    "percentage": _kind(
        "percentage",
        {"percent": _PERCENT},
        {"on": st.sampled_from(["order", "lines"]), "max_discount": _maybe(_POSITIVE)},
    ),
    "fixed_amount": st.one_of(
        _kind(
            "fixed_amount",
            {"amount": _POSITIVE},
            {"on": st.sampled_from(["order", "line", "unit"])},
        ),
        _kind(
            "fixed_amount",
            {"amount": _POSITIVE, "on": st.just("unit")},
            {"max_units": _maybe(st.integers(1, 1_000_000))},
        ),
    ),
    "fixed_price": _kind("fixed_price", {"price": _AMOUNT}, {}),
    "bundle_price": _kind(
        "bundle_price",
        {"quantity": _UNITS, "price": _AMOUNT},
        {"max_applications": _maybe(_UNITS)},
    ),
    "buy_x_get_y": _kind(
        "buy_x_get_y",
        {"buy_quantity": _UNITS, "get_quantity": _UNITS},
        {"percent": _PERCENT, "get_items": _maybe(_ITEMS), "max_applications": _maybe(_UNITS)},
    ),
    "tiered": st.one_of(
        _kind(
            "tiered",
            {"by": st.sampled_from(["subtotal", "quantity"]), "tiers": _tiers(percent=_PERCENT)},
            {"on": st.sampled_from(["order", "lines"]), "max_discount": _maybe(_POSITIVE)},
        ),
        _kind(
            "tiered",
            {"by": st.sampled_from(["subtotal", "quantity"]), "tiers": _tiers(amount=_POSITIVE)},
            {"on": st.sampled_from(["order", "line", "unit"])},
        ),
    ),
    "free_shipping": st.one_of(
        _kind(
            "free_shipping",
            {},
            {"max_discount": _maybe(_POSITIVE), "shipping_price": _maybe(_AMOUNT)},
        ),
        _kind("free_shipping", {}, {"max_discount": _maybe(_POSITIVE), "percent": _PERCENT}),
    ),
    "gift": _kind("gift", {"sku": _SHOP_ID, "unit_price": _POSITIVE}, {"quantity": _UNITS}),
    "bonus_cashback": st.one_of(
        _kind(
            "bonus_cashback",
            {"amount": _POSITIVE},
            {
                "pending_days": st.integers(0, 3650),
                "expires_after_days": st.integers(1, 3650),
            },
        ),
        _kind("bonus_cashback", {"multiplier": _MULTIPLIER}, {}),
    ),
}

_CLOCK = st.times().map(lambda time: f"{time:%H:%M}")
_OFFSET = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_INSTANT = st.one_of(
    # In Berlin the hour from two to three happens twice on that day.
    st.sampled_from(["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]),
    st.builds(
        lambda seconds, micros, zone: (
            datetime.fromtimestamp(seconds, zone).replace(microsecond=micros).isoformat()
        ),
        st.integers(-2_000_000_000, 200_000_000_000),
        st.integers(0, 999_999),
        _OFFSET,
    ),
)
_WINDOW = _shape(
    {
        "days": st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True),
        "from": _CLOCK,
        "until": _CLOCK,
    },
    {},
)
_CONTAINS = _shape(
    {},
    {"include": _LISTS, "exclude": _LISTS, "min_quantity": _COUNT, "min_amount": _maybe(_AMOUNT)},
)
_TITLES = _shape({}, {"de": _TEXT, "en": _TEXT})
_AROUND = {
    "title": _TITLES,
    "terms": _TITLES,
    "status": st.sampled_from(["draft", "active", "paused", "archived"]),
    "activation": st.sampled_from(["code", "automatic"]),
    "items": _ITEMS,
    "conditions": _shape(
        {},
        {
            "min_subtotal": _maybe(_AMOUNT),
            "max_subtotal": _maybe(_AMOUNT),
            "min_quantity": _maybe(_COUNT),
            "contains": _some(_CONTAINS),
            "nth_order": _maybe(st.integers(1, 1_000_000)),
            "channels": _some(_WORD),
            "countries": _some(st.sampled_from(["DE", "AT", "CH"])),
            "payment_methods": _some(_WORD),
            "shipping_methods": _some(_WORD),
        },
    ),
    "audience": _shape(
        {},
        {
            "registered": st.booleans(),
            "segments": _some(_SHOP_ID),
            "exclude_segments": _some(_SHOP_ID),
        },
    ),
    "schedule": _shape(
        {},
        {
            "starts_at": _maybe(_INSTANT),
            "ends_at": _maybe(_INSTANT),
            "timezone": st.sampled_from([None, "Europe/Berlin", "America/New_York", "EST"]),
            "weekly": _some(_WINDOW),
        },
    ),
    "stacking": _shape(
        {},
        {
            "exclusive": st.booleans(),
            "group": _maybe(_SHOP_ID),
            "priority": st.integers(-1_000_000, 1_000_000),
        },
    ),
    "limits": _shape(
        {},
        {
            "redemptions": _maybe(_COUNT),
            "per_customer": _maybe(_COUNT),
            "per_code": _maybe(_COUNT),
            "discount_budget": _maybe(_POSITIVE),
        },
    ),
    "after_cancel": st.sampled_from(["restore", "keep"]),
}


def definitions(kind: str) -> st.SearchStrategy[PromotionDefinition]:
    """Sound definitions with an effect of this kind."""
    needed = {
        "name": _WORD,
        "effect": EFFECTS[kind],
        "currency": st.sampled_from(["EUR", "JPY", "BHD", "XYZ"]),
    }
    shapes = st.fixed_dictionaries(needed, optional=_AROUND)
    made = shapes.map(lambda shape: msgspec.convert(shape, PromotionDefinition))
    return made.filter(lambda definition: not definition_errors(definition))
