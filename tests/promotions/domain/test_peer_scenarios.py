"""Scenarios whose numbers stand in the test suites of other shops.

Read from `../shared` (or SHARED_DIR); they are no part of this project.
"""

import json
import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from common.cart import Cart
from promotions.domain.codes import normalise
from promotions.domain.facts import CodeFacts, CustomerFacts, CustomerUsage, PromotionUsage
from tests.promotions.domain.shop import NOON, key_of, line_discounts, offer, quote, rows

ROOT = Path(__file__).resolve().parents[3]
FILE = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "data" / "peer_scenarios.json"


def scenarios():
    if not FILE.is_file():
        reason = f"NOT COMPARED with other shops: there is no {FILE}"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="absent")]
    return [
        pytest.param(scenario, id=scenario["id"])
        for scenario in json.loads(FILE.read_text(encoding="utf-8"))["scenarios"]
    ]


@pytest.mark.parametrize("scenario", scenarios())
def test_other_shops_compute_the_same(scenario):
    setup, expected = scenario["setup"], scenario["expected"]
    uses = setup.get("redeem", [])
    own = sum(1 for use in uses if use.get("own"))
    # A cancelled use is given back, unless the promotion keeps it.
    kept = len(uses) - sum(
        setup.get("cancel", 0)
        for promotion in scenario["promotions"][:1]
        if promotion.get("after_cancel", "restore") == "restore"
    )

    # Codes are longer here than some of theirs.
    given = scenario["cart"] | {"codes": [f"CODE-{name}" for name in scenario["cart"]["codes"]]}
    found = quote(
        msgspec.convert(given, Cart),
        [_offer(promotion) for promotion in scenario["promotions"]],
        codes=[
            CodeFacts(
                code=normalise(f"CODE-{name}"), id=1, promotion_key=key_of(promotion), used=kept
            )
            for name, promotion in scenario["codes"].items()
        ],
        customer=CustomerFacts(
            signed_in=True,
            earlier_orders=setup.get("orders", 0),
            segments=frozenset(name for name, isin in setup.get("segments", {}).items() if isin),
        ),
        usage={"P1": PromotionUsage(used=kept)},
        own_usage={"P1": CustomerUsage(used=own)},
    )

    results = {
        "discount_total": found.discount_total,
        "line_discounts": line_discounts(found),
        "total": found.total,
        "shipping_discount": found.shipping_discount,
        "gifts": [{"sku": gift.sku, "quantity": gift.quantity} for gift in found.gifts],
        "reason": next((reason for _, reason in rows(found)), None),
    }
    assert {name: results[name] for name in expected} == expected


def _offer(promotion):
    fields = {name: value for name, value in promotion.items() if name != "promotion_id"}
    schedule = {
        name: (NOON + timedelta(**value)).isoformat() if isinstance(value, dict) else value
        for name, value in fields.get("schedule", {}).items()
    }
    return offer(promotion["promotion_id"], **fields | {"schedule": schedule})
