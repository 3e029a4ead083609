"""Messages in the shop itself: the row is the message, and the inbox shows it."""

from datetime import timedelta
from typing import Any

import pytest

from campaigns.actions.inbox import SHOWN_FOR, forget_messages
from campaigns.models import InboxMessage
from promotions.models import Code
from tests.api import DAY, HOUR, NOON
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.races.offers import promotion

BODY = (
    "Schön, **{{ customer.first_name }}**!\n\n"
    ":::button\n[Zum Tee](https://shop.example/tee?a=1&b=2)\n:::"
)
GERMAN = {"subject": "Tee für {{ customer.first_name }}", "body": BODY}
ENGLISH = {"subject": "Tea for {{ customer.first_name }}", "body": "Good <to> have you."}
CONTENT = {"de": GERMAN, "en": ENGLISH}


def consent(marketing: Marketing, name: str, state: str = "granted", **more: Any) -> None:
    said = {"state": state, "source": "app", "recorded_at": at(NOON - DAY), **more}
    put = marketing.api.put(f"/customers/{name}/consents/in_app/marketing", said)
    assert put.status in {200, 201}, put.body


def inbox(marketing: Marketing, name: str, query: str = "") -> list[dict[str, Any]]:
    got = marketing.api.get(f"/customers/{name}/inbox?at=2026-03-10T12:30:00Z{query}")
    assert got.status == 200, got.body
    return list(got["results"])


def send(marketing: Marketing, name: str = "hello", **fields: Any) -> None:
    marketing.campaign(name, **{"channel": "in_app", "content": CONTENT, **fields})
    marketing.start(name)
    marketing.run()


