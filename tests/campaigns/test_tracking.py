"""From the letter to the shop: what is tracked, what is written down of it, and where links lead."""

import html
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from campaigns.actions.addresses import click_url, pixel_url
from campaigns.models import Campaign, Delivery, Link, Response
from campaigns.queries.personal_data import personal_data
from tests.api import NOON
from tests.campaigns.reader import ONE_CLICK, get, key_of, path_of, post
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.campaigns.test_tracking_domain import CHROME
from tests.portal.pages import Page

LATER = NOON + timedelta(minutes=5)
HERE = "https://mail.example"
BODY = (
    "See [tea](https://shop.example/tea?sort=new#top), [cups](https://shop.example/cups).\n\n"
    ":::button\n[Use it](https://shop.example/cart?code={{ code }})\n:::\n"
)
CONTENT = {"en": {"subject": "Tea", "body": BODY}, "de": {"subject": "Tee", "body": BODY}}
UTM = "utm_source=newsletter&utm_medium=email&utm_campaign=tea"


@pytest.fixture
def shop(marketing: Marketing, settings: Any) -> Marketing:
    """Ada allows tracking, Ben does not."""
    settings.PUBLIC_URL = HERE
    gift = {
        "name": "Gift", "status": "active", "title": {"en": "Ten percent off"},
        "effect": {"kind": "percentage", "percent": "10", "on": "order"},
    }  # fmt: skip
    assert marketing.api.put("/promotions/gift", gift).status == 201
    for name in ("ada", "ben"):
        marketing.customer(name)
    allow(marketing, "ada")
    return marketing


def allow(shop: Marketing, name: str, state: str = "granted", *, now: datetime = NOON) -> None:
    said = {"state": state, "source": "form", "recorded_at": at(now - timedelta(hours=2))}
    assert shop.api.put(f"/customers/{name}/consents/email/tracking", said).status in {200, 201}


def sent(shop: Marketing, sink: Sink, name: str = "tea", **fields: Any) -> dict[str, EmailMessage]:
    """The mails of a campaign by customer."""
    shop.campaign(name, promotion_id="gift", **{"content": CONTENT, **fields})
    shop.start(name)
    shop.run()
    return {str(message["To"]).partition("@")[0]: message for message in sink.taken}


def links(message: EmailMessage) -> list[str]:
    """All addresses of the HTML, in order."""
    return [
        html.unescape(found) for found in re.findall(r'(?:href|src)="(http[^"]*)"', part(message))
    ]


def part(message: EmailMessage, kind: str = "html") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def clicks_of(message: EmailMessage) -> list[str]:
    """The paths of its tracked links."""
    return [path_of(url) for url in links(message) if "/t/c/" in url]


def pixel_of(message: EmailMessage) -> str:
    (found,) = [path_of(url) for url in links(message) if "/t/o/" in url]
    return found


def call(path: str, *, now: datetime = LATER, agent: str = CHROME, method: str = "get") -> Page:
    address = f"{path}?at={at(now).replace('+', '%2B')}"
    answer = getattr(Client(), method)(address, headers={"User-Agent": agent})
    return Page(answer.status_code, answer.content, dict(answer.headers))


def noted() -> list[tuple[str, str, int | None]]:
    """Kind, agent and link of each response, in the order of writing."""
    return list(Response.objects.order_by("pk").values_list("kind", "agent", "link"))


def test_only_whoever_allows_tracking_is_tracked(shop: Marketing, sink: Sink):
    mails = sent(shop, sink)
    of_ada = links(mails["ada"])
    assert [bool(re.fullmatch(HERE + r"/t/c/[\w-]{64}", url)) for url in of_ada[:3]] == [True] * 3
    assert re.fullmatch(HERE + r"/t/o/[\w-]{64}", of_ada[-1])
    assert not any("shop.example" in url for url in of_ada)
    assert not any("shop.example" in line for line in part(mails["ada"], "plain").split())
    code = Delivery.objects.get(customer__reference="ben").code.spelling
    of_ben = links(mails["ben"])
    assert of_ben[:3] == [
        f"https://shop.example/tea?sort=new&{UTM}#top",
        f"https://shop.example/cups?{UTM}",
        f"https://shop.example/cart?code={code}&{UTM}",
    ]
    for kind in ("html", "plain"):
        assert "/t/" not in part(mails["ben"], kind)
    assert "<img" not in part(mails["ben"])


