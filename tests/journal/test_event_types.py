"""What the document says of each message is what is really recorded."""

from typing import Any

import pytest

from campaigns.actions.breaking import break_due
from campaigns.models import Campaign, Delivery
from config.openapi.document import document
from customers.models import Customer
from journal.domain.event_types import EVENT_TYPES
from journal.models import OutboxEvent
from tests.api import DAY, HOUR, NOON, Api, make_key
from tests.campaigns.reader import ONE_CLICK, leaving, post
from tests.campaigns.shop import Marketing
from tests.cashback.payouts.asking import act, ask, make_file
from tests.checkout.purses import rule
from tests.races.offers import cart


def recorded(api: Api) -> dict[str, set[str]]:
    """Each event that can happen by now, made to happen: the fields of its data."""
    at = {"at": NOON.isoformat()}
    promotion = {
        "name": "Tea", "status": "active", "currency": "EUR", "limits": {"discount_budget": 10},
        "effect": {"kind": "fixed_amount", "amount": 10}, **at,
        "schedule": {"ends_at": (NOON + DAY).isoformat()},
    }  # fmt: skip
    assert api.put("/promotions/tea", promotion).status == 201
    code = {"code": "TEA26", "customer_id": "ada", "max_redemptions": 5, **at}
    assert api.post("/promotions/tea/codes", code).status == 201
    for order_id, codes in (("o1", ["TEA26"]), ("o2", [])):
        body = cart(*codes) | {"order_id": order_id, **at}
        made = api.post("/checkout/redemptions", body)
        assert made.status == 201
        api.post("/clock/run", {"at": (NOON + HOUR).isoformat()})
    back = {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}], **at}
    assert api.post("/orders/o1/returns", back).status == 201
    assert api.post(f"/checkout/redemptions/{made['redemption_id']}/cancel", at).status == 200
    _pay_out(api)
    _stop_a_campaign(api)
    rule(pending_days=0, expires_after_days=1)
    line = {"line_id": "1", "sku": "TEA", "quantity": 1, "unit_price": 1000}
    delivered = {"customer_id": "ada", "currency": "EUR", "status": "delivered", "lines": [line]}
    assert api.put("/orders/o3", delivered | at).status == 201
    assert post(leaving(), ONE_CLICK).status == 200
    assert api.post("/customers/ada/erase", at).status == 200
    api.post("/clock/run", {"at": (NOON + 2 * DAY).isoformat()})
    return {
        event.type: {*event.payload} | ({"customer_id"} if event.customer_key else set())
        for event in OutboxEvent.objects.all()
    }


def _pay_out(api: Api) -> None:
    """A payout that is paid, one that fails, and one that is rejected."""
    given = {"customer_id": "ada", "currency": "EUR", "amount": 1500, "reason": "sorry"}
    assert api.post("/cashback/adjustments", {**given, "at": NOON.isoformat()}).status == 201
    clerk, boss = (Api(make_key("payouts", name=name)) for name in ("clerk", "boss"))
    for end in ("paid", "failed"):
        payout_id = ask(clerk)
        assert act(boss, payout_id, "approve").status == 200
        assert make_file(boss).status == 201
        assert act(boss, payout_id, end).status == 200
    assert act(boss, ask(clerk), "reject").status == 200


def _stop_a_campaign(api: Api) -> None:
    """Everything of it bounced."""
    marketing = Marketing(api)
    marketing.campaign("win-back", trigger={"kind": "birthday", "local_time": "12:00"})
    marketing.start("win-back", now=NOON)
    Campaign.objects.update(status="running")
    Delivery.objects.create(
        campaign=Campaign.objects.get(), customer=Customer.objects.get(reference="ada"),
        occurrence="birthday:2026", channel="email", state="bounced", reason="hard_bounce",
        not_before=NOON, enlisted_at=NOON, passed_at=NOON, submitted_at=NOON, closed_at=NOON,
    )  # fmt: skip
    assert break_due(now=NOON + HOUR) == 1


@pytest.mark.django_db
def test_the_example_of_an_event_has_the_fields_that_are_recorded(api: Api, settings: Any):
    settings.SEPA_NAME, settings.BREAKER_AFTER = "Teeladen", 1
    settings.SEPA_IBAN, settings.SEPA_BIC = "DE02120300000000202051", "BYLADEM1001"
    examples = {name: {*kind.example} for name, kind in EVENT_TYPES.items() if kind.example}
    assert recorded(api) == examples


def test_the_document_has_each_message_that_the_service_sends():
    described = document(test_clock=False)["webhooks"]
    assert list(described) == list(EVENT_TYPES)
    for name, methods in described.items():
        schema = methods["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema["properties"]["type"]["const"] == name
