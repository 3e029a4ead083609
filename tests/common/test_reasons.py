"""Each reason has its words in both languages, filled from its params."""

import pytest

from common.reason_texts import TEXTS
from common.reasons import catalogue, describe
from promotions.domain.refusal import Reason

MISSING_TEA = {
    "include": {"categories": ["tea", "herbs"], "skus": ["A", "B"]},
    "exclude": {},
    "missing_quantity": 2,
    "missing_amount": None,
}
MISSING_MONEY = {
    "include": {},
    "exclude": {},
    "missing_quantity": 0,
    "missing_amount": 500,
}
#: One example of the params of each reason that has some.
PARAMS = {
    "code_not_started": {"starts_at": "2026-03-31T18:00:00+02:00"},
    "code_expired": {"ended_at": "2026-04-01T00:00:00+02:00"},
    "outside_time_window": {"next_opens_at": "2026-03-31T18:00:00+02:00"},
    "currency_not_supported": {"required": "USD", "current": "EUR"},
    "channel_not_eligible": {"allowed": ["app", "web"], "current": None},
    "country_not_eligible": {"allowed": ["AT", "CH", "DE", "LI"], "current": "FR"},
    "payment_method_not_eligible": {"allowed": ["card"], "current": None},
    "shipping_not_eligible": {"allowed": ["parcel"], "current": None},
    "nth_order_not_met": {"required": 3, "current": 1},
    "code_already_used": {"limit": 5},
    "customer_limit_reached": {"limit": 2},
    "usage_limit_reached": {"limit": 1000},
    "required_items_missing": {"missing": [MISSING_TEA, MISSING_MONEY]},
    "min_quantity_not_met": {"required": 3, "current": 1, "missing": 2},
    "min_order_not_met": {"required": 3000, "current": 2598, "missing": 402},
    "max_order_exceeded": {"maximum": 3000, "current": 123456},
    "too_many_codes": {"limit": 10},
}
CASHBACK = {"cashback_insufficient", "cashback_below_minimum"}


def told(code, params, language):
    title, detail = describe(code, params, currency="EUR", language=language)
    return title, detail.replace("\N{NO-BREAK SPACE}", " ")


def test_every_reason_has_its_words_and_no_word_is_without_reason():
    assert set(catalogue()) == set(Reason) | CASHBACK


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_reason_is_told_in_both_languages(code):
    english, german = (told(code, PARAMS.get(code, {}), language) for language in ("en", "de"))

    assert english[0] != german[0]
    for title, detail in (english, german):
        assert title.endswith(".")
        assert detail.endswith(".")
        assert "{" not in detail


def test_german_avoids_both_forms_of_address():
    words = {
        word.strip(".,;:!?")
        for text in TEXTS.values()
        for part in (text.de, text.detail_de)
        for word in part.split()
    }

    assert words.isdisjoint({"du", "dein", "deine", "dich", "dir", "Ihr", "Ihre", "Ihnen"})


@pytest.mark.parametrize(
    ("code", "params", "english", "german"),
    [
        (
            "min_order_not_met",
            PARAMS["min_order_not_met"],
            "From 30.00 € this offer applies; 4.02 € more to go.",
            "Ab 30,00 € gilt diese Aktion; es fehlen noch 4,02 €.",
        ),
        (
            "max_order_exceeded",
            PARAMS["max_order_exceeded"],
            "It applies up to 30.00 €; the cart comes to 1,234.56 €.",
            "Sie gilt bis 30,00 €; der Warenkorb liegt bei 1.234,56 €.",
        ),
        (
            "code_expired",
            PARAMS["code_expired"],
            "It ran until 31 March 2026.",
            "Sie galt bis 31. März 2026.",
        ),
        (
            "code_expired",
            {"ended_at": "2026-03-31T18:00:00+02:00"},
            "It ran until 31 March 2026, 18:00.",
            "Sie galt bis 31. März 2026, 18:00 Uhr.",
        ),
        (
            "outside_time_window",
            {"next_opens_at": None},
            "Its last hours are over.",
            "Die letzten Stunden sind vorbei.",
        ),
        (
            "nth_order_not_met",
            {"required": 1, "current": 4},
            "It is a welcome: it applies to the first order only.",
            "Sie ist ein Willkommensgruß: Sie gilt nur für die erste Bestellung.",
        ),
        ("code_already_used", {"limit": 1}, "It could be used once.", "Er war einmal einlösbar."),
        (
            "min_quantity_not_met",
            {"required": 3, "current": 2, "missing": 1},
            "From 3 items this offer applies; one more to go.",
            "Ab 3 Artikeln gilt diese Aktion; einer fehlt noch.",
        ),
        (
            "country_not_eligible",
            PARAMS["country_not_eligible"],
            "It applies to deliveries to AT, CH, DE or others.",
            "Sie gilt für Lieferungen nach AT, CH, DE oder andere.",
        ),
        (
            "required_items_missing",
            PARAMS["required_items_missing"],
            "Still missing: 2 × tea, herbs, A or others; any item for 5.00 € more.",
            "Es fehlt noch: 2 × tea, herbs, A oder andere; beliebige Artikel für weitere 5,00 €.",
        ),
        (
            "required_items_missing",
            {"missing": [MISSING_MONEY | {"missing_quantity": 1}]},
            "Still missing: 1 × any item for 5.00 € in all.",
            "Es fehlt noch: 1 × beliebige Artikel für zusammen 5,00 €.",
        ),
    ],
)
def test_the_sentence_says_exactly_what_is_missing(code, params, english, german):
    assert told(code, params, "en")[1] == english
    assert told(code, params, "de")[1] == german
