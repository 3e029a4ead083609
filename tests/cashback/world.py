"""The shop of the state machine: its rules, its customers, what they buy."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as some

from tests.reference.units import Json, percent_of

# Spring begins in Berlin two weeks later: days of 23 hours are among those that end.
START = datetime(2026, 3, 14, 12, tzinfo=UTC)
CUSTOMERS = ("ada", "bob")
PEOPLE = some.sampled_from(["ada", "ada", "bob"])
MONEY = some.sampled_from([*["EUR"] * 5, "CHF"])
ADJUSTMENTS = some.one_of(some.integers(1, 3000), some.integers(-2000, -1))

# What is marked down loses 10 %; a binding that prices needs an automatic promotion for it.
MARKED_DOWN = "SALE"
OFF = "10"

# Shares are generous, so that credit pays for much; each policy of clawing back is there, short
# lives and long ones, caps and tiers.
WORLD: Json = {
    "shop_zone": "Europe/Berlin",
    "segments": {"gold": ["ada"]},
    "partners": {"roaster": {"name": "Roaster", "share_percent": "33.3"}},
    "rules": {
        "all": {
            "name": "All",
            "percent": "20",
            "currency": "EUR",
            "pending_days": 3,
            "expires_after_days": 30,
            "clawback": "debt",
        },
        "tea": {
            "name": "Tea",
            "percent": "35.5",
            "currency": "EUR",
            "items": {"include": {"categories": ["tea"]}},
            "tiers": [{"segment": "gold", "percent": "50"}],
            "max_per_order": 2500,
            "pending_days": 0,
            "expires_after_days": 9,
            "clawback": "offset_refund",
        },
        "sale": {
            "name": "Marked down",
            "percent": "60",
            "currency": "EUR",
            "items": {"include": {"skus": [MARKED_DOWN]}},
            "max_per_customer_month": 3000,
            "pending_days": 1,
            "expires_after_days": 4,
            "clawback": "absorb",
        },
        "welcome": {
            "name": "Welcome",
            "amount": 700,
            "currency": "CHF",
            "conditions": {"min_subtotal": 1000},
            "pending_days": 2,
            "expires_after_days": 5,
            "clawback": "debt",
        },
        "roaster": {
            "name": "Roaster",
            "percent": "45",
            "currency": "EUR",
            "partner_id": "roaster",
            "pending_days": 1,
            "expires_after_days": 15,
            "clawback": "debt",
        },
    },
}

LINES = some.fixed_dictionaries(
    {
        "sku": some.sampled_from(["TEA", "CUP", MARKED_DOWN]),
        "quantity": some.integers(1, 3),
        "unit_price": some.sampled_from([0, 1, 99, 333, 1299, 5000]),
    }
)


def numbered(lines: list[Json]) -> list[Json]:
    """Lines as carts have them, priced."""
    return [
        line
        | {
            "line_id": str(number),
            "categories": ["tea"] if line["sku"] == "TEA" else ["house"],
            "discount": percent_of(OFF, line["quantity"] * line["unit_price"])
            if line["sku"] == MARKED_DOWN
            else 0,
        }
        for number, line in enumerate(lines, start=1)
    ]


CARTS: Any = some.fixed_dictionaries(
    {
        "customer_id": some.sampled_from(["ada", "ada", "ada", "bob", "bob", None]),
        "currency": MONEY,
        "lines": some.lists(LINES, min_size=1, max_size=3).map(numbered),
        "shipping_amount": some.sampled_from([0, 495]),
        "cashback_amount": some.sampled_from(["max", "max", "max", 0, 1, 300, 2000]),
    }
)


def dear_cart(customer_id: str, currency: str) -> Json:
    """A cart that takes all the credit that there may be, and earns on what is left."""
    lines = [{"sku": "CUP", "quantity": 3, "unit_price": 9999}]
    return {
        "customer_id": customer_id,
        "currency": currency,
        "lines": numbered(lines),
        "shipping_amount": 0,
        "cashback_amount": "max",
    }
