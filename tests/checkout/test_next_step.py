"""The sentence that a wallet ends with: friendly, exact, and the most pressing first."""

from datetime import datetime
from typing import Any

import pytest

from tests.api import DAY, HOUR, NOON, Api
from tests.checkout.purses import credit
from tests.checkout.test_wallet import code, promotion, shop, wallet

__all__ = ["shop"]

MIDNIGHT = "2026-04-01T00:00:00+02:00"


def said(api: Api, customer: str = "ada", language: str = "en", at: Any = NOON) -> str:
    text: str = wallet(api, customer, at, accept_language=language)["next_step"]
    return text


def test_somebody_without_anything_is_welcome(shop: Api):
    assert said(shop) == (
        "Ada, good to have you here. Offers that are meant for you will appear on this page."
    )
    assert said(shop, "bob", "de") == (
        "Schön, dass Sie da sind. Angebote für Sie finden Sie künftig hier."
    )


def test_the_code_that_ends_first_comes_first(shop: Api):
    promotion(shop, "tea")
    code(shop, "OPEN", "tea", customer_id="ada")
    assert said(shop) == "Ada, your code OPEN is waiting for you: “tea for you”."
    code(shop, "LATE", "tea", customer_id="ada", valid_until=(NOON + 40 * DAY).isoformat())
    code(shop, "SOON", "tea", customer_id="ada", valid_until=MIDNIGHT)

    assert said(shop) == (
        "Ada, your code SOON is waiting for you: “tea for you”. It is valid until 31 March 2026."
    )
    assert said(shop, language="de") == (
        "Ada, Ihr Code SOON wartet auf Sie: „tea für Sie“. Er gilt bis 31. März 2026."
    )


def test_a_membership_about_to_end_is_said_and_thanked_for(shop: Api):
    shop.put("/customers/ada/memberships/club", {"ends_at": MIDNIGHT})
    promotion(shop, "tea")
    code(shop, "OPEN", "tea", customer_id="ada")

    assert said(shop) == (
        "Ada, your membership “Tea club” runs until 31 March 2026. Thank you for being with us."
    )
    assert said(shop, language="de") == (
        "Ada, Ihre Mitgliedschaft „Teeclub“ läuft bis 31. März 2026. Danke, dass Sie dabei sind."
    )
    assert "membership" not in said(shop, at=NOON - 20 * DAY)


def test_an_offer_that_needs_no_code_says_so(shop: Api):
    audience = {"segments": ["members"]}
    promotion(shop, "shipping", activation="automatic", audience=audience)

    assert said(shop) == (
        "Ada, there is something for you: “shipping for you”. You need no code for it."
    )


@pytest.mark.parametrize(
    ("schedule", "start"),
    [
        ({"starts_at": "2026-03-12T18:00:00+01:00"}, "12 March 2026, 18:00"),
        ({"weekly": [{"days": [3], "from": "10:00", "until": "20:00"}]}, "11 March 2026, 10:00"),
    ],
    ids=["begins", "opens"],
)
def test_what_is_to_come_is_something_to_look_forward_to(shop: Api, schedule: Any, start: str):
    promotion(shop, "tea", schedule=schedule)
    code(shop, "TEA1", "tea", customer_id="ada")

    assert said(shop) == (
        f"Ada, there is something to look forward to: “tea for you”, from {start}."
    )


def test_whoever_is_not_registered_hears_what_registering_brings(shop: Api):
    promotion(shop, "welcome", activation="automatic", audience={"registered": True})
    promotion(shop, "past", activation="automatic", audience={"registered": True},
        schedule={"ends_at": (NOON - HOUR).isoformat()})  # fmt: skip

    assert said(shop, "bob") == (
        "“welcome for you” is for registered customers. Register, and it is there for you too."
    )
    assert said(shop, "bob", "de") == (
        "„welcome für Sie“ gibt es für registrierte Kunden."
        " Registrieren Sie sich, und es gilt auch für Sie."
    )


def test_cashback_that_is_about_to_end_is_said_before_codes_that_do_not_end(shop: Api):
    credit(amount=500, expires_at=datetime.fromisoformat(MIDNIGHT))
    credit(amount=9900, expires_at=NOON + 200 * DAY)
    promotion(shop, "tea")
    code(shop, "OPEN", "tea", customer_id="ada")

    assert said(shop) == "Ada, 5.00\xa0€ of your cashback can be spent until 31 March 2026."
    assert said(shop, language="de") == (
        "Ada, 5,00\xa0€ von Ihrem Cashback können Sie noch bis 31. März 2026 einlösen."
    )


def test_cashback_is_said_after_codes_and_offers(shop: Api):
    credit(amount=500)
    credit("bob", amount=500)
    promotion(shop, "tea")
    code(shop, "OPEN", "tea", customer_id="ada")

    assert said(shop) == "Ada, your code OPEN is waiting for you: “tea for you”."
    assert said(shop, "bob") == (
        "You have 5.00\xa0€ of cashback. Pay with it at the checkout whenever you like."
    )
    assert said(shop, "bob", "de") == (
        "Sie haben 5,00\xa0€ Cashback. Damit können Sie an der Kasse bezahlen."
    )
