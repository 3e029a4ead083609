"""A customer asks for a payout at their own page."""

import re

import pytest
from django.test import Client

from cashback.models import Payout
from tests.api import NOON, Api, make_key
from tests.cashback.money import customer, give, wallet
from tests.portal.pages import Page, link, visit

IBAN = "DE89 3704 0044 0532 0130 00"
AT = NOON.isoformat().replace("+", "%2B")


@pytest.fixture
def ada(api: Api, settings) -> int:
    settings.PORTAL_PAYOUTS = True
    api.put("/customers/ada", {"first_name": "Ada", "last_name": "Lovelace", "locale": "de"})
    key = customer("ada")
    give(key, 2_000, now=NOON)
    return key


@pytest.fixture
def path(api: Api, ada: int) -> str:
    return f"{link(api)}/payout"


def form_of(path: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', visit(path).markup)
    assert found
    return found[1]


def send(path: str, form: str, *, amount="12,50", iban=IBAN, name="Ada Lovelace", **more) -> Page:
    fields = {"form": form, "amount": amount, "iban": iban, "name": name}
    got = Client(enforce_csrf_checks=True).post(f"{path}?at={AT}", fields, headers=more)
    return Page(got.status_code, got.content, dict(got.headers))


def test_what_is_sent_is_held_and_waits_for_finance(path: str, ada: int):
    page = send(path, form_of(path), origin="null")

    assert page.status == 200
    assert "12,50 € sind für das Konto DE****************3000 zurückgelegt." in page.text
    assert IBAN not in page.markup
    assert wallet(ada) == (0, 750, 1250, 0)
    made = Payout.objects.get()
    assert (made.status, made.amount, made.requested_by) == ("requested", 1250, f"customer:{ada}")
    boss = Api(make_key("payouts", name="boss"))
    assert boss.post(f"/cashback/payouts/pay_{made.pk.hex}/approve", {}).status == 200


def test_sent_twice_it_asks_once_and_said_anew_it_asks_nothing(path: str, ada: int):
    form = form_of(path)
    first = send(path, form, amount="20,00")
    again = send(path, form, amount="20,00")

    assert first.status == again.status == 200
    assert first.body == again.body
    other = send(path, form, amount="5,00")
    assert other.status == 422
    assert "Bitte sehen Sie zuerst in Ihren Auszug" in other.text
    assert Payout.objects.count() == 1
    assert wallet(ada) == (0, 0, 2000, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "20,01"}, "Sie können sich bis zu 20,00 € auszahlen lassen."),
        ({"amount": "0"}, "Bitte geben Sie einen Betrag wie 12,50 ein."),
        ({"amount": "-5"}, "Bitte geben Sie einen Betrag wie 12,50 ein."),
        ({"amount": "9" * 190}, "Bitte geben Sie einen Betrag wie 12,50 ein."),
        ({"amount": "5,001"}, "Bitte geben Sie einen Betrag wie 12,50 ein."),
        ({"iban": "DE89 3704 0044 0532 0130 01"}, "Bitte prüfen Sie die IBAN"),
        ({"iban": "<b>"}, "Bitte prüfen Sie die IBAN"),
        ({"iban": "AE070331234567890123456"}, "Dieses Konto liegt nicht im SEPA-Raum."),
        ({"iban": ""}, "Bitte prüfen Sie die IBAN"),
        ({"name": ""}, "Bitte geben Sie an, wem das Konto gehört"),
        ({"name": "A\x00"}, "Bitte geben Sie an, wem das Konto gehört"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_held(
    path: str, ada: int, wrong: dict[str, str], said: str
):
    form = form_of(path)
    page = send(path, form, **wrong)

    assert page.status == 422
    assert said in page.text
    assert Payout.objects.count() == 0
    assert wallet(ada) == (0, 2000, 0, 0)
    # The page that says so has a new form, which takes what is right.
    renewed = re.search(r'name="form" value="([^"]+)"', page.markup)
    assert renewed
    assert renewed[1] != form
    assert send(path, renewed[1]).status == 200


def test_a_form_of_another_page_or_of_nobody_asks_nothing(api: Api, path: str, ada: int):
    api.put("/customers/bob", {})
    give(customer("bob"), 500, now=NOON)
    bobs = form_of(f"{link(api, 'bob')}/payout")
    for form in ("", "x", bobs, form_of(path)[:-1] + "é"):
        assert send(path, form).status == 422
    assert Payout.objects.count() == 0


def test_without_the_setting_there_is_no_form(api: Api, path: str, ada: int, settings):
    assert "Auszahlen lassen" in visit(link(api)).text
    settings.PORTAL_PAYOUTS = False

    assert visit(path).status == 404
    assert send(path, "x").status == 404
    assert "Auszahlen lassen" not in visit(link(api)).text


def test_who_has_nothing_is_told_so(api: Api, settings):
    settings.PORTAL_PAYOUTS = True
    api.put("/customers/bob", {"locale": "de"})

    page = visit(f"{link(api, 'bob')}/payout")

    assert page.status == 200
    assert "Gerade gibt es nichts auszuzahlen." in page.text
    assert "<form" not in page.markup


def test_what_is_far_too_long_is_not_read(path: str):
    assert send(path, "x" * 20_000).status == 400


def test_all_that_is_wrong_is_marked_at_once(path: str):
    page = send(path, form_of(path), amount="x", iban="", name="")
    assert page.status == 422
    for name in ("amount", "name", "iban"):
        assert f'id="{name}-error"' in page.markup


def test_the_account_lists_what_was_asked_for_and_how_far_it_is(api: Api, path: str, ada: int):
    account = path.removesuffix("/payout")
    assert "Ihre Auszahlungen" not in visit(account).text
    for amount in ("12,50", "1,00", "2,00"):
        assert send(path, form_of(path), amount=amount).status == 200
    keys = Payout.objects.order_by("pk").values_list("pk", flat=True)
    first, second, _third = (f"pay_{key.hex}" for key in keys)
    boss = Api(make_key("payouts", name="boss"))
    assert boss.post(f"/cashback/payouts/{first}/approve", {}).status == 200
    assert boss.post(f"/cashback/payouts/{second}/reject", {"reason": "No."}).status == 200

    text = visit(account).text

    assert "Ihre Auszahlungen" in text
    assert "Sie wird in den nächsten Tagen überwiesen." in text
    assert "Sie wurde nicht ausgezahlt: Das Geld ist wieder in Ihrem Cashback." in text
    assert "Wir sehen sie uns an." in text
    assert "DE****************3000" in text
    assert text.index("Wir sehen sie uns an.") < text.index("12,50 €", text.index("Auszahlungen"))
    assert "No." not in text
