"""What the law and the large providers ask of each mail, of mails that a server has taken."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import Delivery, Response
from journal.models import AuditEntry, OutboxEvent
from tests.api import DAY, NOON
from tests.campaigns.dns_server import serving
from tests.campaigns.provider_server import by_postmark, running_provider
from tests.campaigns.provider_words import postmark, tell
from tests.campaigns.reader import get
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.campaigns.test_sender_domain import GOOD, arrived

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


@pytest.fixture
def bounds(settings: Any) -> None:
    """After ten mails."""
    settings.BREAKER_AFTER = 10
    settings.BREAKER_BOUNCE_PERCENT, settings.BREAKER_COMPLAINT_PERCENT = 10, 5
    settings.STAFF_EMAIL = ["staff@example.org"]


def start(marketing: Marketing, name: str = "hello") -> None:
    """A birthday mail to ten people of today and one of tomorrow."""
    for number in range(10):
        marketing.customer(f"c{number}", birth_date="1990-03-10", timezone="UTC")
    marketing.customer("tomorrow", birth_date="1990-03-11", timezone="UTC")
    marketing.campaign(name, trigger={"kind": "birthday", "local_time": "12:00"})
    marketing.start(name)
    marketing.run()


def test_u7_a_mail_that_arrived_shows_whether_one_click_is_signed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for header, is_covered in (
        ("from:list-unsubscribe:list-unsubscribe-post", True),
        ("from:list-unsubscribe", False),
    ):
        signature = f"v=1; d=tea.example; s=pm; h={header}"
        path = tmp_path / "arrived.eml"
        path.write_bytes(arrived(**{"DKIM-Signature": signature}).as_bytes())
        with serving(GOOD) as port:
            options: Any = {"server": f"127.0.0.1:{port}", "selector": ["pm"], "message": path}
            if is_covered:
                call_command("check_sender_domain", "tea.example", **options)
            else:
                with pytest.raises(SystemExit, match="1"):
                    call_command("check_sender_domain", "tea.example", **options)
        told = capsys.readouterr().out
        assert ("does not cover list-unsubscribe-post" in told) is not is_covered


def test_b2_the_command_tells_what_the_domain_of_the_sender_lacks(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAIL_FROM = "Teeladen <post@tea.example>"
    for name, word in (("tea.example", "SPF"), ("pm._domainkey.tea.example", "DKIM"),
                       ("_dmarc.tea.example", "DMARC")):  # fmt: skip
        zone = {**GOOD, name: {**GOOD[name], "TXT": []}}
        with serving(zone) as port, pytest.raises(SystemExit, match="1"):
            call_command("check_sender_domain", server=f"127.0.0.1:{port}", selector=["pm"])
        told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("missing")]
        assert [line.split()[1] for line in told] == [f"{word}:"]
    with serving(GOOD) as port:
        call_command("check_sender_domain", server=f"127.0.0.1:{port}", selector=["pm"])


def test_b2_the_signer_is_the_sender(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "arrived.eml"
    path.write_bytes(arrived(**{"DKIM-Signature": "v=1; d=provider.example; s=x"}).as_bytes())
    with serving(GOOD) as port, pytest.raises(SystemExit, match="1"):
        call_command("check_sender_domain", "tea.example", server=f"127.0.0.1:{port}", message=path)
    assert "signed by provider.example, its sender is tea.example" in capsys.readouterr().out


def test_b3_a_campaign_with_too_many_bounces_pauses_itself(
    marketing: Marketing, sink: Sink, bounds: None, mailoutbox: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    gone = {"c0@example.org", "c1@example.org"}
    sink.on_recipient = lambda address: "550 5.1.1 no such user" if address in gone else None
    start(marketing)
    assert marketing.api.get("/campaigns/hello")["status"] == "running"
    with django_capture_on_commit_callbacks(execute=True):
        marketing.run(NOON + DAY)
    shown = marketing.api.get("/campaigns/hello")
    assert (shown["status"], shown["pause_reason"]) == ("paused", "bounces")
    assert marketing.api.get("/campaigns/hello/progress")["pause_reason"] == "bounces"
    assert "tomorrow@example.org" not in {message["To"] for message in sink.taken}
    entry = AuditEntry.objects.filter(action="campaign.paused").get()
    assert (entry.actor, entry.after["reason"]) == ("breaker", "bounces")
    assert (entry.after["sent"], entry.after["bounced"]) == (10, 2)
    assert OutboxEvent.objects.filter(type="campaign.paused").count() == 1
    (mail,) = mailoutbox
    assert mail.subject == "Die Kampagne hello hat sich angehalten / Campaign hello has stopped"
    resumed = marketing.api.post(
        "/campaigns/hello/resume", {"at": (NOON + DAY + timedelta(minutes=1)).isoformat()}
    )
    assert (resumed["status"], resumed["pause_reason"]) == ("running", None)
    marketing.run(NOON + DAY + timedelta(minutes=2))
    marketing.run(NOON + DAY + timedelta(minutes=3))
    assert marketing.api.get("/campaigns/hello")["status"] == "running"
    assert "tomorrow@example.org" in {message["To"] for message in sink.taken}


def test_b3_a_campaign_with_too_many_complaints_pauses_itself(
    marketing: Marketing, settings: Any, bounds: None
) -> None:
    with running_provider() as provider:
        by_postmark(settings, provider)
        start(marketing)
        keys = list(Delivery.objects.filter(state="accepted").values_list("pk", flat=True))
        assert len(keys) == 10
        tell("postmark", postmark("SpamComplaint", keys[0], Email="c0@example.org"))
        marketing.run(NOON + DAY)
        assert len(provider.asked) == 10
    shown = marketing.api.get("/campaigns/hello")
    assert (shown["status"], shown["pause_reason"]) == ("paused", "complaints")
    cancelled = marketing.api.post("/campaigns/hello/cancel")
    assert (cancelled["status"], cancelled["pause_reason"]) == ("cancelled", None)


@pytest.mark.parametrize(("after", "percent"), [(11, 10), (10, 20), (10, 0)])
def test_a_campaign_goes_on_below_the_number_and_up_to_the_bound(
    marketing: Marketing, sink: Sink, settings: Any, bounds: None, after: int, percent: float
) -> None:
    settings.BREAKER_AFTER, settings.BREAKER_BOUNCE_PERCENT = after, percent
    gone = {"c0@example.org", "c1@example.org"}
    sink.on_recipient = lambda address: "550 5.1.1 no such user" if address in gone else None
    start(marketing)
    marketing.run(NOON + DAY)
    assert marketing.api.get("/campaigns/hello")["status"] == "running"
    assert sink.to("tomorrow@example.org")
