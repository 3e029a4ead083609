"""Every page of the staff, in German: no words are left that are the same in English."""

import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import django.contrib.admin as django_admin
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from access.models import ApiKey
from campaigns.models import Campaign
from cashback.actions.proof import order_proof
from cashback.models import Partner
from catalog.actions.imports import order_import
from catalog.domain.imports import COLUMNS
from journal.actions import run_next_job
from promotions.models import Code
from tests.api import NOON, Api, make_key

#: Words that German has as well.
THE_SAME_IN_BOTH = {
    "Black Friday", "Budget", "CSV", "Cashback", "Code", "Codes", "Cyber Monday", "Name", "Partner", "Person", "SMS", "Segment", "Shop", "Status", "System", "code",
    "account_url", ":::footer {{ promotion.terms }} :::",
    "payouts", "Deutsch", "English", "de", "en", "esc",
}  # fmt: skip
#: Pages that no link leads to: decisions are shown by the page that asks why.
SHOWN_ELSEWHERE = {"checkout_decision_change", "checkout_decision_history"}
#: What the test put in, ids, types of events, and amounts in both languages beside each other.
_OURS = re.compile(
    r"(XX.*|x•*@xx\.xx|xx@xx\.xx|.*\bx-[a-z]\d.*|[A-Za-z]{3}_[0-9a-f]{32}|evt_[0-9a-f]{8}…[0-9a-f]{6}|dec_…|EUR|Teeladen"
    r"|[Tt]est|[Aa]dmin|admin@example\.com|: .*|10 % .*|checkout, customers, .*"
    r"|Am Geburtstag, .* zugestimmt haben\.|On the birthday, .* has agreed\."
    r"|https://.*|[a-z]+\.[a-z_]+|DE\*+[0-9]{4}|(April|August|September|November) [0-9]{4}|[0-9]+-[0-9a-f]+)"
)
#: Never the words of a person: scripts, styles, and the names of icons.
_SILENT = {"script", "style", "template", "svg", "title"}
_VOID = {"input", "img", "br", "hr", "meta", "link", "wbr", "col", "source"}


