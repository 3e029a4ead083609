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
            "5 % off every item, not for reduced items",
            "5 % auf jeden Artikel, nicht für reduzierte Artikel",
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
            "1 € off each item of tea, at most 3 items",
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
            "10 % off A, B, C and 2 more, except Kyo and Mio, for items from 10 € to 20 €",
            "10 % auf A, B, C und 2 weitere, außer Kyo und Mio, für Artikel von 10 € bis 20 €",
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
            "cart, with any item (except tea) for at least 5 € in the cart, on the 2nd order, via "
            "web, delivered to DE or AT, paid by card, sent by parcel",
            "10 % auf die ganze Bestellung, bei Bestellungen bis 100 €, ab 3 Artikeln, mit 2 × CUP "
            "im Warenkorb, mit einem beliebigen Artikel (außer tea) für mindestens 5 € im Warenkorb, "
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
            "staff, twice per customer, 5 times per code, 1,000 times in all, while the budget of "
            "5,000 € lasts, not with other offers",
            "10 % auf die ganze Bestellung, für registrierte Kunden, für Segment vip, nicht für "
            "Segment staff, zweimal pro Kunde, 5-mal pro Code, insgesamt 1.000-mal, solange "
            "das Budget von 5.000 € reicht, nicht kombinierbar",
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
        pytest.param(
            {"items": TEA, "conditions": {"min_subtotal": 3000, "max_subtotal": 10_000}},
            "10 % off tea, on orders from 30 € to 100 €",
            "10 % auf tea, bei Bestellungen von 30 € bis 100 €",
            id="between",
        ),
        pytest.param(
            {"conditions": {"min_quantity": 1, "contains": [{}, {"min_quantity": 2}]}},
            "10 % off the whole order, from 1 item, with any item in the cart, with any 2 items in "
            "the cart",
            "10 % auf die ganze Bestellung, ab 1 Artikel, mit einem beliebigen Artikel im "
            "Warenkorb, mit 2 beliebigen Artikeln im Warenkorb",
            id="one and any",
        ),
    ],
)
def test_the_sentence_says_what_the_promotion_does(fields, english, german):
    assert told("en", **fields) == english
    assert told("de", **fields) == german


def test_dates_are_told_in_the_zone_of_the_promotion():
    schedule = {"starts_at": "2026-05-01T00:00:00+09:00", "timezone": "Asia/Tokyo"}

    assert told("en", schedule=schedule).endswith("from 1 May")


