"""A small shop with a past, and promotions to be replayed over it."""

from typing import Any

from django.utils import timezone

from journal.actions import run_next_job
from tests.api import DAY, NOON, Api

TENTH = {"kind": "percentage", "percent": "10", "on": "lines"}
FIFTH = {"kind": "percentage", "percent": "20", "on": "lines"}
PERIOD = {"from": NOON - 30 * DAY, "until": NOON}


def promotion(api: Api, name: str, effect: Any = TENTH, **more: Any) -> None:
    """A draft by code, unless it says otherwise."""
    body = {"name": name, "status": "draft", "activation": "code", "effect": effect, **more}
    assert api.put(f"/promotions/{name}", body).status in {200, 201}


def order(
    api: Api, name: str, customer_id: str | None, amount: int, *, days_ago: int, **more: Any
) -> None:
    """One line of `amount`."""
    line = {"line_id": "1", "sku": "A", "quantity": 1, "unit_price": amount}
    body = {
        "customer_id": customer_id, "currency": "EUR", "placed_at": NOON - days_ago * DAY,
        "lines": [line], **more,
    }  # fmt: skip
    assert api.put(f"/orders/{name}", body).status == 201


def forecast(api: Api, name: str, **period: Any) -> Any:
    """The result of a forecast that has run."""
    got = api.post(f"/promotions/{name}/forecast", {**PERIOD, **period, "at": NOON})
    assert got.status == 202
    assert run_next_job(now=timezone.now)
    job = api.get(f"/jobs/{got['job_id']}").body
    assert (job["kind"], job["status"]) == ("forecast", "succeeded"), job
    assert job["done"] == job["total"] == job["result"]["orders"]
    return job["result"]
