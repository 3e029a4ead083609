"""A forecast on a real grocer's baskets agrees, figure by figure, with an independent recomputation."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from journal.actions import run_next_job
from tests.api import Api
from tests.promotions.forecast.baskets import CURRENCY, baskets
from tests.reference.forecast import recomputed
from tests.replay.real import needs_real_files, real_files

pytestmark = [needs_real_files, pytest.mark.django_db]


def offer(
    name: str, effect: dict[str, Any], *, categories: tuple[str, ...] = (),
    brands: tuple[str, ...] = (), **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """A promotion as the reference takes it."""
    stacking = {"exclusive": False, "priority": 0} | more.pop("stacking", {})
    return {
        "id": name, "effect": effect, "categories": categories, "brands": brands,
        "skip_reduced": False, "min_subtotal": 0, "limits": {}, "stacking": stacking, **more,
    }  # fmt: skip


FIFTH = {"kind": "percentage", "percent": "20", "on": "lines", "max_discount": 120}
FIXED = {"kind": "fixed_amount", "amount": 150}
CASES = {
    "a capped percentage of what is not reduced yet, twice for each household": (
        offer("tried", FIFTH, categories=("GROCERY",), skip_reduced=True, min_subtotal=300,
              limits={"per_customer": 2}),
        [offer("beside", {"kind": "percentage", "percent": "7.5", "on": "lines"},
               brands=("National",))],
    ),
    "an amount that stands alone, until its budget is gone": (
        offer("tried", FIXED | {"amount": 60}, categories=("DRUG GM", "PRODUCE", "GROCERY"),
              min_subtotal=200, limits={"discount_budget": 7_000},
              stacking={"exclusive": True}),
        [offer("beside", {"kind": "percentage", "percent": "25", "on": "lines"},
               brands=("Private",))],
    ),
    "an amount spread over all lines, of which another one then takes its part, 300 times": (
        offer("tried", FIXED, stacking={"priority": 5}, min_subtotal=400,
              limits={"redemptions": 300}),
        [offer("beside", {"kind": "percentage", "percent": "33", "on": "order"},
               brands=("Private",))],
    ),
    "a small one in the shadow of one that stands alone": (
        offer("tried", {"kind": "percentage", "percent": "4", "max_discount": 25}),
        [offer("beside", {"kind": "percentage", "percent": "10"}, stacking={"exclusive": True})],
    ),
}  # fmt: skip


def body(promotion: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same in the contract's words."""
    include = {"categories": promotion["categories"], "brands": promotion["brands"]}
    return {
        "name": promotion["id"], "currency": CURRENCY, "effect": promotion["effect"],
        "items": {"include": include, "skip_reduced": promotion["skip_reduced"]},
        "conditions": {"min_subtotal": promotion["min_subtotal"]},
        "limits": promotion["limits"], "stacking": promotion["stacking"], **more,
    }  # fmt: skip


def check(api: Api, *, first: date, last: date) -> list[dict[str, Any]]:
    """Load the orders, and compare the forecast of every case; what the forecasts said."""
    orders = baskets(real_files(), first=first, last=last)
    for start in range(0, len(orders), 1000):
        got = api.post("/orders/batch", {"orders": orders[start : start + 1000]})
        assert (got["created"], got["errors"]) == (len(orders[start : start + 1000]), [])
    said = []
    for name, (tried, others) in CASES.items():
        api.put("/promotions/tried", body(tried))
        for other in others:
            running = body(other, status="active", activation="automatic")
            assert api.put(f"/promotions/{other['id']}", running).status in {200, 201}
        got = api.post("/promotions/tried/forecast",
                       {"from": f"{first}T00:00:00Z", "until": f"{last}T23:59:59.999999Z"})  # fmt: skip
        assert run_next_job(now=timezone.now)
        result = api.get(f"/jobs/{got['job_id']}")["result"]
        expected = recomputed(tried, others, orders, zone=settings.SHOP_TIME_ZONE)
        assert {part: result[part] for part in expected} == expected, name
        said.append(result)
    return said


def test_a_few_days_of_real_baskets(api: Api) -> None:
    said = check(api, first=date(2017, 2, 8), last=date(2017, 2, 13))

    # Each case is about what it says it is about.
    capped, alone, spread, shadowed = said
    assert capped["customers_hit"] < capped["orders_hit"] < capped["orders"]
    assert alone["instead"][0]["promotion_id"] == "beside"
    assert 7_000 - 60 < alone["amounts"][0]["discount"] <= 7_000
    assert spread["orders_hit"] == 300
    assert spread["amounts"][0]["cost"] < spread["amounts"][0]["discount"]
    assert (shadowed["orders_hit"], shadowed["checklist"][-1]["code"]) == (0, "shadowed")


@pytest.mark.slow
def test_all_baskets_of_the_days_of_one_real_campaign(api: Api) -> None:
    said = check(api, first=date(2017, 2, 8), last=date(2017, 3, 26))

    assert [result["orders"] for result in said] == [said[0]["orders"]] * 4
    assert said[0]["orders"] > 5_000
