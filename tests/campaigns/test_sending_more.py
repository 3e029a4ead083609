"""What the mail server says, and what becomes of rows and codes."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api import NOON
from tests.campaigns.reader import get, post
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import CUT, Sink

CODED = {"en": {"subject": "For you", "body": "Take {{ code }}.\n\n{{ promotion.title }}"}}


@pytest.fixture
def gift(marketing: Marketing) -> str:
    """A promotion whose codes are personal."""
    body = {
        "name": "Gift", "status": "active", "title": {"en": "Ten percent off"},
        "effect": {"kind": "percentage", "percent": "10", "on": "order"},
    }  # fmt: skip
    answer = marketing.api.put("/promotions/gift", body)
    assert answer.status == 201, answer.body
    return "gift"


def codes(marketing: Marketing) -> dict[str, str]:
    """Status by holder."""
    rows = marketing.api.get("/promotions/gift/codes?limit=200")["results"]
    return {row["customer_id"]: row["status"] for row in rows}


def test_each_gets_a_code_of_their_own_that_works_for_nobody_else(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    for name in ("ada", "ben"):
        marketing.customer(name)
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    marketing.start("coded")
    marketing.run()
    rows = marketing.api.get("/campaigns/coded/deliveries")["results"]
    given = {row["customer_id"]: row["code"] for row in rows}
    assert len(set(given.values())) == 2
    text = sink.to("ada@example.org")[0].get_body(("plain",)).get_content()
    assert given["ada"] in text
    assert "Ten percent off" in text
    cart = {
        "customer_id": "ada", "currency": "EUR", "codes": [given["ada"]],
        "lines": [{"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}],
        "at": at(NOON),
    }  # fmt: skip
    assert marketing.api.post("/checkout/validate", cart)["item_discount"] == 100
    other = marketing.api.post("/checkout/validate", {**cart, "customer_id": "ben"})
    assert other["codes"][0]["reason"]["code"] == "code_not_valid"


def test_a_server_that_is_busy_is_asked_again_within_a_minute_with_the_same_code(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    marketing.start("coded")
    sink.on_message = lambda message: "450 4.2.1 mailbox busy"
    marketing.run()
    assert marketing.deliveries("coded") == {"ada": ("pending", None)}
    before = marketing.api.get("/campaigns/coded/deliveries")["results"][0]["code"]
    sink.on_message = lambda message: None
    marketing.run(NOON + timedelta(seconds=60))
    assert marketing.deliveries("coded") == {"ada": ("accepted", None)}
    after = marketing.api.get("/campaigns/coded/deliveries")["results"][0]["code"]
    assert (before, codes(marketing)) == (after, {"ada": "active"})


@pytest.mark.parametrize("answer", ["421 4.7.0 too many", "454 4.7.0 throttled"])
def test_whoever_wants_a_rest_gets_it_and_nobody_is_dropped(
    marketing: Marketing, sink: Sink, answer: str
) -> None:
    for name in ("ada", "ben", "cai"):
        marketing.customer(name)
    marketing.campaign("hello")
    marketing.start("hello")
    sink.on_recipient = lambda address: answer
    marketing.run()
    assert set(marketing.deliveries("hello").values()) == {("pending", None)}
    sink.on_recipient = lambda address: None
    marketing.run(NOON + timedelta(seconds=60))
    assert set(marketing.deliveries("hello").values()) == {("accepted", None)}
    assert len(sink.taken) == 3


def test_an_address_that_does_not_exist_is_never_written_to_again_and_its_code_is_disabled(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    marketing.start("coded")
    sink.on_recipient = lambda address: "550 5.1.1 no such user"
    marketing.run()
    assert marketing.deliveries("coded") == {"ada": ("failed", "no_such_address")}
    assert codes(marketing) == {"ada": "disabled"}
    sink.on_recipient = lambda address: None
    marketing.campaign("again")
    marketing.start("again")
    marketing.run()
    assert marketing.deliveries("again") == {"ada": ("suppressed", "suppressed")}
    assert not sink.taken


def test_a_connection_that_is_lost_after_the_message_leaves_it_unknown_for_good(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    marketing.start("coded")
    sink.on_message = lambda message: CUT
    marketing.run()
    assert marketing.deliveries("coded") == {"ada": ("unknown", "connection_lost")}
    assert codes(marketing) == {"ada": "active"}
    sink.on_message = lambda message: None
    marketing.run(NOON + timedelta(hours=1))
    assert not sink.taken


def test_a_server_that_is_away_is_waited_for_until_the_message_expires(
    marketing: Marketing, sink: Sink, settings: Any
) -> None:
    marketing.customer("ada")
    marketing.campaign("hello", expires_after_hours=2)
    marketing.start("hello")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}
    settings.EMAIL_PORT = port
    marketing.run(NOON + timedelta(hours=2))
    assert marketing.deliveries("hello") == {"ada": ("expired", "expired")}


def test_unsubscribed_one_second_before_there_is_no_mail(marketing: Marketing, sink: Sink) -> None:
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    said = {"state": "withdrawn", "recorded_at": at(NOON - timedelta(seconds=1)), "at": at(NOON)}
    assert marketing.api.put("/customers/ada/consents/email/marketing", said).status == 200
    marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("no_consent", "no_consent")}
    assert not sink.taken


def test_erased_there_is_no_mail_ever(marketing: Marketing, sink: Sink) -> None:
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    assert marketing.api.post("/customers/ada/erase", {"at": at(NOON)}).status == 200
    marketing.customer("ada2", email="ada@example.org")
    marketing.run()
    assert marketing.deliveries("hello") == {"ada2": ("suppressed", "suppressed")}
    assert not sink.taken


def test_who_is_held_out_is_always_held_out_and_has_rows(marketing: Marketing, sink: Sink) -> None:
    names = [f"c{number}" for number in range(30)]
    for name in names:
        marketing.customer(name)
    variants = [{"name": "b", "percent": "50", "content": {
        "de": {"subject": "B", "body": "B"}, "en": {"subject": "B", "body": "B"}}}]  # fmt: skip
    marketing.campaign("tried", holdout_percent="40", variants=variants)
    marketing.start("tried")
    marketing.run()
    rows = marketing.deliveries("tried")
    held = {name for name, end in rows.items() if end == ("held_out", "held_out")}
    assert set(rows) == set(names)
    assert 3 < len(held) < 25
    assert len(sink.taken) == 30 - len(held)
    subjects = [message["Subject"] for message in sink.taken]
    assert 0 < subjects.count("B") < len(subjects)


def test_a_shop_that_caps_sends_the_more_important_one(
    marketing: Marketing, sink: Sink, settings: Any
) -> None:
    settings.MARKETING_CAP, settings.MARKETING_CAP_DAYS = 1, 7
    marketing.customer("ada")
    marketing.campaign("less")
    marketing.campaign("more", priority=5)
    for name in ("less", "more"):
        marketing.start(name)
    marketing.run()
    assert marketing.deliveries("more") == {"ada": ("accepted", None)}
    assert marketing.deliveries("less") == {"ada": ("capped", "capped")}


def test_in_quiet_hours_it_waits_for_their_end_on_the_customers_clock(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada", timezone="Asia/Tokyo")  # 21:00 there at noon
    marketing.customer("ben", timezone="Europe/Berlin")
    marketing.campaign("hello", quiet_hours={"from": "21:00", "until": "08:00"})
    marketing.start("hello")
    marketing.run()
    assert marketing.deliveries("hello")["ada"] == ("pending", None)
    assert marketing.deliveries("hello")["ben"] == ("accepted", None)
    marketing.run(NOON + timedelta(hours=10, minutes=59))
    assert len(sink.taken) == 1
    marketing.run(NOON + timedelta(hours=11))
    assert marketing.deliveries("hello")["ada"] == ("accepted", None)


def test_paused_nothing_leaves_and_cancelled_what_waits_is_closed(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    marketing.start("coded")
    sink.on_message = lambda message: "450 4.2.1 mailbox busy"
    marketing.run()
    assert marketing.api.post("/campaigns/coded/pause", {"at": at(NOON)}).status == 200
    sink.on_message = lambda message: None
    later = NOON + timedelta(minutes=5)
    marketing.run(later)
    assert not sink.taken
    assert marketing.api.post("/campaigns/coded/cancel", {"at": at(later)}).status == 200
    marketing.run(later)
    assert marketing.deliveries("coded") == {"ada": ("cancelled", "campaign_cancelled")}
    assert codes(marketing) == {"ada": "disabled"}


def test_what_is_approved_is_approved_by_another_and_a_change_takes_it_back(
    marketing: Marketing,
) -> None:
    marketing.campaign("hello")
    api, second = marketing.api, marketing.second
    assert api.post("/campaigns/hello/approve").status == 409
    assert api.post("/campaigns/hello/submit")["status"] == "submitted"
    refused = api.post("/campaigns/hello/approve")
    assert (refused.status, refused["code"]) == (403, "four_eyes_required")
    assert second.post("/campaigns/hello/approve")["status"] == "approved"
    assert api.patch("/campaigns/hello", {"name": "New name"})["status"] == "approved"
    assert api.patch("/campaigns/hello", {"priority": 3})["status"] == "draft"
    assert second.post("/campaigns/hello/schedule").status == 409


def test_a_birthday_mail_comes_at_nine_where_the_customer_is(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada", birth_date="1990-03-10", timezone="Pacific/Kiritimati")
    marketing.customer("ben", birth_date="1990-03-10", timezone="Pacific/Pago_Pago")
    marketing.customer("cai", birth_date="1990-03-11")
    marketing.campaign("birthday", trigger={"kind": "birthday"})
    start = NOON - timedelta(days=2)
    marketing.start("birthday", now=start)
    came: dict[str, str] = {}
    instant = start
    while instant < NOON + timedelta(days=2):
        marketing.run(instant)
        for message in sink.taken:
            came.setdefault(message["To"], at(instant))
        instant += timedelta(hours=1)
    assert came == {
        "ada@example.org": "2026-03-09T19:00:00+00:00",
        "ben@example.org": "2026-03-10T20:00:00+00:00",
        "cai@example.org": "2026-03-11T08:00:00+00:00",
    }
    assert len(sink.taken) == 3


def test_word_of_an_order_goes_to_whoever_withdrew_marketing_without_its_headers(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada", consent="withdrawn")
    content = {"en": {"subject": "Order {{ order.id }}", "body": "It is on its way."}}
    marketing.campaign(
        "shipped", purpose="transactional", trigger={"kind": "order", "status": "shipped"},
        content=content,
    )  # fmt: skip
    marketing.start("shipped")
    line = {"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}
    order = {"customer_id": "ada", "currency": "EUR", "status": "shipped", "placed_at": at(NOON),
             "shipped_at": at(NOON), "lines": [line], "at": at(NOON)}  # fmt: skip
    assert marketing.api.put("/orders/o1", order).status == 201
    marketing.run()
    (message,) = sink.taken
    assert message["Subject"] == "Order o1"
    assert "List-Unsubscribe" not in message
    marketing.run(NOON + timedelta(hours=1))
    assert len(sink.taken) == 1


def test_whoever_asks_for_mail_is_asked_to_confirm_it(marketing: Marketing, sink: Sink) -> None:
    marketing.customer("ada", consent=None, locale="de")
    asked = {"state": "requested", "source": "newsletter", "at": at(NOON)}
    assert marketing.api.put("/customers/ada/consents/email/marketing", asked).status == 201
    marketing.run()
    (message,) = sink.taken
    text = message.get_body(("plain",)).get_content()
    assert "/confirm/" in text
    assert "List-Unsubscribe" not in message


def test_a_preview_shows_the_letter_and_a_test_send_sends_it(
    marketing: Marketing, sink: Sink, gift: str
) -> None:
    marketing.customer("ada")
    marketing.campaign("coded", promotion_id=gift, content=CODED)
    shown = marketing.api.post("/campaigns/coded/preview", {"customer_id": "ada"})
    assert (shown.status, shown["subject"]) == (200, "For you")
    assert "ABCD-2345-EFGH" in shown["html"]
    assert "ABCD-2345-EFGH" in shown["text"]
    sent = marketing.api.post("/campaigns/coded/test-send", {"to": "me@example.org"})
    assert (sent.status, sent["state"]) == (200, "accepted")
    assert sink.to("me@example.org")
    assert codes(marketing) == {}


def test_who_may_look_at_a_letter_may_not_act_for_the_customer(marketing: Marketing) -> None:
    marketing.customer("ada", consent=None)
    body = "[Yours]({{ account_url }})"
    marketing.campaign("own", content={"en": {"subject": "Hello", "body": body}})
    shown = marketing.api.post("/campaigns/own/preview", {"customer_id": "ada"})
    found = {
        urlsplit(address).path
        for address in re.findall(r'href="([^"]+)"', shown["html"])
        if re.search("/(account|u|preferences)/", address)
    }
    assert {path.split("/")[1] for path in found} == {"account", "u", "preferences"}
    for path in found:
        assert get(path).status == 404, path
        assert post(path, {"act": "return"}).status in {403, 404, 405}
    assert marketing.api.get("/customers/ada/consents")["consents"] == []


def test_of_a_variant_that_there_is_not_there_is_no_preview(marketing: Marketing) -> None:
    marketing.customer("ada")
    marketing.campaign("one")
    told = marketing.api.post("/campaigns/one/preview", {"customer_id": "ada", "variant": "b"})
    assert (told.status, told.pointers) == (422, ["/variant"])
