"""What is handed in can do what it says: its segments exist, and its codes can be used."""

from datetime import timedelta
from typing import Any

import pytest

from campaigns.actions.preferring import leave_everything
from customers.models import Customer
from promotions.models import Code
from tests.api import DAY, NOON
from tests.campaigns.places import CONTENT
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink

CODED = {"en": {"subject": "For you", "body": "Take {{ code }}."}}
PERCENT = {
    "name": "Gift", "status": "active", "title": {"en": "Ten percent off"},
    "effect": {"kind": "percentage", "percent": "10"},
}  # fmt: skip
CART = {
    "currency": "EUR",
    "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 10_000}],
}


def promotion(marketing: Marketing, **more: Any) -> str:
    answer = marketing.api.put("/promotions/gift", {**PERCENT, **more})
    assert answer.status in {200, 201}, answer.body
    return "gift"


def handed_in(marketing: Marketing, name: str = "news") -> tuple[int, list[tuple[str, str]]]:
    got = marketing.api.post(f"/campaigns/{name}/submit", {"at": at(NOON - DAY)})
    errors = got.body.get("errors", [])
    return got.status, [(error["pointer"], error["code"]) for error in errors]


@pytest.mark.parametrize("part", ["segments", "exclude_segments"])
def test_a_segment_that_is_misspelt_is_never_silently_left_out(
    marketing: Marketing, sink: Sink, part: str
) -> None:
    marketing.api.put("/segments/staff", {"name": "Staff", "kind": "static"})
    marketing.campaign("news", audience={part: ["staff", "staf"]})
    assert handed_in(marketing) == (422, [(f"/audience/{part}/1", "unknown")])
    assert marketing.api.get("/campaigns/news")["status"] == "draft"
    marketing.campaign("news", audience={part: ["staff"]})
    assert handed_in(marketing) == (200, [])


def test_nobody_comes_into_a_segment_that_there_is_not(marketing: Marketing) -> None:
    trigger = {"kind": "segment_entered", "segment_id": "bset"}
    marketing.campaign("news", trigger=trigger)
    assert handed_in(marketing) == (422, [("/trigger/segment_id", "unknown")])


def test_what_applies_by_itself_has_no_codes_to_send(marketing: Marketing) -> None:
    promotion(marketing, activation="automatic")
    marketing.campaign("news", promotion_id="gift")
    assert handed_in(marketing) == (422, [("/promotion_id", "not_allowed")])
    marketing.campaign(
        "place", promotion_id="gift", channel="placement", slot="home", content=CONTENT
    )
    assert handed_in(marketing, "place") == (200, [])


LIMITS: dict[str, tuple[dict[str, Any], str]] = {
    "uses": ({"redemptions": 1}, "usage_limit_reached"),
    "budget": ({"discount_budget": 1_000}, "budget_exhausted"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_no_code_is_sent_that_could_not_be_used_any_more(
    marketing: Marketing, sink: Sink, limit: str
) -> None:
    limits, reason = LIMITS[limit]
    promotion(marketing, currency="EUR", limits=limits)
    marketing.api.put("/promotions/gift/codes/FIRST", {})
    for name in ("ada", "ben"):
        marketing.customer(name)
    for name, when in (("early", NOON), ("late", NOON + DAY)):
        trigger = {"kind": "once", "at": at(when)}
        marketing.campaign(name, promotion_id="gift", content=CODED, trigger=trigger)
        marketing.start(name)
    marketing.run()
    assert set(marketing.deliveries("early").values()) == {("accepted", None)}
    code = marketing.api.get("/campaigns/early/deliveries?customer_id=ada")["results"][0]["code"]
    cart = {**CART, "customer_id": "ada", "codes": [code], "at": at(NOON)}
    redeemed = marketing.api.post("/checkout/redemptions", {**cart, "order_id": "o1"})
    assert redeemed.status == 201, redeemed.body
    made = Code.objects.count()

    marketing.run(NOON + DAY)

    assert set(marketing.deliveries("late").values()) == {("failed", reason)}
    assert (Code.objects.count(), len(sink.taken)) == (made, 2)


def test_one_that_is_paused_before_its_moment_can_be_mended_or_waits_on(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada")
    for name in ("mended", "waits"):
        marketing.campaign(name)
        marketing.start(name, now=NOON - DAY)
        paused = marketing.second.post(f"/campaigns/{name}/pause", {"at": at(NOON - DAY)})
        assert paused["status"] == "paused"
    early = {"at": at(NOON - timedelta(hours=1))}
    text = {"en": {"subject": "Spelt right", "body": "Good to have you."}}
    patched = marketing.api.patch("/campaigns/mended", {"content": text, **early})
    assert (patched.status, patched["status"]) == (200, "draft")
    resumed = marketing.second.post("/campaigns/waits/resume", early)
    assert (resumed.status, resumed["status"]) == (200, "scheduled")
    marketing.start("mended")

    marketing.run()

    assert marketing.deliveries("mended") == {"ada": ("accepted", None)}
    assert marketing.deliveries("waits") == {"ada": ("accepted", None)}
    assert "Spelt right" in {str(message["Subject"]) for message in sink.to("ada@example.org")}


def test_one_that_has_begun_runs_again_and_keeps_its_words(marketing: Marketing) -> None:
    marketing.campaign("news")
    marketing.start("news")
    assert marketing.second.post("/campaigns/news/pause", {"at": at(NOON)}).status == 200
    late = {"at": at(NOON + timedelta(hours=1))}
    text = {"en": {"subject": "Spelt right", "body": "Good to have you."}}
    assert marketing.api.patch("/campaigns/news", {"content": text, **late}).status == 409
    assert marketing.second.post("/campaigns/news/resume", late)["status"] == "running"


def test_who_leaves_everything_is_spoken_to_as_anybody_on_the_site(marketing: Marketing) -> None:
    marketing.customer("ada")
    marketing.campaign("tea", channel="placement", slot="home", content=CONTENT)
    marketing.start("tea")
    asked = f"/placements/home?customer_id=ada&at={(NOON + DAY).strftime('%Y-%m-%dT%H:%M:%SZ')}"
    assert marketing.api.get(asked)["title"] == "Tea for Ada"
    leave_everything(customer_key=Customer.objects.get(reference="ada").pk, now=NOON)
    assert marketing.api.get(asked)["title"] == "Tea for you"


def test_a_place_that_comes_back_is_not_changed_once_it_was_shown(marketing: Marketing) -> None:
    again = {"kind": "recurring", "rrule": "FREQ=DAILY", "local_time": "09:00"}
    marketing.campaign("tea", channel="placement", slot="home", content=CONTENT, trigger=again)
    marketing.start("tea")
    marketing.run()
    assert marketing.second.post("/campaigns/tea/pause", {"at": at(NOON)}).status == 200
    assert marketing.api.patch("/campaigns/tea", {"priority": 3, "at": at(NOON)}).status == 409
    assert marketing.second.post("/campaigns/tea/resume", {"at": at(NOON)})["status"] == "running"
