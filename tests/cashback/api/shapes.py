"""Bodies that the tests of this folder send."""

from typing import Any

PLAIN: dict[str, Any] = {"name": "Basis", "percent": "2"}
#: What a plain rule is when it is read.
DEFAULTS: dict[str, Any] = {
    "name": "Basis",
    "status": "active",
    "percent": "2",
    "amount": None,
    "items": {
        "include": {"skus": [], "categories": [], "brands": [], "tags": []},
        "exclude": {"skus": [], "categories": [], "brands": [], "tags": []},
        "skip_reduced": False,
        "min_unit_price": None,
        "max_unit_price": None,
    },
    "conditions": {"min_subtotal": None},
    "audience": {"segments": []},
    "partner_id": None,
    "currency": None,
    "tiers": [],
    "max_per_order": None,
    "max_per_customer_month": None,
    "pending_days": 14,
    "expires_after_days": 365,
    "clawback": "debt",
    "schedule": {"starts_at": None, "ends_at": None, "timezone": None, "weekly": []},
    "terms": {},
}
#: Every field is something else than its default.
FULL: dict[str, Any] = {
    "name": "Tea club",
    "status": "archived",
    "percent": "2.5",
    "amount": None,
    "items": {
        "include": {"skus": ["TEA-1"], "categories": ["tea"], "brands": ["Kyo"], "tags": ["new"]},
        "exclude": {"skus": ["TEA-9"], "categories": [], "brands": [], "tags": []},
        "skip_reduced": True,
        "min_unit_price": 100,
        "max_unit_price": 90000,
    },
    "conditions": {"min_subtotal": 3000},
    "audience": {"segments": ["club"]},
    "partner_id": "acme",
    "currency": "EUR",
    "tiers": [{"segment": "gold", "percent": "5"}],
    "max_per_order": 500,
    "max_per_customer_month": 2000,
    "pending_days": 0,
    "expires_after_days": 30,
    "clawback": "absorb",
    "schedule": {
        "starts_at": "2026-03-01T00:00:00+01:00",
        "ends_at": "2026-04-01T00:00:00+02:00",
        "timezone": "Europe/Vienna",
        "weekly": [{"days": [1, 2], "from": "17:00", "until": "19:00"}],
    },
    "terms": {"de": "Nur für Mitglieder.", "en": "Members only."},
}
PARTNER: dict[str, Any] = {"name": "Acme", "share_percent": "50"}