class _Texts(HTMLParser):
    """What a person reads on a page, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("aria-label", "title", "placeholder", "alt"):
            self.found.append(given.get(name, ""))
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.found.append(given.get("value", ""))
        if tag not in _VOID:
            is_icon = "material-symbols-outlined" in given.get("class", "")
            self._open.append((tag, tag in _SILENT or is_icon))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self._open):
            self.found.append(data)


def words_of(client: Client, url: str, language: str) -> set[str]:
    page = client.get(url, headers={"accept-language": language})
    assert page.status_code == 200, url
    reader = _Texts()
    reader.feed(page.content.decode())
    texts = {" ".join(text.split()) for text in reader.found}
    return {text for text in texts if re.search(r"[^\W\d_]{2}", text)}


@pytest.fixture
def shop(api: Api, settings: Any) -> Api:
    settings.SEPA_NAME, settings.SEPA_IBAN = "XX", "DE02 1203 0000 0000 2020 51"
    settings.SEPA_BIC = "BYLADEM1001"
    api.put("/customers/x-c1", {"email": "xx@xx.xx", "first_name": "XX", "attributes": {"x-a": 1}})
    api.put("/segments/x-s1", {"name": "XX"})
    api.put(
        "/promotions/x-p1",
        {"name": "XX", "title": {"de": "XX", "en": "XX"}, "status": "active", "currency": "EUR",
         "effect": {"kind": "percentage", "percent": "10"},
         "limits": {"discount_budget": 100_000}},
    )  # fmt: skip
    assert api.put("/products/x-t1", {"name": {"de": "XX"}, "categories": ["XX"]}).status == 201
    order_import(
        file=io.BytesIO(",".join(COLUMNS).encode()), is_dry_run=True, actor="system", now=NOON
    )
    assert api.post("/promotions/x-p1/codes", {"code": "XXXX"}).status == 201
    cart = {
        "customer_id": "x-c1", "currency": "EUR", "shipping_amount": 495, "codes": ["XXXX", "XXY9"],
        "lines": [{"line_id": "x-l1", "sku": "XX", "quantity": 2, "unit_price": 1000}],
    }  # fmt: skip
    api.post("/checkout/validate", cart)
    redeemed = api.post("/checkout/redemptions", cart | {"codes": ["XXXX"], "order_id": "x-o1"})
    assert redeemed.status == 201
    back = {"return_id": "x-r1", "lines": [{"line_id": "x-l1", "quantity": 1}]}
    assert api.post("/orders/x-o1/returns", back).status == 201
    listens = {"url": "https://93.184.215.14/", "event_types": ["order.returned"]}
    assert api.put("/webhook-endpoints/x-e1", listens).status == 201
    period = {"from": "2026-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}
    assert api.post("/webhook-endpoints/x-e1/replay", period)["queued"] == 1
    Group.objects.create(name="XX")
    period = {"from": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    assert api.post("/promotions/x-p1/forecast", period).status == 202
    while run_next_job(now=timezone.now):
        pass
    assert api.post("/promotions/x-p1/code-batches", {"count": 1}).status == 202
    imported = api.post(
        "/promotions/x-p1/code-imports",
        b"code,customer_id,valid_from,valid_until,max_redemptions,used\nXXXXX,,,,,\n",
        content_type="text/csv",
    )
    assert imported.status == 202
    cashback(api)
    letter = {"subject": "XX", "body": "XX"}
    campaign = {
        "name": "XX", "trigger": {"kind": "birthday"}, "content": {"de": letter, "en": letter},
    }  # fmt: skip
    assert api.put("/campaigns/x-k1", campaign).status == 201
    return api


def cashback(api: Api) -> None:
    """A row on each page of finance."""
    assert api.put("/cashback/partners/x-b1", {"name": "XX", "share_percent": "50"}).status == 201
    rule = {"name": "XX", "percent": "2", "partner_id": "x-b1"}
    assert api.put("/cashback/rules/x-r1", rule).status == 201
    given = {"customer_id": "x-c1", "currency": "EUR", "amount": 5000, "reason": "XX"}
    assert api.post("/cashback/adjustments", given).status == 201
    paid = {"currency": "EUR", "amount": 100, "reference": "XX"}
    assert api.post("/cashback/partners/x-b1/settlements", paid).status == 201
    clerk, boss = (Api(make_key("payouts", name=name)) for name in ("XX", "XXX"))
    bank = {"kind": "sepa", "iban": "DE89370400440532013000", "name": "XX"}
    asked = {"customer_id": "x-c1", "currency": "EUR", "amount": 500, "destination": bank}
    first, _second = (clerk.post("/cashback/payouts", asked)["payout_id"] for _ in range(2))
    assert boss.post(f"/cashback/payouts/{first}/approve", {}).status == 200
    assert boss.post("/cashback/sepa-files", {}).status == 201
    order_proof(actor="system", now=NOON)
    while run_next_job(now=timezone.now):
        pass


def pages() -> Iterator[tuple[str, str]]:
    """Each page that any member of staff can open: its name and address."""
    for name in ("index", "password_change"):
        yield name, reverse(f"admin:{name}")
    yield "report", reverse("admin:checkout_promotion_report", args=["x-p1"])
    yield "forecast", reverse("admin:promotions_promotion_forecast", args=["x-p1"])
    why = reverse("admin:checkout_decision_changelist")
    for name in ("liability", "proof"):
        yield name, reverse(f"admin:cashback_{name}")
    for name in ("recipes", "calendar", "silence"):
        yield f"campaigns' {name}", reverse(f"admin:campaigns_campaign_{name}")
    written = Campaign.objects.get().pk
    for name in ("preview", "report", "test", "submit"):
        yield f"campaign's {name}", f"/admin/campaigns/campaign/{written}/{name}/"
    partner = Partner.objects.get().pk
    yield "partner's account", reverse("admin:cashback_partner_account", args=[partner])
    yield "why", f"{why}?code=XXXX"
    yield "why by customer", f"{why}?customer=x-c1"
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        rows = [row.pk for row in model._default_manager.all()[:1]]
        for name, arguments in (
            ("changelist", []), ("add", []), ("change", rows), ("history", rows),
            ("delete", rows),
        ):  # fmt: skip
            if name in {"change", "history", "delete"} and not rows:
                continue
            try:
                yield f"{label}_{name}", reverse(f"admin:{label}_{name}", args=arguments)
            except NoReverseMatch:
                continue


def same_words(german: set[str], english: set[str]) -> set[str]:
    """What is said in both languages, save what is the same by its nature."""
    random = [
        *ApiKey.objects.values_list("prefix", flat=True),
        *Code.objects.values_list("code", flat=True),
    ]
    return {
        text
        for text in german & english - THE_SAME_IN_BOTH - available_timezones()
        if not _OURS.fullmatch(text) and not any(word in text for word in random)
    }


def test_no_page_has_words_that_are_the_same_in_english(shop: Api, admin_client: Client) -> None:
    left: dict[str, str] = {}
    for name, url in pages():
        if name not in SHOWN_ELSEWHERE and admin_client.get(url).status_code != 403:
            german, english = (words_of(admin_client, url, language) for language in ("de", "en"))
            left |= dict.fromkeys(same_words(german, english), name)

    assert left == {}


def test_the_login_is_german(client: Client, db: None) -> None:
    german, english = (words_of(client, reverse("admin:login"), each) for each in ("de", "en"))
    assert same_words(german, english) == set()


def test_scripts_have_german_for_all_that_they_say(admin_client: Client) -> None:
    """By Django's own scripts: the boxes to choose rights from, calendars, actions."""
    scripts = (Path(django_admin.__file__).parent / "static" / "admin" / "js").glob("**/*.js")
    texts = {
        text[0] or text[1]
        for script in scripts
        if "vendor" not in script.parts
        for text in re.findall(
            r"""\bgettext\((?:'([^']+)'|"([^"]+)")""", script.read_text(encoding="utf-8")
        )
    }
    said = admin_client.get(reverse("admin:jsi18n"), headers={"accept-language": "de"})
    german = set(re.findall(r'^    ("(?:[^"\\]|\\.)+"): "', said.content.decode(), re.MULTILINE))

    assert len(texts) > 30
    assert texts - {json.loads(text) for text in german} == set()
