"""The plain sentence, in both languages."""

from datetime import date

import pytest

from promotions.domain.sentence import sentence
from tests.promotions.domain.shop import BERLIN, define, off, percent

TEA = {"include": {"categories": ["tea"]}}


def told(language, **fields):
    text = sentence(define(**fields), language=language, shop_zone=BERLIN, today=date(2026, 3, 2))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        pytest.param(
            {
                "effect": percent("20", "lines"),
                "items": TEA,
                "conditions": {"min_subtotal": 3000},
                "limits": {"per_customer": 1},
                "schedule": {"ends_at": "2026-04-01T00:00:00+02:00"},
            },
            "20 % off tea from 30 €, once per customer, until 31 March",
            "20 % auf tea ab 30 €, einmal pro Kunde, bis 31. März",
            id="the one everybody understands",
        ),
        pytest.param(
            {"effect": percent("12.5", max_discount=5050)},
            "12.5 % off the whole order, at most 50.50 €",
            "12,5 % auf die ganze Bestellung, höchstens 50,50 €",
            id="capped",
        ),
        pytest.param(
            {"effect": percent("5", "lines"), "items": {"skip_reduced": True}},
            "5 % off every item, not on reduced items",
            "5 % auf jeden Artikel, nicht auf reduzierte Artikel",
            id="every item",
        ),
        pytest.param(
            {"effect": off(500), "conditions": {"nth_order": 1}},
            "5 € off the whole order, on the first order",
            "5 € Rabatt auf die ganze Bestellung, bei der ersten Bestellung",
            id="a welcome",
        ),
        pytest.param(
            {"effect": off(100, "unit", max_units=3), "items": TEA},
            "1 € off each unit of tea, at most 3 units",
            "1 € Rabatt pro Stück auf tea, höchstens 3 Stück",
            id="units",
        ),
        pytest.param(
            {"effect": off(100, "line"), "currency": "JPY"},
            "100 ¥ off each line",
            "100 ¥ Rabatt pro Position",
            id="yen",
        ),
        pytest.param(
            {
                "items": {
                    "include": {"skus": ["A", "B", "C", "D", "E"]},
                    "exclude": {"brands": ["Kyo", "Mio"]},
                    "min_unit_price": 1000,
                    "max_unit_price": 2000,
                }
            },
            "10 % off A, B, C and 2 more, except Kyo or Mio, on items from 10 € to 20 €",
            "10 % auf A, B, C und 2 weitere, außer Kyo oder Mio, auf Artikel von 10 € bis 20 €",
            id="many items",
        ),
        pytest.param(
            {
                "conditions": {
                    "max_subtotal": 10_000,
                    "min_quantity": 3,
                    "contains": [
                        {"include": {"skus": ["CUP"]}, "min_quantity": 2},
                        {"exclude": TEA["include"], "min_amount": 500},
                    ],
                    "nth_order": 2,
                    "channels": ["web"],
                    "countries": ["DE", "AT"],
                    "payment_methods": ["card"],
                    "shipping_methods": ["parcel"],
                }
            },
            "10 % off the whole order, on orders up to 100 €, from 3 items, with 2 × CUP in the "
            "cart, with anything (except tea) for at least 5 € in the cart, on the 2nd order, by "
            "web, delivered to DE or AT, paid by card, sent by parcel",
            "10 % auf die ganze Bestellung, für Bestellungen bis 100 €, ab 3 Artikeln, mit 2 × CUP "
            "im Warenkorb, mit beliebigen Artikeln (außer tea) für mindestens 5 € im Warenkorb, "
            "bei der 2. Bestellung, über web, bei Lieferung nach DE oder AT, bei Zahlung mit card, "
            "bei Versand mit parcel",
            id="all conditions",
        ),
        pytest.param(
            {
                "audience": {
                    "registered": True,
                    "segments": ["vip"],
                    "exclude_segments": ["staff"],
                },
                "limits": {
                    "redemptions": 1_000,
                    "per_customer": 2,
                    "per_code": 5,
                    "discount_budget": 500_000,
                },
                "stacking": {"exclusive": True},
            },
            "10 % off the whole order, for registered customers, for segment vip, not for segment "
            "staff, twice per customer, 5 times per code, 1,000 times in all, as long as 5,000 € "
            "last, not with other offers",
            "10 % auf die ganze Bestellung, für registrierte Kunden, für Segment vip, nicht für "
            "Segment staff, zweimal pro Kunde, 5-mal pro Code, insgesamt 1.000-mal, solange "
            "5.000 € reichen, nicht kombinierbar",
            id="people and limits",
        ),
        pytest.param(
            {
                "schedule": {
                    "starts_at": "2025-12-24T10:00:00+01:00",
                    "ends_at": "2026-03-31T18:00:00+02:00",
                    "weekly": [
                        {"days": [5, 6], "from": "17:00", "until": "20:00"},
                        {"days": [3, 1, 2], "from": "08:00", "until": "09:00"},
                        {"days": [1, 2, 3, 4, 5, 6, 7], "from": "22:00", "until": "23:00"},
                    ],
                }
            },
            "10 % off the whole order, from 24 December 2025, 10:00 until 31 March, 18:00, Fridays "
            "and Saturdays 17:00–20:00 and Mondays to Wednesdays 08:00–09:00 and daily "
            "22:00–23:00",
            "10 % auf die ganze Bestellung, vom 24. Dezember 2025, 10:00 Uhr bis 31. März, 18:00 "
            "Uhr, freitags und samstags 17:00–20:00 Uhr und montags bis mittwochs 08:00–09:00 Uhr "
            "und täglich 22:00–23:00 Uhr",
            id="times",
        ),
    ],
)
def test_the_sentence_says_what_the_promotion_does(fields, english, german):
    assert told("en", **fields) == english
    assert told("de", **fields) == german


def test_dates_are_told_in_the_zone_of_the_promotion():
    schedule = {"starts_at": "2026-05-01T00:00:00+09:00", "timezone": "Asia/Tokyo"}

    assert told("en", schedule=schedule).endswith("from 1 May")
