"""Push messages: browsers are registered, messages come encrypted, and what is gone is forgotten."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from py_vapid import Vapid02

from campaigns.channels.push import public_key
from campaigns.models import PushSubscription
from tests.api import DAY, HOUR, NOON, Got
from tests.campaigns.phones import Provider, running_provider
from tests.campaigns.shop import Marketing, at

SECRET = bytes(range(16))
BROWSER = ec.generate_private_key(ec.SECP256R1())
CONTENT = {
    "de": {"subject": "Tee für {{ customer.first_name }}", "body": "Neu: Sencha"},
    "en": {"subject": "Tea", "body": "New\n:::button\n[Go](https://shop.example/tea)\n:::"},
}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


KEYS = {
    "p256dh": b64(BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
    "auth": b64(SECRET),
}


@pytest.fixture
def service(settings: Any) -> Iterator[Provider]:
    """A push service, for a shop that has a key."""
    with running_provider() as running:
        out = io.StringIO()
        call_command("make_vapid_key", stdout=out)
        settings.VAPID_PRIVATE_KEY = out.getvalue().splitlines()[-1]
        settings.VAPID_CONTACT = "mailto:it@shop.example"
        settings.PUSH_SERVICES = [running.url]
        running.answers = lambda nth: 201
        yield running


def subscribe(
    marketing: Marketing, service: Provider, name: str, browser: str = "phone", **more: Any
) -> Got:
    body = {"endpoint": f"{service.url}/{name}-{browser}", "keys": KEYS, **more}
    return marketing.api.put(f"/customers/{name}/push-subscriptions/{browser}", body)


def wants(marketing: Marketing, name: str, **fields: Any) -> None:
    marketing.customer(name, consent=None, **fields)
    said = {"state": "granted", "source": "app", "recorded_at": at(NOON - DAY)}
    put = marketing.api.put(f"/customers/{name}/consents/push/marketing", said)
    assert put.status in {200, 201}


def send(marketing: Marketing, **fields: Any) -> dict[str, tuple[str, str | None]]:
    marketing.campaign("tea", **{"channel": "push", "content": CONTENT, **fields})
    marketing.start("tea")
    marketing.run()
    return marketing.deliveries("tea")


def opened(body: bytes) -> dict[str, Any]:
    """As the browser decrypts it."""
    told = http_ece.decrypt(body, private_key=BROWSER, auth_secret=SECRET, version="aes128gcm")
    return dict(json.loads(told))


def test_whoever_agreed_gets_it_on_each_browser_encrypted_and_signed(
    marketing: Marketing, service: Provider
) -> None:
    wants(marketing, "ada", locale="de")
    marketing.customer("ben", consent=None)
    wants(marketing, "cai")
    for name, browser in (("ada", "phone"), ("ada", "desk"), ("ben", "phone")):
        assert subscribe(marketing, service, name, browser).status == 201
    assert send(marketing) == {
        "ada": ("accepted", None),
        "ben": ("no_consent", "no_consent"),
        "cai": ("failed", "no_address"),
    }
    marketing.run()
    assert sorted(path for path, _, _ in service.asked) == ["/ada-desk", "/ada-phone"]
    _, headers, body = service.asked[0]
    shown = opened(body)
    tag = shown.pop("tag")
    assert shown == {"title": "Tee für Ada", "body": "Neu: Sencha", "url": None}
    assert opened(service.asked[1][2])["tag"] == tag
    assert (headers["ttl"], headers["content-encoding"]) == (str(48 * 3600), "aes128gcm")
    scheme, _, signed = headers["authorization"].partition(" ")
    assert scheme == "vapid"
    assert Vapid02.verify(headers["authorization"])
    assert f"k={public_key()}" in signed


def test_the_button_is_where_it_leads(marketing: Marketing, service: Provider) -> None:
    wants(marketing, "ada")
    subscribe(marketing, service, "ada")
    send(marketing)
    assert opened(service.asked[0][2])["url"] == "https://shop.example/tea"


ENDS = {
    "taken": ([201], ("accepted", None), 1),
    "gone": ([410], ("failed", "no_such_address"), 0),
    "not found": ([404], ("failed", "no_such_address"), 0),
    "one of two is gone": ([404, 201], ("accepted", None), 1),
    "busy": ([429], ("pending", None), 1),
    "one of two is busy": ([503, 201], ("accepted", None), 2),
    "refused": ([413], ("failed", "refused_by_server"), 1),
    "no answer": ([None], ("unknown", "connection_lost"), 1),
    "a wrong key": ([403], ("pending", None), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_what_becomes_of_it_follows_from_the_answers(
    marketing: Marketing, service: Provider, name: str
) -> None:
    answers, end, left = ENDS[name]
    wants(marketing, "ada")
    for number in range(len(answers)):
        subscribe(marketing, service, "ada", f"b{number}")
    service.answers = lambda nth: answers[nth - 1]
    assert send(marketing) == {"ada": end}
    assert PushSubscription.objects.count() == left


def test_a_service_that_is_busy_is_asked_again(marketing: Marketing, service: Provider) -> None:
    wants(marketing, "ada")
    subscribe(marketing, service, "ada")
    service.answers = lambda nth: 503 if nth == 1 else 201
    assert send(marketing)["ada"][0] == "pending"
    marketing.run(NOON + HOUR)
    assert marketing.deliveries("tea") == {"ada": ("accepted", None)}
    first, second = (opened(body) for _, _, body in service.asked)
    assert first == second


def test_a_browser_is_registered_read_and_let_go(marketing: Marketing, service: Provider) -> None:
    marketing.customer("ada", consent=None)
    path = "/customers/ada/push-subscriptions"
    assert subscribe(marketing, service, "ada").status == 201
    again = subscribe(marketing, service, "ada")
    assert again.status == 200
    assert again.body.keys() == {"subscription_id", "endpoint", "created_at"}
    assert marketing.api.get(f"{path}/phone").body == again.body
    assert subscribe(marketing, service, "ada", endpoint=f"{service.url}/new").status == 200
    subscribe(marketing, service, "ada", "desk")
    listed = marketing.api.get(f"{path}?limit=1")
    assert [row["subscription_id"] for row in listed["results"]] == ["desk"]
    rest = marketing.api.get(f"{path}?limit=1&cursor={listed['next_cursor']}")
    assert [row["endpoint"] for row in rest["results"]] == [f"{service.url}/new"]
    assert marketing.api.delete(f"{path}/phone").status == 204
    assert marketing.api.delete(f"{path}/phone").status == 404
    assert marketing.api.get(f"{path}/phone").status == 404
    assert marketing.api.post("/customers/ada/erase").status == 200
    assert not PushSubscription.objects.exists()


def test_a_browser_that_somebody_else_signs_in_with_is_theirs(
    marketing: Marketing, service: Provider
) -> None:
    for name in ("ada", "ben"):
        marketing.customer(name, consent=None)
    shared = f"{service.url}/shared"
    subscribe(marketing, service, "ada", endpoint=shared)
    assert subscribe(marketing, service, "ben", "pc", endpoint=shared).status == 201
    [row] = PushSubscription.objects.select_related("customer")
    assert (row.customer.reference, row.reference) == ("ben", "pc")


def test_of_more_than_twenty_the_oldest_is_forgotten(
    marketing: Marketing, service: Provider
) -> None:
    marketing.customer("ada", consent=None)
    for number in range(22):
        subscribe(marketing, service, "ada", f"b{number:02}")
    kept = set(PushSubscription.objects.values_list("reference", flat=True))
    assert kept == {f"b{number:02}" for number in range(2, 22)}


OFF_CURVE = "B" + "A" * 86
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another address": ({"endpoint": "https://evil.example/x"}, "/endpoint"),
    "an address inside": ({"endpoint": "http://127.0.0.1:1/x"}, "/endpoint"),
    "a name before the host": ({"endpoint": "http://me@127.0.0.1/x"}, "/endpoint"),
    "no address": ({"endpoint": "ftp://x"}, "/endpoint"),
    "no point of the curve": ({"keys": {**KEYS, "p256dh": OFF_CURVE}}, "/keys/p256dh"),
    "a short key": ({"keys": {**KEYS, "p256dh": "BB"}}, "/keys/p256dh"),
    "a short secret": ({"keys": {**KEYS, "auth": "AA"}}, "/keys/auth"),
}


def test_what_a_browser_says_is_taken_as_it_says_it(
    marketing: Marketing, service: Provider
) -> None:
    """The Push API's `toJSON()` has the end of the subscription, or null."""
    marketing.customer("ada", consent=None)
    for ends in (None, 1_900_000_000_000, 1_900_000_000_000.5):
        assert subscribe(marketing, service, "ada", expirationTime=ends).status in {200, 201}
    assert subscribe(marketing, service, "ada", expirationTime="soon").status == 422


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_subscription_is_refused_and_changes_nothing(
    marketing: Marketing, service: Provider, name: str
) -> None:
    more, pointer = WRONG[name]
    marketing.customer("ada", consent=None)
    got = subscribe(marketing, service, "ada", **more)
    assert (got.status, got.pointers) == (422, [pointer])
    assert not PushSubscription.objects.exists()


def test_strangers_have_no_browsers(marketing: Marketing, service: Provider) -> None:
    assert subscribe(marketing, service, "nobody").status == 404
    assert marketing.api.get("/customers/nobody/push-subscriptions").status == 404


def test_the_key_is_told_where_there_is_one(
    marketing: Marketing, service: Provider, settings: Any
) -> None:
    told = marketing.api.get("/push-key")
    assert (told.status, len(told["public_key"])) == (200, 87)
    settings.VAPID_PRIVATE_KEY = ""
    assert marketing.api.get("/push-key").status == 404
    marketing.campaign("tea", channel="push", content=CONTENT)
    marketing.api.post("/campaigns/tea/submit")
    marketing.second.post("/campaigns/tea/approve")
    got = marketing.second.post("/campaigns/tea/schedule")
    assert (got.status, got["errors"][0]["code"]) == (422, "not_set_up")
