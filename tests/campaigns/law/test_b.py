"""What the law and the large providers ask of each mail, of mails that a server has taken."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from campaigns.models import Response
from tests.api import NOON
from tests.campaigns.reader import get
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink

LINE = {"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}
LINKED = {"en": {"subject": "Tea", "body": "[Tea](https://shop.example/tea) for you."}}
SHIPPED = {"en": {"subject": "Order {{ order.id }}", "body": "It is on its way."}}


def parts(message: EmailMessage) -> list[str]:
    """The text and the HTML of a mail."""
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    return [part.get_content() for part in found if part is not None]


@pytest.fixture
def mail(marketing: Marketing, sink: Sink, settings: Any) -> EmailMessage:
    """A mail of marketing to somebody who allows no tracking."""
    settings.PUBLIC_URL = "https://tea.example"
    marketing.customer("ada")
    marketing.campaign("hello", content=LINKED)
    marketing.start("hello")
    marketing.run()
    (message,) = sink.taken
    return message


def test_u1_marketing_names_the_way_out_in_its_headers_once(mail: EmailMessage):
    (address,) = mail.get_all("List-Unsubscribe")
    assert re.fullmatch(r"<https://tea\.example/u/[\w-]{64}>", address)
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert len(mail.get_all("List-ID")) == 1


def test_u8_word_of_orders_has_none_of_the_headers_of_marketing(marketing: Marketing, sink: Sink):
    marketing.customer("ada", consent="withdrawn")
    trigger = {"kind": "order", "status": "shipped"}
    marketing.campaign("shipped", purpose="transactional", trigger=trigger, content=SHIPPED)
    marketing.start("shipped")
    order = {"customer_id": "ada", "currency": "EUR", "status": "shipped", "placed_at": at(NOON),
             "shipped_at": at(NOON), "lines": [LINE], "at": at(NOON)}  # fmt: skip
    marketing.api.put("/orders/o1", order)
    marketing.run()
    (message,) = sink.taken
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-ID", "Feedback-ID"):
        assert header not in message
    assert not any("/u/" in part for part in parts(message))


def test_u9_whoever_leaves_gets_nothing_of_what_waits_already(marketing: Marketing, sink: Sink):
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    sink.on_message = lambda message: "450 4.2.1 mailbox busy"
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}
    sink.on_message = lambda message: None
    said = {"state": "withdrawn", "at": at(NOON + timedelta(seconds=59))}
    marketing.api.put("/customers/ada/consents/email/marketing", said)
    marketing.run(NOON + timedelta(minutes=1))
    assert marketing.deliveries("hello") == {"ada": ("no_consent", "no_consent")}
    assert not sink.taken


def test_b4_a_link_to_leave_is_seen_in_both_parts(mail: EmailMessage):
    text, html = parts(mail)
    assert "Unsubscribe: https://tea.example/u/" in text
    assert re.search(r'href="https://tea\.example/u/[\w-]{64}"', html)


@pytest.mark.parametrize("answer", ["421 4.7.0", "450 4.2.1", "454 4.7.0"])
def test_b5_a_server_that_is_busy_is_asked_again_and_nobody_is_dropped(
    marketing: Marketing, sink: Sink, answer: str
):
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    sink.on_message = lambda message: f"{answer} later"
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}
    sink.on_message = lambda message: None
    marketing.run(NOON + timedelta(minutes=1))
    assert marketing.deliveries("hello") == {"ada": ("accepted", None)}


def test_c4_the_mail_that_asks_to_confirm_advertises_nothing(
    marketing: Marketing, sink: Sink, settings: Any
):
    settings.PUBLIC_URL = "https://tea.example"
    marketing.customer("ada", consent=None)
    asked = {"state": "requested", "source": "newsletter", "at": at(NOON)}
    marketing.api.put("/customers/ada/consents/email/marketing", asked)
    marketing.run()
    (message,) = sink.taken
    for part in parts(message):
        addresses = set(re.findall(r"https?://[^\s\"<>]+", part))
        assert {re.sub(r"[\w-]{64}$", "", address) for address in addresses} <= {
            "https://tea.example/confirm/", "http://www.w3.org/1999/xhtml",
        }  # fmt: skip


def test_c8_a_mail_without_consent_to_tracking_holds_no_pixel_and_no_personal_link(
    mail: EmailMessage,
):
    text, html = parts(mail)
    assert "<img" not in html
    for part in (text, html):
        assert "https://shop.example/tea?utm_source=" in part
        own = set(re.findall(r"https://tea\.example/(\w[\w/]*)/[\w-]{64}", part))
        assert own == {"u", "preferences"}
        # Beside the shop's own, what names nobody is all that is left.
        left = re.sub(r"https://tea\.example/\w+/[\w-]{64}", "", part)
        assert not re.search(r"(?<![\w-])[\w-]{40,}", left)


def test_c8_whoever_withdraws_it_is_followed_no_more_and_the_links_still_lead_on(
    marketing: Marketing, sink: Sink
):
    marketing.customer("ada")
    path = "/customers/ada/consents/email/tracking"
    said = {"state": "granted", "recorded_at": at(NOON - timedelta(days=1))}
    marketing.api.put(path, said)
    marketing.campaign("hello", content=LINKED)
    marketing.start("hello")
    marketing.run()
    text, html = parts(sink.taken[0])
    (click,) = re.findall(r"/t/c/[\w-]{64}", text)
    (pixel,) = re.findall(r"/t/o/[\w-]{64}", html)
    later = NOON + timedelta(minutes=5)
    assert get(pixel, at=later).status == 200
    assert Response.objects.count() == 1
    marketing.api.put(path, {"state": "withdrawn", "recorded_at": at(later)})
    assert get(pixel, at=later).status == 200
    assert get(click, at=later).headers["Location"].startswith("https://shop.example/tea?")
    assert Response.objects.count() == 1
