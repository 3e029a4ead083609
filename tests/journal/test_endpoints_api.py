"""Webhook endpoints over REST: a resource as the others, and a secret that is shown once."""

from datetime import timedelta
from typing import Any

import pytest

from access.models import KeptAnswer
from common.seals import BrokenSeal, seal, unseal
from journal.domain.event_types import EVENT_TYPES
from journal.models import WebhookEndpoint, WebhookSecret
from journal.queries import history_of
from tests.api import NOON, Api, make_key

SHOP = {"url": "https://93.184.215.14/hooks", "event_types": ["redemption.created"]}
PATH = "/webhook-endpoints/shop"


def test_a_new_endpoint_comes_with_its_secret_and_shows_it_no_more(api: Api):
    made = api.put(PATH, {**SHOP, "at": NOON.isoformat()})
    assert made.status == 201
    assert made["secret"].startswith("whsec_")
    shown = {name: value for name, value in made.body.items() if name != "secret"}
    assert shown == {
        "endpoint_id": "shop", **SHOP, "status": "active", "disabled_at": None,
        "disabled_reason": None, "failing_since": None, "last_delivered_at": None,
        "former_secret_until": None, "created_at": "2026-03-10T12:00:00Z",
    }  # fmt: skip

    for got in (api.get(PATH), api.put(PATH, SHOP), api.patch(PATH, {})):
        assert (got.status, got.body, got.etag) == (200, shown, made.etag)
    assert api.get("/webhook-endpoints")["results"] == [shown]


def test_its_secret_is_nowhere_to_be_read(api: Api):
    first = api.put(PATH, SHOP)["secret"]
    key = "rotate-1-0123456789"
    second = api.post(f"{PATH}/rotate-secret", idempotency_key=key)
    again = api.post(f"{PATH}/rotate-secret", idempotency_key=key)

    assert (again.raw, again.headers["Idempotency-Replayed"]) == (second.raw, "true")
    kept = [*WebhookSecret.objects.values_list("sealed", flat=True)]
    kept += KeptAnswer.objects.values_list("body", flat=True)
    assert len(kept) == 3
    for secret in (first, second["secret"]):
        assert not any(secret.removeprefix("whsec_").encode() in bytes(each) for each in kept)


def test_what_is_sealed_opens_only_for_its_purpose_and_with_its_key(settings: Any):
    sealed = seal(b"a secret", purpose="this")
    assert b"secret" not in sealed
    assert unseal(sealed, purpose="this") == b"a secret"
    with pytest.raises(BrokenSeal):
        unseal(sealed, purpose="that")
    settings.SECRET_KEY = "another"
    with pytest.raises(BrokenSeal):
        unseal(sealed, purpose="this")


def test_a_secret_that_was_replaced_is_told_of_until_its_end(api: Api):
    made = api.put(PATH, SHOP)
    got = api.post(f"{PATH}/rotate-secret", {"at": NOON.isoformat()})
    assert got.status == 200
    assert got["secret"] != made["secret"]
    assert got["former_secret_until"] == "2026-03-11T12:00:00Z"
    assert got.etag != made.etag
    assert api.get(f"{PATH}?at=2026-03-11T11:59:59Z")["former_secret_until"]
    assert api.get(f"{PATH}?at=2026-03-11T12:00:00Z")["former_secret_until"] is None


def test_however_often_it_is_replaced_only_the_last_few_are_kept(api: Api):
    api.put(PATH, SHOP)
    for minute in range(8):
        at = NOON + timedelta(minutes=minute)
        api.post(f"{PATH}/rotate-secret", {"at": at.isoformat()})
    assert WebhookSecret.objects.count() == 5
    assert WebhookSecret.objects.get(valid_until=None).created_at == at
    api.post(f"{PATH}/rotate-secret", {"at": (NOON + timedelta(days=2)).isoformat()})
    assert WebhookSecret.objects.count() == 2


def test_an_endpoint_is_changed_found_and_deleted_as_any_resource(api: Api):
    made = api.put(PATH, SHOP)
    api.put("/webhook-endpoints/crm", {**SHOP, "status": "disabled"})

    changed = api.patch(PATH, {"event_types": ["code.issued", "code.issued"]}, if_match=made.etag)
    assert (changed.status, changed["event_types"]) == (200, ["code.issued"])
    assert api.patch(PATH, {"url": SHOP["url"]}, if_match=made.etag).status == 412
    assert api.put(PATH, SHOP, if_match=made.etag).status == 412
    assert api.delete(PATH, if_match=made.etag).status == 412
    assert api.put("/webhook-endpoints/new", SHOP, if_match="*").status == 412

    def ids(query: str) -> list[str]:
        return [row["endpoint_id"] for row in api.get(f"/webhook-endpoints{query}")["results"]]

    assert ids("") == ["crm", "shop"]
    assert ids("?status=disabled") == ["crm"]
    assert ids("?status=active") == ["shop"]
    assert ids(f"?limit=1&cursor={api.get('/webhook-endpoints?limit=1')['next_cursor']}") == [
        "shop"
    ]
    assert api.delete(PATH, if_match=changed.etag).status == 204
    assert api.get(PATH).status == api.delete(PATH).status == 404
    acts = history_of(subject_kind="webhook_endpoint", subject_id="shop")
    assert [entry.action.partition(".")[2] for entry in acts] == ["created", "updated", "deleted"]


