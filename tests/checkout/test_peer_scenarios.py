"""Scenarios whose numbers stand in the test suites of other shops, over HTTP.

Read from `../shared` (or SHARED_DIR); they are no part of this project. Each cart is validated and
then redeemed: both must come to the peers' numbers.
"""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api import DAY, NOON, Got
from tests.checkout.till import Till

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared") / "data/peer_scenarios.json"


def scenarios():
    if not FILE.is_file():
        reason = f"NOT COMPARED with other shops: there is no {FILE}"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="absent")]
    found = json.loads(FILE.read_text(encoding="utf-8"))["scenarios"]
    return [pytest.param(scenario, id=scenario["id"]) for scenario in found]


@pytest.mark.parametrize("scenario", scenarios())
def test_other_shops_compute_the_same(till: Till, scenario):
    setup, expected = scenario["setup"], scenario["expected"]
    _set_up(till, setup)
    for promotion in scenario["promotions"]:
        _put(till, promotion)
    for code, promotion_id in scenario["codes"].items():
        till.issue(_longer(code), promotion_id)
    _redeem_before(till, scenario)
    # Codes are longer here than some of theirs.
    cart = scenario["cart"] | {"codes": [_longer(code) for code in scenario["cart"]["codes"]]}
    cart["at"] = NOON.isoformat()

    quote = till.api.post("/checkout/validate", cart)
    redeemed = till.api.post("/checkout/redemptions", cart | {"order_id": "o1"})

    assert quote.status == 200, quote
    assert _results(quote, expected) == expected
    if "reason" in expected:
        assert (redeemed.status, redeemed["code"]) == (422, "offers_not_applicable")
        assert redeemed["codes"] == quote["codes"]
    else:
        assert redeemed.status == 201, redeemed
        assert _results(redeemed, expected) == expected


def _set_up(till: Till, setup) -> None:
    assert set(setup) <= {"orders", "segments", "redeem", "cancel"}, setup
    assert till.api.put("/customers/CUST", {"registered_at": NOON.isoformat()}).status == 201
    for number in range(setup.get("orders", 0)):
        placed = {"customer_id": "CUST", "placed_at": (NOON - DAY).isoformat()}
        assert till.put_order(f"earlier-{number}", **placed).status == 201
    for name, is_in in setup.get("segments", {}).items():
        made = till.api.put(f"/segments/{name}", {"name": name, "kind": "static"})
        assert made.status == 201, made
        members = {"customer_ids": ["CUST"] if is_in else []}
        assert till.api.put(f"/segments/{name}/members", members).status == 200


def _put(till: Till, promotion) -> None:
    """A time is given as days from the instant of the cart."""
    fields = {name: value for name, value in promotion.items() if name != "promotion_id"}
    if "schedule" in fields:
        fields["schedule"] = {
            name: (NOON + timedelta(**value)).isoformat() if isinstance(value, dict) else value
            for name, value in fields["schedule"].items()
        }
    body = {"name": promotion["promotion_id"], **fields}
    made = till.api.put(f"/promotions/{promotion['promotion_id']}", body)
    assert made.status == 201, made


def _redeem_before(till: Till, scenario) -> None:
    """The cart was redeemed by this customer or another, and some of that cancelled."""
    uses = []
    for number, use in enumerate(scenario["setup"].get("redeem", [])):
        cart = scenario["cart"] | {
            "codes": [_longer(code) for code in scenario["codes"]],
            "customer_id": "CUST" if use["own"] else f"OTHER-{number}",
            "order_id": f"redeemed-{number}",
            "at": (NOON - DAY).isoformat(),
        }
        uses.append(till.api.post("/checkout/redemptions", cart))
        assert uses[-1].status == 201, uses[-1]
    for redeemed in uses[: scenario["setup"].get("cancel", 0)]:
        assert till.cancel(redeemed).status == 200


def _results(found: Got, expected):
    results = {
        "discount_total": found["discount_total"],
        "line_discounts": [line["discount"] for line in found["lines"]],
        "total": found["total"],
        "shipping_discount": found["shipping_discount"],
        "gifts": [{"sku": gift["sku"], "quantity": gift["quantity"]} for gift in found["gifts"]],
        "reason": next((row["reason"]["code"] for row in found["codes"] if row["reason"]), None),
    }
    return {name: results[name] for name in expected}


def _longer(code: str) -> str:
    return f"CODE-{code}"
