"""Mail by a provider's API: what it is given, and what its answers mean for rows."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

import pytest

from campaigns.channels.mail import mail_channel
from campaigns.channels.message import Mail, key_of_mark, message_bytes
from campaigns.channels.providers import PROVIDERS
from campaigns.domain.provider_replies import LONGEST_REST, reply_of_http
from campaigns.domain.replies import Reply
from campaigns.models import Delivery
from stack.ports import any_free
from tests.api import NOON
from tests.campaigns.provider_server import (
    CUT,
    SILENT,
    Answer,
    Provider,
)
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink

UNSUBSCRIBE = "https://tea.example/u/abc"


def start(marketing: Marketing, *names: str) -> None:
    for name in names:
        marketing.customer(name)
    marketing.campaign("hello")
    marketing.start("hello")


def a_message() -> bytes:
    mail = Mail(
        delivery_key=17, to="ada@example.org", subject="Grüße für dich", html="<p>Tee</p>", text="Tee",
        campaign_id="hello", unsubscribe_url=UNSUBSCRIBE,
    )  # fmt: skip
    return message_bytes(mail, now=NOON)


def hand_over() -> Reply:
    with mail_channel() as channel:
        return channel.send(
            sender="post@tea.example", recipient="ada@example.org", message=a_message()
        )


def test_a_campaign_goes_by_the_provider_and_nothing_by_smtp(
    marketing: Marketing, sink: Sink, provider: Provider
) -> None:
    start(marketing, "ada", "ben")
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("accepted", None), "ben": ("accepted", None)}
    assert not sink.taken
    assert [asked.json["To"] for asked in provider.asked] == ["ada@example.org", "ben@example.org"]
    assert provider.connections == 1
    told = provider.asked[0].json
    key = Delivery.objects.get(customer__reference="ada").pk
    assert key_of_mark(told["Metadata"]["delivery"]) == key
    assert (told["Tag"], told["Subject"]) == ("hello", "Hello Ada")
    assert told["From"] == "Teeladen <post@tea.example>"
    headers = {each["Name"]: each["Value"] for each in told["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/u/" in headers["List-Unsubscribe"]
    assert headers["Message-ID"].startswith(f"<{told['Metadata']['delivery']}@")
    assert not {"From", "To", "Subject", "Date", "Content-Type", "X-Campaign-ID"} & set(headers)


TAKEN = {
    "brevo": Answer(201, {"messageId": "<1@x>"}),
    "mailgun": Answer(200, {"id": "<1@x>", "message": "Queued. Thank you."}),
    "mailjet": Answer(200, {"Messages": [{"Status": "success", "To": [
        {"Email": "ada@example.org", "MessageID": 1, "MessageUUID": "u", "MessageHref": "h"}]}]}),
    "postmark": Answer(200, {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ada@example.org"}),
    "resend": Answer(200, {"id": "1"}),
    "sendgrid": Answer(202),
    "sparkpost": Answer(200, {"results": {"total_accepted_recipients": 1,
                                          "total_rejected_recipients": 0, "id": "1"}}),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("name", PROVIDERS)
def test_each_provider_is_given_the_mark_the_tag_and_the_way_out(
    settings: Any, provider: Provider, name: str
) -> None:
    settings.EMAIL_PROVIDER = name
    settings.ANYMAIL = {
        f"{name.upper()}_{setting}": value
        for setting, value in {"API_KEY": "k", "SECRET_KEY": "s", "SERVER_TOKEN": "t",
                               "API_URL": provider.url}.items()
    }  # fmt: skip
    provider.answer = TAKEN[name]
    assert hand_over() == Reply("accepted")
    (asked,) = provider.asked
    body = unquote_plus(asked.body.decode())
    assert "d17." in body
    assert "hello" in body
    assert UNSUBSCRIBE in body
    assert "List-Unsubscribe=One-Click" in body
    assert ("X-Campaign-ID" in body) is False


def test_the_providers_of_the_settings_are_those_that_there_are(settings: Any) -> None:
    assert set(settings.EMAIL_PROVIDERS) == set(PROVIDERS)


def test_a_mark_of_somebody_else_is_none() -> None:
    assert key_of_mark("d17.0123456789abcdef") is None
    assert key_of_mark("d" + "9" * 40 + ".x") is None
    assert key_of_mark("") is None
    assert key_of_mark("dä.x") is None


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (Answer(429, "slow", {"Retry-After": "90"}), "pending", None),
        (Answer(503, "busy"), "pending", None),
        (Answer(401, "no such token"), "pending", None),
        (Answer(422, {"ErrorCode": 400, "Message": "no Sender Signature"}), "pending", None),
        (Answer(422, {"ErrorCode": 300, "Message": "Invalid To"}), "failed", "refused_by_server"),
        (Answer(500, "oops"), "unknown", "provider_failed"),
        (Answer(502, "gateway"), "unknown", "provider_failed"),
        (Answer(200, "no json"), "unknown", "answer_unreadable"),
        (CUT, "unknown", "connection_lost"),
        (SILENT, "unknown", "connection_lost"),
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_means_for_the_row_what_it_says(
    marketing: Marketing, provider: Provider, answer: Any, state: str, reason: str | None
) -> None:
    start(marketing, "ada")
    provider.answer = answer
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": (state, reason)}
    assert len(provider.asked) == 1, "nothing is asked twice"


def test_what_never_left_waits_and_no_message_is_blamed(
    marketing: Marketing, provider: Provider, settings: Any
) -> None:
    start(marketing, "ada")
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": f"http://127.0.0.1:{any_free()}/"}
    marketing.run()
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": "http://nobody.invalid/"}
    marketing.run(NOON + timedelta(minutes=1))
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}
    assert Delivery.objects.get().attempts == 0
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": provider.url}
    marketing.run(NOON + timedelta(minutes=2))
    assert marketing.deliveries("hello") == {"ada": ("accepted", None)}


def test_a_provider_without_a_key_fails_no_message(
    marketing: Marketing, provider: Provider, settings: Any
) -> None:
    start(marketing, "ada")
    settings.ANYMAIL = {"POSTMARK_API_URL": provider.url}
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}


def test_after_429_nobody_else_is_sent_and_it_is_left_alone_for_as_long_as_it_says(
    marketing: Marketing, provider: Provider
) -> None:
    start(marketing, "ada", "ben", "cai")
    provider.answer = Answer(429, "slow", {"Retry-After": "90"})
    marketing.run()
    assert len(provider.asked) == 1
    rows = Delivery.objects.values_list("not_before", flat=True)
    assert min(rows) == NOON + timedelta(seconds=90)


def test_a_recipient_on_the_providers_own_list_is_refused(
    marketing: Marketing, provider: Provider
) -> None:
    start(marketing, "ada")
    told = {"ErrorCode": 406, "Message": "You tried to send to recipient(s) that have been marked as inactive."
            " Found inactive addresses: ada@example.org. Inactive recipients are ones that bounced."}  # fmt: skip
    provider.answer = Answer(422, told)
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("failed", "rejected_by_provider")}


def test_how_long_to_wait_is_read_as_seconds_and_as_a_date() -> None:
    def rest(text: str) -> timedelta | None:
        return reply_of_http(429, "", retry_after=text, now=NOON).rest

    assert rest("30") == timedelta(seconds=30)
    assert rest("Tue, 10 Mar 2026 12:01:00 GMT") == timedelta(minutes=1)
    assert rest("Tue, 10 Mar 2026 11:00:00 GMT") == timedelta(0)
    assert rest("99999999999999999999") == LONGEST_REST
    assert rest("soon") is None
    assert rest("-5") is None
