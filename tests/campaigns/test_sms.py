"""Text messages: to whom, in which words, and what becomes of each by the provider's answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from campaigns.models import Delivery
from customers.models import Suppression
from promotions.models import Code
from tests.api import DAY, HOUR, NOON
from tests.campaigns.phones import Provider, running_provider
from tests.campaigns.reader import get, post
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.races.offers import promotion

CONTENT = {
    "de": {"subject": "Tee", "body": "Hallo {{ customer.first_name }}: neuer Tee.\n\n"
           ":::button\n[Zum Tee](https://shop.example/tee)\n:::"},
    "en": {"subject": "Tea", "body": "Hello {{ customer.first_name }}: new tea."},
}  # fmt: skip


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as running:
        settings.SMS_PROVIDER_URL = f"{running.url}/send?v=1"
        settings.SMS_PROVIDER_TOKEN = "secret"
        yield running


def phoned(
    marketing: Marketing, name: str, *, consent: str | None = "granted", **more: Any
) -> None:
    """A customer with a phone, who wants text messages unless told otherwise."""
    marketing.customer(name, consent=None, **{"phone": "+49 170 123456", **more})
    if consent is not None:
        said = {"state": consent, "source": "form", "recorded_at": at(NOON - DAY)}
        put = marketing.api.put(f"/customers/{name}/consents/sms/marketing", said)
        assert put.status in {200, 201}


def send(marketing: Marketing, **fields: Any) -> dict[str, tuple[str, str | None]]:
    marketing.campaign("tea", **{"channel": "sms", "content": CONTENT, **fields})
    marketing.start("tea")
    marketing.run()
    return marketing.deliveries("tea")


def test_whoever_agreed_gets_one_text_with_the_way_out(
    marketing: Marketing, provider: Provider, sink: Sink, settings: Any
) -> None:
    phoned(marketing, "ada", locale="de")
    phoned(marketing, "ben", consent=None)
    phoned(marketing, "cai", phone=None)
    phoned(marketing, "dee", phone="call me")
    phoned(marketing, "eve", phone="0170/77 88 99", country="DE")
    assert send(marketing) == {
        "ada": ("accepted", None),
        "ben": ("no_consent", "no_consent"),
        "cai": ("failed", "no_address"),
        "dee": ("failed", "bad_address"),
        "eve": ("accepted", None),
    }
    marketing.run()
    assert not sink.taken
    [to_ada, to_eve] = sorted(provider.texts, key=lambda each: str(each["text"]), reverse=False)
    if to_ada["to"] != "+49170123456":
        to_ada, to_eve = to_eve, to_ada
    words, link, way_out = to_ada["text"].split("\n")
    assert (to_ada["to"], words, link) == (
        "+49170123456", "Hallo Ada: neuer Tee.", "https://shop.example/tee",
    )  # fmt: skip
    assert way_out.startswith(f"{settings.PUBLIC_URL}/u/")
    assert to_eve["to"] == "+49170778899"
    path, headers, _ = provider.asked[0]
    assert (path, headers["authorization"]) == ("/send?v=1", "Bearer secret")
    assert headers["idempotency-key"] == provider.texts[0]["id"]


def test_the_way_out_ends_text_messages_and_nothing_else(
    marketing: Marketing, provider: Provider
) -> None:
    phoned(marketing, "ada")
    said = {"state": "granted", "source": "form", "recorded_at": at(NOON - DAY)}
    marketing.api.put("/customers/ada/consents/email/marketing", said)
    send(marketing)
    path = urlsplit(provider.texts[0]["text"].split("\n")[-1]).path
    shown = get(path)
    assert "No more offers by SMS?" in shown.text
    assert "@" not in shown.text
    assert "by SMS, from this moment on" in post(path, {"List-Unsubscribe": "One-Click"}).text
    consents = marketing.api.get("/customers/ada/consents")["consents"]
    states = {each["channel"]: each["state"] for each in consents}
    assert states == {"sms": "withdrawn", "email": "granted"}


def test_a_shop_may_say_how_to_stop_instead(
    marketing: Marketing, provider: Provider, settings: Any
) -> None:
    settings.SMS_STOP_TEXT = "STOP to 12345"
    phoned(marketing, "ada")
    send(marketing)
    assert provider.texts[0]["text"] == "Hello Ada: new tea.\nSTOP to 12345"


def test_word_of_orders_needs_no_consent_and_has_no_way_out(
    marketing: Marketing, provider: Provider
) -> None:
    phoned(marketing, "ada", consent="withdrawn")
    assert send(marketing, purpose="transactional") == {"ada": ("accepted", None)}
    assert provider.texts[0]["text"] == "Hello Ada: new tea."


ENDS = {
    "a yes": (200, ("accepted", None), "active"),
    "a refusal": (422, ("failed", "refused_by_server"), "disabled"),
    "an answer that says nothing": (500, ("unknown", "provider_failed"), "active"),
    "no answer": (None, ("unknown", "connection_lost"), "active"),
    "too busy": (429, ("pending", None), "active"),
    "a wrong token": (401, ("pending", None), "active"),
    "elsewhere": (302, ("pending", None), "active"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_what_becomes_of_it_follows_from_the_answer(
    marketing: Marketing, provider: Provider, name: str
) -> None:
    status, end, of_code = ENDS[name]
    provider.answers = lambda nth: status
    promotion("spring")
    phoned(marketing, "ada")
    content = {"en": {"subject": "Tea", "body": "{{ code }}"}}
    assert send(marketing, promotion_id="spring", content=content) == {"ada": end}
    assert len(provider.asked) == 1
    code = Code.objects.get()
    assert code.status == of_code
    assert provider.texts[0]["text"].startswith(code.spelling)
    assert Suppression.objects.count() == 0


def test_what_was_not_taken_is_tried_again_as_the_same_message(
    marketing: Marketing, provider: Provider
) -> None:
    provider.answers = lambda nth: 503 if nth == 1 else 200
    phoned(marketing, "ada")
    assert send(marketing)["ada"][0] == "pending"
    marketing.run(NOON + HOUR)
    assert marketing.deliveries("tea") == {"ada": ("accepted", None)}
    first, second = provider.texts
    assert first["id"] == second["id"]


def test_a_provider_that_is_away_is_no_message_s_fault(
    marketing: Marketing, provider: Provider, settings: Any
) -> None:
    there = settings.SMS_PROVIDER_URL
    settings.SMS_PROVIDER_URL = "http://127.0.0.1:9/"
    phoned(marketing, "ada")
    assert send(marketing)["ada"][0] == "pending"
    assert Delivery.objects.get().attempts == 0
    settings.SMS_PROVIDER_URL = there
    marketing.run(NOON + HOUR)
    assert marketing.deliveries("tea") == {"ada": ("accepted", None)}


def test_mail_goes_on_beside_it(marketing: Marketing, provider: Provider, sink: Sink) -> None:
    provider.answers = lambda nth: 503
    phoned(marketing, "ada")
    said = {"state": "granted", "source": "form", "recorded_at": at(NOON - DAY)}
    marketing.api.put("/customers/ada/consents/email/marketing", said)
    marketing.campaign("mail")
    marketing.start("mail")
    assert send(marketing)["ada"][0] == "pending"
    marketing.run(NOON + HOUR)
    assert marketing.deliveries("mail") == {"ada": ("accepted", None)}


def test_without_a_provider_texts_are_lines_of_a_file(
    marketing: Marketing, settings: Any, tmp_path: Path
) -> None:
    settings.SMS_LOG_FILE = str(tmp_path / "sent" / "sms.log")
    phoned(marketing, "ada")
    phoned(marketing, "ben", phone="+491701")
    assert send(marketing, purpose="transactional")["ada"] == ("accepted", None)
    lines = (tmp_path / "sent" / "sms.log").read_text().splitlines()
    [told] = [each for each in map(json.loads, lines) if each["to"] == "+49170123456"]
    assert told["text"] == "Hello Ada: new tea."


def test_without_either_no_campaign_of_texts_is_scheduled(marketing: Marketing) -> None:
    marketing.campaign("tea", channel="sms", content=CONTENT)
    assert marketing.api.post("/campaigns/tea/submit").status == 200
    assert marketing.second.post("/campaigns/tea/approve").status == 200
    got = marketing.second.post("/campaigns/tea/schedule")
    assert (got.status, got["errors"][0]["code"]) == (422, "not_set_up")


def test_a_preview_tells_in_how_many_parts_it_is_sent(marketing: Marketing, settings: Any) -> None:
    settings.SMS_STOP_TEXT = "STOP to 12345"
    phoned(marketing, "ada")
    long = {"en": {"subject": "Tea", "body": "x" * 160}}
    marketing.campaign("tea", channel="sms", content=long)
    shown = marketing.api.post("/campaigns/tea/preview", {"customer_id": "ada"})
    assert (shown["text"], shown["segments"]) == (f"{'x' * 160}\nSTOP to 12345", 2)
    marketing.campaign("mail")
    mail = marketing.api.post("/campaigns/mail/preview", {"customer_id": "ada"})
    assert mail.body.keys() == {"subject", "html", "text"}


def test_pictures_and_headings_are_refused(marketing: Marketing) -> None:
    shape = {
        "name": "x", "channel": "sms", "trigger": {"kind": "once", "at": at(NOON)},
        "content": {"en": {"subject": "Tea", "body": ":::header\nTea\n:::"}},
    }  # fmt: skip
    got = marketing.api.put("/campaigns/x", shape)
    assert got["errors"][0]["detail"] == (
        "This channel has no block “header”. It has: text, code, button."
    )