def test_to_disable_and_enable_is_told_with_its_reason(api: Api):
    api.put(PATH, SHOP)
    off = api.patch(PATH, {"status": "disabled", "at": NOON.isoformat()})
    assert (off["status"], off["disabled_reason"]) == ("disabled", "by_hand")
    assert off["disabled_at"] == "2026-03-10T12:00:00Z"
    on = api.put(PATH, SHOP)
    assert (on["status"], on["disabled_reason"], on["disabled_at"]) == ("active", None, None)


@pytest.mark.parametrize("act", ["rotate-secret", "replay"])
def test_what_is_not_there_is_not_found(api: Api, act: str):
    body = {"from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    got = api.post(f"/webhook-endpoints/nobody/{act}", body if act == "replay" else None)
    assert got["code"] == "not_found"
    assert api.get("/webhook-endpoints/no%20body").status == 404
    assert api.put("/webhook-endpoints/no%20body", SHOP).pointers == ["/endpoint_id"]


def test_other_scopes_open_nothing(api: Api):
    other = Api(make_key("campaigns", "promotions", "reports"))
    api.put(PATH, SHOP)
    calls = [
        other.get("/webhook-endpoints"), other.get(PATH), other.put(PATH, SHOP),
        other.patch(PATH, {}), other.delete(PATH), other.post(f"{PATH}/rotate-secret"),
        other.post(f"{PATH}/replay", {"from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}),
    ]  # fmt: skip
    assert {(got.status, got["code"]) for got in calls} == {(403, "scope_missing")}
    assert Api(make_key("webhooks")).get(PATH).status == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"event_types": ["order.exploded"]}, "/event_types/0"),
        ({"event_types": ["code.issued", ""]}, "/event_types/1"),
        ({"event_types": []}, "/event_types"),
        ({"event_types": "code.issued"}, "/event_types"),
        ({"event_types": None}, "/event_types"),
        ({"url": None}, "/url"),
        ({"url": ""}, "/url"),
        ({"url": "https://93.184.215.14/" + "x" * 2000}, "/url"),
        ({"status": "asleep"}, "/status"),
        ({"secret": "whsec_AAAA"}, "/secret"),
    ],
    ids=str,
)
def test_a_field_that_is_wrong_is_named_and_nothing_written(
    api: Api, change: dict[str, Any], pointer: str
):
    got = api.put(PATH, SHOP | change)
    assert (got.status, got.pointers) == (422, [pointer])
    assert not WebhookEndpoint.objects.exists()


def test_an_unknown_event_is_refused_with_those_that_there_are_in_both_languages(api: Api):
    body = SHOP | {"event_types": ["nothing.at_all"]}
    for language, begin in (
        ("en", "There is no such event."),
        ("de", "Dieses Ereignis gibt es nicht."),
    ):
        detail = api.put(PATH, body, accept_language=language)["errors"][0]["detail"]
        assert detail.startswith(begin)
        assert all(name in detail for name in EVENT_TYPES)


def test_every_event_of_the_contract_can_be_listened_to(api: Api):
    told = [
        "promotion.activated",
        "promotion.ended",
        "promotion.budget_threshold",
        "code.issued",
        "redemption.created",
        "redemption.cancelled",
        "order.returned",
        "cashback.earned",
        "cashback.available",
        "cashback.expired",
        "payout.requested",
        "payout.rejected",
        "payout.paid",
        "payout.failed",
        "campaign.paused",
        "campaign.finished",
        "customer.unsubscribed",
        "customer.erased",
    ]
    got = api.put(PATH, {"url": SHOP["url"], "event_types": told})
    assert (got.status, got["event_types"]) == (201, told)
    assert list(EVENT_TYPES) == told


@pytest.mark.parametrize(
    ("period", "pointer"),
    [
        ({"from": "2026-03-02T00:00:00Z", "until": "2026-03-02T00:00:00Z"}, "/until"),
        ({"from": "1800-01-01T00:00:00Z", "until": "2026-03-02T00:00:00Z"}, "/from"),
        ({"from": "2026-03-02T00:00:00Z"}, "/until"),
        ({"from": "2026-03-02", "until": "2026-03-03T00:00:00Z"}, "/from"),
        ({"from": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z", "type": "x"}, "/type"),
    ],
    ids=str,
)
def test_a_replay_of_no_period_is_refused(api: Api, period: dict[str, str], pointer: str):
    api.put(PATH, SHOP)
    got = api.post(f"{PATH}/replay", period)
    assert (got.status, got.pointers) == (422, [pointer])


def test_nothing_is_replayed_to_an_endpoint_that_is_disabled(api: Api):
    api.put(PATH, SHOP | {"status": "disabled"})
    body = {"from": "2026-03-01T00:00:00Z", "until": "2026-04-01T00:00:00Z"}
    got = api.post(f"{PATH}/replay", body, accept_language="de")
    assert (got.status, got["code"]) == (409, "webhook_endpoint_disabled")
    assert got["title"] == "Der Webhook-Empfänger ist abgeschaltet."