def test_html_and_plain_text_hold_the_same_links(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    in_text = re.findall(HERE + r"/t/c/[\w-]{64}", part(message, "plain"))
    assert in_text == [url for url in links(message) if "/t/c/" in url]


def test_the_shops_parameters_can_be_left_out(shop: Marketing, sink: Sink, settings: Any):
    settings.UTM_SOURCE = ""
    mails = sent(shop, sink)
    assert links(mails["ben"])[1] == "https://shop.example/cups"
    assert call(clicks_of(mails["ada"])[1]).headers["Location"] == "https://shop.example/cups"


def test_a_click_leads_to_what_was_sent_with_the_persons_own_code(shop: Marketing, sink: Sink):
    tea, cups, cart = clicks_of(sent(shop, sink)["ada"])
    code = Delivery.objects.get(customer__reference="ada").code.spelling
    led = call(tea)
    assert (led.status, led.body) == (302, b"")
    assert led.headers["Location"] == f"https://shop.example/tea?sort=new&{UTM}#top"
    assert led.headers["Cache-Control"] == "no-store, private"
    assert led.headers["Referrer-Policy"] == "no-referrer"
    assert call(cups).headers["Location"] == f"https://shop.example/cups?{UTM}"
    assert call(cart).headers["Location"] == f"https://shop.example/cart?code={code}&{UTM}"


def test_of_a_variant_its_name_is_told(shop: Marketing, sink: Sink):
    variants = [{"name": "b", "percent": "100", "content": CONTENT}]
    (_, cups, _) = clicks_of(sent(shop, sink, variants=variants)["ada"])
    assert call(cups).headers["Location"] == f"https://shop.example/cups?{UTM}&utm_content=b"


def test_what_was_sent_leads_there_whatever_the_campaign_says_by_now(shop: Marketing, sink: Sink):
    """Nobody may change what runs; so it is changed behind the service's back here."""
    shop.customer("ada", birth_date="1990-03-10", timezone="UTC")
    trigger = {"kind": "birthday", "local_time": "11:30"}
    _, cups, _ = clicks_of(sent(shop, sink, trigger=trigger)["ada"])
    body = "[cups](https://shop.example/cups) [more](https://elsewhere.example/)"
    Campaign.objects.update(content={"en": {"subject": "Tea", "body": body}}, revision=99)
    shop.customer("cai", birth_date="1990-03-11", timezone="UTC")
    allow(shop, "cai")
    shop.run(NOON + timedelta(days=1))
    (message,) = sink.to("cai@example.org")
    same, more = clicks_of(message)
    assert call(more).headers["Location"] == f"https://elsewhere.example/?{UTM}"
    for path in (cups, same):
        assert call(path).headers["Location"] == f"https://shop.example/cups?{UTM}"
    assert sorted(Link.objects.values_list("number", flat=True)) == [0, 1, 2, 3]


def test_nothing_in_the_call_says_where_it_leads(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    path = clicks_of(message)[0]
    tempted = Client().get(path, {"url": "https://evil.example", "to": "//evil.example"})
    assert tempted["Location"].startswith("https://shop.example/tea?")
    token = path.removeprefix("/t/c/")
    never = [
        f"/t/c/{token[:n]}{'B' if token[n] == 'A' else 'A'}{token[n + 1 :]}" for n in range(64)
    ]
    never += [path[:-1], f"{path}A", pixel_of(message).replace("/o/", "/c/"), "/t/c/x"]
    before = Response.objects.count()
    answers = [call(each) for each in never]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert not any("Location" in answer.headers for answer in answers)
    assert Response.objects.count() == before
    assert call(path, method="post").status == 405


def test_a_link_that_the_campaign_never_had_leads_nowhere(shop: Marketing, sink: Sink):
    sent(shop, sink)
    keys = {"customer_key": key_of("ada"), "now": NOON}
    delivery = Delivery.objects.get(customer__reference="ada").pk
    for never in ((delivery, 3), (delivery + 999, 0)):
        path = path_of(click_url(delivery_key=never[0], number=never[1], **keys))
        assert call(path).status == 404
    assert noted() == []


def test_an_open_is_a_picture_of_nothing_that_nobody_keeps(shop: Marketing, sink: Sink):
    pixel = pixel_of(sent(shop, sink)["ada"])
    seen = call(pixel)
    assert (seen.status, seen.headers["Content-Type"]) == (200, "image/gif")
    assert seen.body.startswith(b"GIF89a\x01\x00\x01\x00")
    assert len(seen.body) == 42
    assert seen.headers["Cache-Control"] == "no-store, private"
    assert call(pixel, method="head").status == 200
    assert noted() == [("open", "human", None), ("open", "bot", None)]
    changed = call(f"{pixel[:-1]}{'B' if pixel[-1] == 'A' else 'A'}")
    assert (changed.status, changed.body) == (404, b"")
    assert len(noted()) == 2


def test_each_open_says_what_it_was(shop: Marketing, sink: Sink):
    pixel = pixel_of(sent(shop, sink)["ada"])
    call(pixel, now=NOON + timedelta(seconds=1))
    call(pixel, agent="Mozilla/5.0")
    call(pixel, agent="")
    call(pixel, agent="BarracudaSentinel")
    assert [agent for _, agent, _ in noted()] == ["bot", "proxy", "unknown", "bot"]


def test_repeated_calls_are_kept_and_bounded(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    for n in range(25):
        for path in (pixel_of(message), clicks_of(message)[0]):
            assert call(path, now=LATER + timedelta(minutes=n)).status in {200, 302}
    assert sorted(noted()) == [("click", "human", 0)] * 20 + [("open", "human", None)] * 20
    call(pixel_of(message), agent="Mozilla/5.0")
    assert len(noted()) == 41


def test_whoever_clicks_has_opened(shop: Marketing, sink: Sink):
    tea, cups, _ = clicks_of(sent(shop, sink)["ada"])
    call(tea, agent="BarracudaSentinel")
    assert noted() == [("click", "bot", 0)]
    call(tea)
    call(cups, now=LATER + timedelta(minutes=1))
    assert noted()[1:] == [
        ("click", "human", 0), ("open", "human", None), ("click", "human", 1),
    ]  # fmt: skip


def test_a_scanner_that_follows_all_links_is_no_person_whatever_it_calls_itself(
    shop: Marketing, sink: Sink
):
    message = sent(shop, sink)["ada"]
    second = timedelta(seconds=1)
    call(pixel_of(message), now=LATER - 9 * second)
    for n, path in enumerate(clicks_of(message)):
        call(path, now=LATER + n * second)
    assert noted() == [
        ("open", "human", None), ("click", "bot", 0), ("click", "bot", 1), ("click", "bot", 2),
    ]  # fmt: skip


def test_two_links_one_after_the_other_are_a_persons(shop: Marketing, sink: Sink):
    tea, cups, cart = clicks_of(sent(shop, sink)["ada"])
    for n, path in enumerate((tea, cups, cart)):
        call(path, now=LATER + n * timedelta(seconds=3))
    assert [agent for kind, agent, _ in noted() if kind == "click"] == ["human"] * 3


def test_whose_data_are_restricted_is_not_followed(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    assert shop.api.patch("/customers/ada", {"is_restricted": True}).status == 200
    assert call(clicks_of(message)[1]).status == 302
    assert noted() == []
    shop.campaign("word", purpose="transactional", content=CONTENT, promotion_id="gift")
    shop.start("word")
    sink.taken.clear()
    shop.run()
    assert "/t/" not in part(sink.to("ada@example.org")[0])


def test_a_mark_of_one_customer_says_nothing_of_anothers_message(shop: Marketing, sink: Sink):
    sent(shop, sink)
    of_ben = Delivery.objects.get(customer__reference="ben").pk
    path = path_of(pixel_url(customer_key=key_of("ada"), delivery_key=of_ben, now=NOON))
    assert call(path).status == 200
    assert noted() == []


def test_previews_and_tests_are_never_tracked(shop: Marketing, sink: Sink):
    shop.campaign("tea", promotion_id="gift", content=CONTENT)
    shown = shop.api.post("/campaigns/tea/preview", {"customer_id": "ada", "at": at(NOON)})
    tried = shop.api.post("/campaigns/tea/test-send", {"to": "staff@tea.example", "at": at(NOON)})
    assert (shown.status, tried.status) == (200, 200)
    for text in (shown["html"], shown["text"], part(sink.taken[0]), part(sink.taken[0], "plain")):
        assert "https://shop.example/cups" in text
        assert "/t/" not in text
    assert not Link.objects.exists()


def test_an_address_that_is_somebody_elses_or_tells_of_a_person_is_left_as_it_is(
    shop: Marketing, sink: Sink
):
    parcel = "https://parcel.example/p/1?sig=a%2Fb"
    body = "[parcel]({{ order.tracking_url }}) [order](https://shop.example/o/{{ order.id }})"
    shop.campaign("word", purpose="transactional", trigger={"kind": "order", "status": "shipped"},
                  content={"en": {"subject": "Sent", "body": body}})  # fmt: skip
    shop.start("word")
    line = {"line_id": "1", "sku": "T", "quantity": 1, "unit_price": 1000}
    order = {"customer_id": "ada", "currency": "EUR", "status": "shipped", "placed_at": at(NOON),
             "shipped_at": at(NOON), "lines": [line], "tracking_url": parcel, "at": at(NOON)}  # fmt: skip
    assert shop.api.put("/orders/o1", order).status == 201
    shop.run()
    (message,) = sink.taken
    assert links(message)[:2] == [
        parcel, f"https://shop.example/o/o1?{UTM.replace('=tea', '=word')}",
    ]  # fmt: skip
    assert pixel_of(message)
    assert not Link.objects.exists()


def test_products_of_each_are_tracked_by_their_addresses(shop: Marketing, sink: Sink):
    for n in range(2):
        product = {"name": {"en": f"Tea {n}"}, "url": f"https://shop.example/p/{n}", "price": 900,
                   "currency": "EUR", "available": True}  # fmt: skip
        assert shop.api.put(f"/products/tea-{n}", product).status == 201
        line = {"line_id": "1", "sku": f"tea-{n}", "quantity": 1, "unit_price": 900}
        order = {"customer_id": "ben", "currency": "EUR", "status": "placed",
                 "placed_at": at(NOON - timedelta(days=2)), "lines": [line], "at": at(NOON)}  # fmt: skip
        assert shop.api.put(f"/orders/o{n}", order).status == 201
    shop.run()
    sink.taken.clear()
    content = {"en": {"subject": "Tea", "body": "Look:\n\n:::products 2\n:::\n"}}
    message = sent(shop, sink, content=content)["ada"]
    led = {call(path).headers["Location"] for path in clicks_of(message)}
    assert led
    assert led <= {f"https://shop.example/p/{n}?{UTM}" for n in range(2)}


def test_who_leaves_by_a_message_is_counted_there_once_and_not_when_they_take_it_back(
    shop: Marketing, sink: Sink
):
    mails = sent(shop, sink)
    for name in ("ada", "ben"):
        (address,) = mails[name].get_all("List-Unsubscribe")
        path = path_of(str(address)[1:-1])
        assert get(path).status == 200
        assert post(path, ONE_CLICK).status == post(path, ONE_CLICK).status == 200
    assert noted() == [("unsubscribe", "human", None)] * 2
    assert {row.delivery.customer.reference for row in Response.objects.all()} == {"ada", "ben"}
    assert post(path, {"act": "return"}).status == 200
    assert [row.delivery.customer.reference for row in Response.objects.all()] == ["ada"]


def test_what_came_back_is_told_to_whom_it_is_about(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    call(pixel_of(message))
    call(clicks_of(message)[1])
    told = [dict(row) for row in personal_data(customer_key=key_of("ada"))["message_responses"]]
    assert told == [
        {"campaign_id": "tea", "occurrence": "once", "kind": kind, "at": LATER, "agent": "human",
         "url": url}
        for kind, url in (("open", None), ("click", "https://shop.example/cups"))
    ]  # fmt: skip
    assert list(personal_data(customer_key=key_of("ben"))["message_responses"]) == []


def test_an_erasure_forgets_what_came_back_and_the_link_still_leads_on(shop: Marketing, sink: Sink):
    message = sent(shop, sink)["ada"]
    call(clicks_of(message)[1])
    assert shop.api.post("/customers/ada/erase", {"at": at(LATER)}).status == 200
    assert noted() == []
    assert call(clicks_of(message)[1]).status == 302
    assert noted() == []