@pytest.mark.parametrize(
    ("effect", "english", "german"),
    [
        (
            {"kind": "percentage", "percent": "20"},
            "20 % off tea",
            "20 % auf tea",
        ),
        (
            {"kind": "fixed_amount", "amount": 500},
            "5 € off tea",
            "5 € Rabatt auf tea",
        ),
        (
            {"kind": "fixed_amount", "amount": 100, "on": "unit", "max_units": 1},
            "1 € off each item of tea, at most 1 item",
            "1 € Rabatt pro Stück auf tea, höchstens 1 Stück",
        ),
        (
            {"kind": "fixed_price", "price": 599},
            "tea for 5.99 € each",
            "tea für je 5,99 €",
        ),
        (
            {"kind": "fixed_price", "price": 0},
            "tea free of charge",
            "tea gratis",
        ),
        (
            {"kind": "bundle_price", "quantity": 3, "price": 1000, "max_applications": 2},
            "3 × tea for 10 €, at most twice per order",
            "3 × tea für 10 €, höchstens zweimal pro Bestellung",
        ),
        (
            {"kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1},
            "buy 2 × tea, get 1 more free",
            "2 × tea kaufen, 1 weiteres Stück gratis",
        ),
        (
            {
                "kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 2, "percent": "12.5",
                "max_applications": 1,
            },
            "buy 1 × tea, get 2 more at 12.5 % off, at most once per order",
            "1 × tea kaufen, 2 weitere Stück mit 12,5 % Rabatt, höchstens einmal pro Bestellung",
        ),
        (
            {
                "kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1,
                "get_items": {
                    "include": {"skus": ["CUP", "POT"]},
                    "exclude": {"brands": ["Kyo"]},
                    "skip_reduced": True,
                    "max_unit_price": 2000,
                },
            },
            "buy 2 × tea, get 1 × CUP or POT free (except Kyo, not for reduced items, for items up to 20 €)",
            "2 × tea kaufen, 1 × CUP oder POT gratis (außer Kyo, nicht für reduzierte Artikel, für Artikel bis 20 €)",
        ),
        (
            {"kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1, "get_items": {}},
            "buy 2 × tea, get 1 item of any kind free",
            "2 × tea kaufen, 1 beliebigen Artikel gratis",
        ),
        (
            {
                "kind": "tiered", "by": "subtotal", "max_discount": 2000,
                "tiers": [{"from": 10_000, "percent": "10"}, {"from": 5000, "percent": "5"}],
            },
            "5 % off tea from 50 €, 10 % from 100 €, at most 20 €",
            "5 % auf tea ab 50 €, 10 % ab 100 €, höchstens 20 €",
        ),
        (
            {
                "kind": "tiered", "by": "quantity", "on": "unit",
                "tiers": [{"from": 1, "amount": 100}, {"from": 3, "amount": 250}],
            },
            "1 € off each item of tea, 2.50 € from 3 items",
            "1 € Rabatt pro Stück auf tea, 2,50 € ab 3 Stück",
        ),
        (
            {"kind": "free_shipping"},
            "free shipping when you buy tea",
            "kostenloser Versand beim Kauf von tea",
        ),
        (
            {"kind": "free_shipping", "shipping_price": 199, "max_discount": 500},
            "shipping for 1.99 € when you buy tea, at most 5 € off",
            "Versand für 1,99 € beim Kauf von tea, höchstens 5 € Nachlass",
        ),
        (
            {"kind": "free_shipping", "percent": "50"},
            "50 % off shipping when you buy tea",
            "50 % auf den Versand beim Kauf von tea",
        ),
        (
            {"kind": "gift", "sku": "MUG", "unit_price": 500},
            "MUG as a gift (worth 5 €) when you buy tea",
            "MUG geschenkt (Wert 5 €) beim Kauf von tea",
        ),
        (
            {"kind": "gift", "sku": "MUG", "unit_price": 500, "quantity": 2},
            "2 × MUG as a gift (worth 10 €) when you buy tea",
            "2 × MUG geschenkt (Wert 10 €) beim Kauf von tea",
        ),
        (
            {"kind": "bonus_cashback", "amount": 500},
            "5 € extra cashback when you buy tea, available 14 days after delivery, for 365 days",
            "5 € Extra-Cashback beim Kauf von tea, einlösbar 14 Tage nach der Lieferung, 365 Tage lang",
        ),
        (
            {
                "kind": "bonus_cashback", "multiplier": "2", "pending_days": 0,
                "expires_after_days": 1,
            },
            "double cashback on tea, available from delivery, for 1 day",
            "doppeltes Cashback auf tea, einlösbar ab der Lieferung, 1 Tag lang",
        ),
        (
            {"kind": "bonus_cashback", "multiplier": "1.5", "pending_days": 1},
            "1.5 times the cashback on tea, available 1 day after delivery, for 365 days",
            "1,5-faches Cashback auf tea, einlösbar 1 Tag nach der Lieferung, 365 Tage lang",
        ),
    ],
)  # fmt: skip
def test_each_effect_says_what_it_does_with_some_items(effect, english, german):
    assert told("en", effect=effect, items=TEA) == english
    assert told("de", effect=effect, items=TEA) == german


@pytest.mark.parametrize(
    ("effect", "english", "german"),
    [
        ({"kind": "fixed_price", "price": 500}, "every item for 5 €", "jeder Artikel für 5 €"),
        (
            {"kind": "bundle_price", "quantity": 3, "price": 1000},
            "any 3 items for 10 €",
            "3 Artikel nach Wahl für 10 €",
        ),
        (
            {"kind": "bundle_price", "quantity": 1, "price": 0},
            "any one item free of charge",
            "ein Artikel nach Wahl gratis",
        ),
        (
            {"kind": "buy_x_get_y", "buy_quantity": 1, "get_quantity": 1, "percent": "50.0"},
            "buy 1 item, get 1 more at 50 % off",
            "1 Artikel kaufen, 1 weiteres Stück mit 50 % Rabatt",
        ),
        (
            {
                "kind": "tiered", "by": "quantity", "on": "lines",
                "tiers": [{"from": 0, "percent": "5"}, {"from": 1000, "percent": "10"}],
            },
            "5 % off every item, 10 % from 1,000 items",
            "5 % auf jeden Artikel, 10 % ab 1.000 Stück",
        ),
        (
            {"kind": "tiered", "by": "subtotal", "tiers": [{"from": 5000, "amount": 500}]},
            "5 € off the whole order from 50 €",
            "5 € Rabatt auf die ganze Bestellung ab 50 €",
        ),
        ({"kind": "free_shipping"}, "free shipping", "kostenloser Versand"),
        (
            {"kind": "free_shipping", "percent": "100", "max_discount": 500},
            "free shipping, at most 5 € off",
            "kostenloser Versand, höchstens 5 € Nachlass",
        ),
        (
            {"kind": "free_shipping", "shipping_price": 0},
            "free shipping",
            "kostenloser Versand",
        ),
        (
            {"kind": "gift", "sku": "MUG", "unit_price": 550},
            "MUG as a gift (worth 5.50 €)",
            "MUG geschenkt (Wert 5,50 €)",
        ),
        (
            {"kind": "bonus_cashback", "multiplier": "3"},
            "triple cashback, available 14 days after delivery, for 365 days",
            "dreifaches Cashback, einlösbar 14 Tage nach der Lieferung, 365 Tage lang",
        ),
    ],
)  # fmt: skip
def test_each_effect_says_what_it_does_with_everything(effect, english, german):
    assert told("en", effect=effect) == english
    assert told("de", effect=effect) == german


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        (
            {"effect": {"kind": "free_shipping"}},
            "free shipping from 30 €",
            "kostenloser Versand ab 30 €",
        ),
        (
            {"effect": {"kind": "free_shipping"}, "items": TEA},
            "free shipping when you buy tea, on orders from 30 €",
            "kostenloser Versand beim Kauf von tea, bei Bestellungen ab 30 €",
        ),
        (
            {"effect": {"kind": "fixed_price", "price": 500}, "items": TEA},
            "tea for 5 € each, on orders from 30 €",
            "tea für je 5 €, bei Bestellungen ab 30 €",
        ),
        (
            {"effect": off(100, "unit")},
            "1 € off each item, on orders from 30 €",
            "1 € Rabatt pro Stück, bei Bestellungen ab 30 €",
        ),
        (
            {
                "effect": {
                    "kind": "tiered", "by": "subtotal",
                    "tiers": [{"from": 5000, "percent": "5"}, {"from": 10_000, "percent": "10"}],
                }
            },
            "5 % off the whole order from 50 €, 10 % from 100 €, on orders from 30 €",
            "5 % auf die ganze Bestellung ab 50 €, 10 % ab 100 €, bei Bestellungen ab 30 €",
        ),
    ],
)  # fmt: skip
def test_the_minimum_of_the_order_is_no_part_of_a_price_or_of_tiers(fields, english, german):
    fields = fields | {"conditions": {"min_subtotal": 3000}}

    assert told("en", **fields) == english
    assert told("de", **fields) == german
