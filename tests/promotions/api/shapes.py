"""Bodies that the tests of this folder send."""

from typing import Any

TEN_PERCENT = {"kind": "percentage", "percent": "10"}
PLAIN: dict[str, Any] = {"name": "Plain", "effect": TEN_PERCENT}

#: The contract's own example.
FULL: dict[str, Any] = {
    "name": "Spring 20 %",
    "title": {"de": "20 % auf Tee", "en": "20 % off tea"},
    "terms": {"de": "Solange der Vorrat reicht.", "en": "While stocks last."},
    "status": "active",
    "activation": "code",
    "currency": "EUR",
    "effect": {"kind": "percentage", "percent": "20", "on": "lines", "max_discount": 5000},
    "items": {
        "include": {"skus": [], "categories": ["tea"], "brands": [], "tags": []},
        "exclude": {"skus": ["TEA-9"], "categories": [], "brands": ["Kyo"], "tags": ["new"]},
        "skip_reduced": True,
        "min_unit_price": 100,
        "max_unit_price": 90000,
    },
    "conditions": {
        "min_subtotal": 3000,
        "max_subtotal": 500000,
        "min_quantity": 2,
        "contains": [
            {
                "include": {"skus": ["CUP"], "categories": [], "brands": [], "tags": []},
                "exclude": {"skus": [], "categories": [], "brands": [], "tags": []},
                "min_quantity": 1,
                "min_amount": None,
            }
        ],
        "nth_order": 1,
        "channels": ["web"],
        "countries": ["DE", "AT"],
        "payment_methods": ["card"],
        "shipping_methods": ["parcel"],
    },
    "audience": {"registered": True, "segments": ["regulars"], "exclude_segments": ["staff"]},
    "schedule": {
        "starts_at": "2026-03-01T00:00:00+01:00",
        "ends_at": "2026-06-01T00:00:00+02:00",
        "timezone": "Europe/Berlin",
        "weekly": [{"days": [5, 6], "from": "17:00", "until": "20:00"}],
    },
    "stacking": {"exclusive": True, "group": "seasonal", "priority": 5},
    "limits": {"redemptions": 1000, "per_customer": 1, "per_code": 3, "discount_budget": 500000},
    "after_cancel": "keep",
}

NO_LISTS = {"skus": [], "categories": [], "brands": [], "tags": []}
#: What a promotion is when only name and effect are told.
DEFAULTS: dict[str, Any] = {
    "name": "Plain",
    "title": {},
    "terms": {},
    "status": "draft",
    "activation": "code",
    "currency": None,
    "effect": {"kind": "percentage", "percent": "10", "on": "order", "max_discount": None},
    "items": {
        "include": NO_LISTS,
        "exclude": NO_LISTS,
        "skip_reduced": False,
        "min_unit_price": None,
        "max_unit_price": None,
    },
    "conditions": {
        "min_subtotal": None,
        "max_subtotal": None,
        "min_quantity": None,
        "contains": [],
        "nth_order": None,
        "channels": [],
        "countries": [],
        "payment_methods": [],
        "shipping_methods": [],
    },
    "audience": {"registered": False, "segments": [], "exclude_segments": []},
    "schedule": {"starts_at": None, "ends_at": None, "timezone": None, "weekly": []},
    "stacking": {"exclusive": False, "group": None, "priority": 0},
    "limits": {
        "redemptions": None,
        "per_customer": None,
        "per_code": None,
        "discount_budget": None,
    },
    "after_cancel": "restore",
}


def plain(**fields: Any) -> dict[str, Any]:
    """A promotion of 10 % with these fields besides."""
    return PLAIN | fields