def test_whoever_agreed_finds_it_in_their_language_and_nothing_is_mailed(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada", consent=None, locale="de-AT")
    marketing.customer("ben", consent=None)
    marketing.customer("cai", consent="granted")
    for name in ("ada", "ben"):
        consent(marketing, name)
    send(marketing)
    marketing.run()
    assert marketing.deliveries("hello") == {
        "ada": ("delivered", None),
        "ben": ("delivered", None),
        "cai": ("no_consent", "no_consent"),
    }
    assert not sink.taken
    [of_ada] = inbox(marketing, "ada")
    message_id = of_ada.pop("message_id")
    assert message_id.startswith("msg_")
    assert of_ada == {
        "campaign_id": "hello",
        "purpose": "marketing",
        "title": "Tee für Ada",
        "text": "Schön, *Ada*!",
        "html": "<p>Schön, <strong>Ada</strong>!</p>",
        "image": None,
        "link": {
            "url": "https://shop.example/tee?a=1&b=2&utm_source=newsletter&utm_medium=in_app"
            "&utm_campaign=hello",
            "text": "Zum Tee",
        },
        "code": None,
        "sent_at": "2026-03-10T12:00:00Z",
        "expires_at": "2026-03-12T12:00:00Z",
    }
    [of_ben] = inbox(marketing, "ben")
    assert (of_ben["title"], of_ben["html"]) == ("Tea for Ben", "<p>Good &lt;to&gt; have you.</p>")
    assert inbox(marketing, "cai") == []
    assert marketing.api.get("/campaigns/hello")["status"] == "finished"


def test_word_of_orders_needs_no_consent(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None)
    send(marketing, purpose="transactional")
    assert [each["purpose"] for each in inbox(marketing, "ada")] == ["transactional"]


def test_whoever_takes_the_consent_back_sees_no_marketing_that_came_before(
    marketing: Marketing,
) -> None:
    marketing.customer("ada", consent=None)
    consent(marketing, "ada")
    send(marketing)
    send(marketing, "news", purpose="transactional")
    assert len(inbox(marketing, "ada")) == 2
    consent(marketing, "ada", "withdrawn", recorded_at=at(NOON))
    assert [each["campaign_id"] for each in inbox(marketing, "ada")] == ["news"]


def test_a_personal_code_comes_with_the_message_and_once(marketing: Marketing) -> None:
    promotion("spring")
    marketing.customer("ada", consent=None)
    consent(marketing, "ada")
    marketing.customer("ben", consent=None)
    code = {"subject": "For you", "body": ":::code\nYours until {{ code.valid_until }}:\n:::"}
    send(marketing, content={"en": code}, promotion_id="spring", code_valid_days=7)
    marketing.run()
    [message] = inbox(marketing, "ada")
    made = Code.objects.get()
    assert (message["code"], made.status, made.customer.reference) == (
        made.spelling, "active", "ada",
    )  # fmt: skip
    assert message["text"] == f"Yours until 17 March 2026:\n\n{made.spelling}"
    assert message["html"] == (
        f"<p>Yours until 17 March 2026:</p><p><code>{made.spelling}</code></p>"
    )


def test_what_is_missing_for_one_is_told_and_leaves_no_code(marketing: Marketing) -> None:
    promotion("spring")
    for name in ("ada", "ben"):
        marketing.customer(name, consent=None)
        consent(marketing, name)
    marketing.api.patch("/customers/ben", {"first_name": None})
    send(marketing, promotion_id="spring")
    assert marketing.deliveries("hello") == {
        "ada": ("delivered", None),
        "ben": ("render_failed", "customer.first_name"),
    }
    assert dict(Code.objects.values_list("customer__reference", "status")) == {
        "ada": "active",
        "ben": "disabled",
    }


def test_pages_are_newest_first_and_of_one_customer(marketing: Marketing) -> None:
    for name in ("ada", "ben"):
        marketing.customer(name, consent=None)
        consent(marketing, name)
    for number in range(3):
        send(marketing, f"n{number}")
    first = marketing.api.get(f"/customers/ada/inbox?limit=2&at={at(NOON)[:19]}Z")
    assert [each["campaign_id"] for each in first["results"]] == ["n2", "n1"]
    send(marketing, "n3")
    cursor = first["next_cursor"]
    second = marketing.api.get(f"/customers/ada/inbox?limit=2&cursor={cursor}&at={at(NOON)[:19]}Z")
    assert [each["campaign_id"] for each in second["results"]] == ["n0"]
    assert second["next_cursor"] is None
    of_ben = marketing.api.get(f"/customers/ben/inbox?cursor={cursor}&at={at(NOON)[:19]}Z")
    assert (of_ben.status, of_ben.pointers) == (422, ["/cursor"])


def test_it_is_shown_until_it_expires_and_then_forgotten(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None)
    consent(marketing, "ada")
    send(marketing, expires_after_hours=2)
    send(marketing, "for-long", expires_after_hours=None)

    def seen(moment: str) -> list[str]:
        got = marketing.api.get(f"/customers/ada/inbox?at={moment}")
        return [each["campaign_id"] for each in got["results"]]

    assert seen("2026-03-10T11:59:59Z") == []
    assert seen("2026-03-10T13:59:59Z") == ["for-long", "hello"]
    assert seen("2026-03-10T14:00:00Z") == ["for-long"]
    assert forget_messages(now=NOON + 2 * HOUR - timedelta(seconds=1)) == 0
    assert forget_messages(now=NOON + 2 * HOUR) == 1
    assert forget_messages(now=NOON + SHOWN_FOR) == 1
    assert not InboxMessage.objects.exists()


def test_nobody_finds_the_inbox_of_a_stranger_or_of_somebody_erased(marketing: Marketing) -> None:
    assert marketing.api.get("/customers/nobody/inbox").status == 404
    marketing.customer("ada", consent=None)
    consent(marketing, "ada")
    send(marketing)
    assert marketing.api.post("/customers/ada/erase").status == 200
    assert marketing.api.get("/customers/ada/inbox").status == 404
    assert not InboxMessage.objects.exists()


def test_the_shop_caps_messages_in_the_shop_as_it_does_mails(
    marketing: Marketing, settings: Any
) -> None:
    settings.MARKETING_CAP, settings.MARKETING_CAP_DAYS = 1, 7
    marketing.customer("ada", consent=None)
    consent(marketing, "ada")
    send(marketing)
    send(marketing, "more")
    assert marketing.deliveries("more") == {"ada": ("capped", "capped")}
    assert [each["campaign_id"] for each in inbox(marketing, "ada")] == ["hello"]


WRONG = {
    "products": (":::products 3\n:::", "not_allowed",
                 "This channel has no block “products”. It has: header, text, code, button."),
    "two ways": (":::button\n[a](https://a.example)\n:::\n:::button\n[b](https://b.example)\n:::",
                 "not_allowed", "A message leads to one place: one button."),
    "too long": ("long " * 900, "invalid",
                 "By this channel a text has at most 4000 characters."),
    "a script": ("[x](javascript:alert)", "invalid",
                 "Line 1: “javascript:alert” is no link address. It begins with https:// or http://."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_an_inbox_cannot_show_is_refused_when_it_is_written(
    marketing: Marketing, name: str
) -> None:
    body, code, detail = WRONG[name]
    shape = {
        "name": "x", "channel": "in_app", "trigger": {"kind": "once", "at": at(NOON)},
        "content": {"en": {"subject": "Tea", "body": body}},
    }  # fmt: skip
    got = marketing.api.put("/campaigns/x", shape)
    assert (got.status, got["errors"]) == (
        422, [{"pointer": "/content/en/body", "code": code, "detail": detail}],
    )  # fmt: skip


def test_a_preview_shows_it_and_a_test_mail_is_refused(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None, locale="de")
    marketing.campaign("hello", channel="in_app", content=CONTENT)
    shown = marketing.api.post("/campaigns/hello/preview", {"customer_id": "ada"})
    assert shown.body == {
        "subject": "Tee für Ada", "html": "<p>Schön, <strong>Ada</strong>!</p>",
        "text": "Schön, *Ada*!",
    }  # fmt: skip
    tried = marketing.api.post("/campaigns/hello/test-send", {"to": "ada@example.org"})
    assert (tried.status, tried.pointers) == (422, ["/channel"])
