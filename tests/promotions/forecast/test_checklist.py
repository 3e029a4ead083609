"""The facts of a launch checklist, as the shop has them."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.actions import run_next_job
from promotions.models import CodeBatch, Promotion
from promotions.queries.checklist import checklist_of
from promotions.queries.forecasts import forecasts_of
from tests.api import DAY, NOON, Api
from tests.promotions.forecast.replayed import FIFTH, TENTH, forecast, order, promotion

BUDGET = {"limits": {"discount_budget": 100_000}, "currency": "EUR"}


def found(now: datetime = NOON) -> set[str]:
    row = Promotion.objects.get(reference="p")
    told = forecasts_of(row.pk).result
    return {finding.code for finding in checklist_of(row, told=told, now=now)}


def made(api: Api) -> None:
    while run_next_job(now=timezone.now):
        pass


def code(api: Api, text: str, **more: Any) -> None:
    assert api.post("/promotions/p/codes", {"code": text, **more}).status == 201


def test_codes_that_limit_themselves_need_no_limit(api):
    promotion(api, "p", **BUDGET)
    assert found() == {"no_limit"}, "it may get any code"

    api.put("/customers/c1", {})
    code(api, "PERSONAL1", customer_id="c1")
    assert found() == set()
    api.post("/promotions/p/code-batches", {"count": 3})
    made(api)
    code(api, "SHARED-ONCE", max_redemptions=1)
    assert found() == set()

    code(api, "SHARED-FOR-EVER")
    assert found() == {"no_limit"}
    api.patch("/promotions/p/codes/SHARED-FOR-EVER", {"status": "disabled"})
    assert found() == set()


def test_what_applies_by_itself_needs_a_limit_whatever_its_codes(api):
    promotion(api, "p", activation="automatic", **BUDGET)
    code(api, "SHARED-ONCE", max_redemptions=1)
    assert found() == {"no_limit"}


def test_short_codes_for_everybody_are_guessed_and_personal_ones_have_a_holder(api):
    promotion(api, "p", **BUDGET)
    api.put("/customers/c1", {})
    code(api, "TEA1", customer_id="c1")
    assert found() == set()
    code(api, "TEA-23", max_redemptions=1)
    assert found() == {"guessable_codes"}


def test_batches_are_guessed_by_their_pattern_whoevers_they_are(api):
    promotion(api, "p", **BUDGET)
    promotion(api, "q")
    for name in "pq":
        got = api.post(f"/promotions/{name}/code-batches",
                       {"count": 2, "pattern": "TEA########", "valid_days": 9, "at": NOON})  # fmt: skip
        assert got.status == 202
    made(api)
    assert found() == set()

    CodeBatch.objects.filter(promotion__reference="q").update(count=852_890)
    assert found() == {"guessable_codes"}
    assert found(NOON + 9 * DAY) == set()


def test_an_audience_is_asked_at_this_moment(api):
    api.put("/segments/vip", {"name": "vip"})
    api.put("/segments/out", {"name": "out"})
    rule = {"field": "orders.count", "op": "gte", "value": 1}
    api.put("/segments/buyers", {"name": "b", "kind": "dynamic", "rule": rule})
    audience = {"segments": ["vip", "buyers"], "exclude_segments": ["out"]}
    promotion(api, "p", audience=audience, activation="automatic",
              limits={"per_customer": 1, "discount_budget": 9}, currency="EUR")  # fmt: skip
    assert found() == {"empty_audience"}

    order(api, "o1", "c1", 1000, days_ago=1)
    assert found() == set()
    api.put("/segments/out/members", {"customer_ids": ["c1"]})
    assert found() == {"empty_audience"}
    api.put("/customers/c2", {})
    api.put("/segments/vip/members", {"customer_ids": ["c2"]})
    assert found() == set()


def test_a_forecast_shows_who_stands_in_its_light(api):
    limits = {"per_customer": 100, "discount_budget": 100_000}
    promotion(api, "p", stacking={"group": "g"}, limits=limits, currency="EUR")
    promotion(api, "better", FIFTH, status="active", activation="automatic",
              stacking={"group": "g"})  # fmt: skip
    for nth in range(11):
        order(api, f"o{nth}", "c1", 1000, days_ago=20 - nth)
    assert found() == set()

    [only] = forecast(api, "p")["checklist"]

    assert only["code"] == "shadowed"
    assert "better took its place" in only["text"]["en"]
    assert found() == {"shadowed"}


@pytest.mark.parametrize(("percent", "codes"), [(20, set()), (19, {"worst_basket"})])
def test_how_bad_the_worst_basket_may_be_is_a_setting(api, settings, percent, codes):
    settings.WORST_BASKET_PERCENT = percent
    promotion(api, "p", FIFTH, limits={"per_customer": 1, "discount_budget": 9_000}, currency="EUR")
    order(api, "o1", "c1", 1000, days_ago=1)
    forecast(api, "p")
    assert found() == codes


def test_the_newest_forecast_that_came_to_its_end_counts(api):
    promotion(api, "p", FIFTH, limits={"per_customer": 1, "discount_budget": 9_000}, currency="EUR")
    order(api, "o1", "c1", 1000, days_ago=1)
    forecast(api, "p")
    got = api.post("/promotions/p/forecast", {"from": NOON - DAY, "until": NOON})
    api.post(f"/jobs/{got['job_id']}/cancel")

    seen = forecasts_of(Promotion.objects.get().pk)

    assert (seen.job.status, seen.result["orders_hit"]) == ("failed", 1)


def test_the_facts_take_few_statements(api):
    api.put("/segments/vip", {"name": "vip"})
    promotion(api, "p", audience={"segments": ["vip"]})
    for number in range(5):
        code(api, f"SHARED-{number}")
        api.post("/promotions/p/code-batches", {"count": 1, "pattern": f"A{number}########"})
    made(api)
    row = Promotion.objects.get(reference="p")

    checklist_of(row, told=None, now=NOON)
    with CaptureQueriesContext(connection) as caught:
        checklist_of(row, told=None, now=NOON)

    asked = [each["sql"] for each in caught if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= 6, asked


def test_deleting_the_promotion_takes_its_forecasts_along(api):
    promotion(api, "p", TENTH)
    forecast(api, "p")
    assert api.delete("/promotions/p").status == 204
