"""The customer's own pages: what stands on them, in whose words, and what a browser is told."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from cashback.actions import due
from cashback.queries.earned import EarnedByOrder
from customers.queries.orders import orders_of_customer
from portal.actions.account import Purchase
from portal.serializers.account import shown_purchase
from tests.api import DAY, HOUR, NOON, Api
from tests.cashback.money import buy, cancel, customer, give, hold, kept_rule, pay_with
from tests.portal.pages import Page, link, visit

AT = NOON.isoformat()


@pytest.fixture
def ada(api: Api) -> Api:
    api.put("/customers/ada", {"first_name": "Ada", "last_name": "Lovelace", "locale": "de-AT"})
    return api


def account(api: Api, **asked) -> Page:
    return visit(link(api), **asked)


def test_an_empty_account_is_friendly(ada: Api):
    page = account(ada)

    assert page.status == 200
    assert "Ihr Konto bei Teeladen Ada Lovelace" in page.text
    assert "Ada, schön, dass Sie da sind." in page.text
    assert "Hier finden Sie das Cashback, das Ihre Bestellungen bringen." in page.text
    assert "Gerade wartet hier nichts auf Sie." in page.text
    assert "Mitgliedschaften" not in page.text
    assert "0,00" not in page.text


def test_somebody_without_a_name_is_greeted_too(api: Api):
    api.put("/customers/bob", {})

    assert "Your account at Teeladen Hello Good to have you here." in visit(link(api, "bob")).text


def test_the_language_is_the_customers_else_the_browsers_and_can_be_chosen(ada: Api):
    ada.put("/customers/bob", {"locale": "fr"})
    german, bobs = account(ada, accept_language="en"), link(ada, "bob")

    assert german.headers["Content-Language"] == "de"
    assert '<html lang="de">' in german.markup
    assert "Your codes" in visit(german.address("English")).text
    assert "Ihre Codes" in visit(bobs, accept_language="de-CH,en;q=0.5").text
    assert "Your codes" in visit(bobs, accept_language="fr").text
    chosen = visit(link(ada), lang="en")
    assert "Your codes" in visit(visit(chosen.address("Deutsch")).address("English")).text


def test_a_browser_is_told_to_keep_it_to_itself(ada: Api):
    page = account(ada)

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store, private"
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.markup
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.markup) == []
    gone = visit("/account/none")
    assert gone.headers["Referrer-Policy"] == "no-referrer"


def test_codes_stand_with_terms_and_until_when(ada: Api):
    ada.put(
        "/promotions/tea",
        {
            "name": "tea", "title": {"de": "20 % auf Tee", "en": "20 % off tea"}, "status": "active",
            "terms": {"de": "Nur <b>Grüntee</b>."}, "effect": {"kind": "percentage", "percent": "20"},
        },
    )  # fmt: skip
    for name, days in (("TEA-ONE", 9), ("OLD-ONE", -1)):
        until = (NOON + days * DAY).isoformat()
        more = {"customer_id": "ada", "valid_until": until}
        assert ada.post("/promotions/tea/codes", {"code": name, **more}).status == 201

    page = account(ada)

    assert "Jetzt einlösbar · Bis 19. März 2026, 13:00 Uhr 20 % auf Tee" in page.text
    assert "Nur &lt;b&gt;Grüntee&lt;/b&gt;." in page.markup
    assert "TEA-ONE" in page.text
    assert "Eingelöst und vorbei (1) Vorbei" in page.text


def test_cashback_is_told_in_words(ada: Api):
    key = customer("ada")
    give(key, 900, now=NOON, expires_at=NOON + 20 * DAY)
    buy(key, kept_rule("ten", percent="10"), delivered_at=NOON, now=NOON)
    buy(key, kept_rule("one", percent="1"), now=NOON)
    hold(key, 150, now=NOON, expires_at=NOON + DAY)

    text = account(ada, at=NOON + HOUR).text

    assert "Cashback 7,50 € verfügbar" in text
    assert "7,50 € gelten bis 30. März 2026, 14:00 Uhr." in text
    assert "1,00 € kommen am 24. März 2026 dazu." in text
    assert "0,10 € kommen 14 Tage nach Ankunft Ihrer Bestellung dazu." in text
    assert "1,50 € sind für eine laufende Bestellung oder Auszahlung zurückgelegt." in text


def test_what_is_due_counts_whether_or_not_a_job_has_run(ada: Api):
    key = customer("ada")
    buy(key, kept_rule("ten", percent="10"), delivered_at=NOON, now=NOON)

    page = account(ada, at=NOON + 14 * DAY)

    assert "Cashback 1,00 € verfügbar" in page.text
    assert "Cashback verfügbar 24. März 2026 · Bestellung" in page.text
    assert due.touch(customer_key=key, now=NOON + 14 * DAY) == 0


def test_debt_is_told_without_fear(ada: Api):
    key = customer("ada")
    bought = buy(key, kept_rule("ten", percent="10", pending_days=0), delivered_at=NOON, now=NOON)
    pay_with(key, 100, now=NOON + HOUR)
    cancel(bought.order_key, key, now=NOON + 2 * HOUR)

    text = account(ada, at=NOON + 3 * HOUR).text

    assert "0,00 € verfügbar" in text
    assert "1,00 € Ihres nächsten Cashbacks gleichen eine Rückgabe aus" in text


def order(api: Api, name: str, *, at, **more) -> None:
    lines = [{"line_id": "1", "sku": "TEA", "name": "Sencha", "quantity": 2, "unit_price": 1290}]
    body = {"customer_id": "ada", "currency": "EUR", "placed_at": at.isoformat(), "lines": lines}
    got = api.put(f"/orders/{name}", {**body, "at": at.isoformat(), **more})
    assert got.status == 201, got


def test_purchases_stand_newest_first_a_page_at_a_time(ada: Api):
    for number in range(60):
        order(ada, f"o-{number:02}", at=NOON + number // 2 * HOUR)

    page = account(ada, at=NOON + 60 * HOUR)
    assert re.findall(r"o-\d\d", page.text) == ["o-59", "o-58", "o-57", "o-56", "o-55"]
    assert "2 × Sencha" in page.text
    assert "25,80 €" in page.text

    seen, address = [], page.address("Alle Einkäufe")
    while address:
        page = visit(address)
        assert page.status == 200
        seen += re.findall(r"o-\d\d", page.text)
        address = page.address("Ältere") if "Ältere" in page.text else ""
    assert seen == [f"o-{number:02}" for number in reversed(range(60))]
    assert visit(page.address("Zum Neuesten")).text.count("Sencha") == 25


def test_a_purchase_tells_what_it_has_earned(ada: Api):
    key = customer("ada")
    rule = kept_rule("ten", percent="10")
    kept = buy(key, rule, delivered_at=NOON, now=NOON)
    back = buy(key, rule, delivered_at=NOON, now=NOON)
    cancel(back.order_key, key, now=NOON + HOUR)

    text = account(ada, at=NOON + 2 * HOUR).text

    assert re.search(rf"Bestellung {kept.order_id} .*?Cashback \+1,00 € ab 24. März 2026", text)
    assert re.search(
        rf"Bestellung {back.order_id} .*?Kein Cashback mehr: Bestellung zurückgegeben", text
    )


def test_of_earnings_that_are_there_in_part_the_rest_is_dated(ada: Api):
    key = customer("ada")
    buy(key, kept_rule("ten", percent="10"), delivered_at=NOON, now=NOON)
    (order,) = orders_of_customer(key, limit=1)
    split = EarnedByOrder(269, 0, True, NOON + timedelta(days=5), 144)

    with translation.override("de"):
        told = shown_purchase(Purchase(order, split))

    said = f"{told.earned} {told.when}".replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Cashback +2,69 €, davon 1,44 € ab 15. März 2026"


def test_the_statement_has_every_entry_once_with_its_running_balance(ada: Api):
    key = customer("ada")
    for number in range(1, 61):
        give(key, number, now=NOON + timedelta(minutes=number))

    page = account(ada, at=NOON + 2 * HOUR)
    assert "+0,60 € Verfügbar, danach 18,30 €" in page.text
    seen, address = [], page.address("Ganzer Auszug")
    while address:
        page = visit(address)
        seen += re.findall(r"\+(\S+) € Verfügbar, danach (\S+) €", page.text)
        address = page.address("Ältere") if "Ältere" in page.text else ""

    cents = [tuple(int(text.replace(",", "")) for text in row) for row in seen]
    assert cents == [(n, n * (n + 1) // 2) for n in range(60, 0, -1)]


def test_each_currency_has_a_statement_of_its_own(ada: Api):
    key = customer("ada")
    give(key, 500, now=NOON)
    buy(key, kept_rule("ten", percent="10"), currency="JPY", now=NOON)

    page = account(ada)

    assert "Auszug EUR" in page.text
    assert "Auszug JPY" in page.text
    assert "100 ¥" in page.text
    path = link(ada)
    assert "+100 ¥" in visit(f"{path}/statement/JPY").text
    assert "+5,00 €" not in visit(f"{path}/statement/JPY").text


@pytest.mark.parametrize(
    "address",
    [
        "/statement/USD", "/statement/eur", "/statement/EUR/2026-04.pdf", "/statement/EUR/2026-13.csv",
        "/statement/EUR?after=x", "/statement/EUR?after=1.2.3", "/purchases?after=-1.1",
        "/purchases?after=4611686018427387903.1", "/statement/EUR/0000-01.pdf", "/secrets",
        "/statement/EUR/2026-03.html",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ada: Api, address: str):
    give(customer("ada"), 500, now=NOON)
    at = NOON.isoformat().replace("+", "%2B")
    path = f"{link(ada)}{address}{'&' if '?' in address else '?'}at={at}"

    assert visit(path).status == 404


def test_the_clock_is_moved_by_tests_alone(ada: Api, settings):
    path = link(ada, at=NOON)
    assert visit(path, at=None).status == 404  # the real clock is long after
    assert visit(f"{path}?at=noon").status == 400
    assert visit(f"{path}?at=9999-12-31T23:59:59Z").status == 400
    settings.TEST_CLOCK = False
    assert visit(path).status == 404
