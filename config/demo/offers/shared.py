"""Offers with a code for everybody who knows it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config.demo.offers.offer import STAFF, ZONE, Offer, days_before, offer

WELCOME_CODE = "WILLKOMMEN"
TEAM_CODE = "TEAM30"


def shared(*, today: datetime) -> Iterator[Offer]:
    """In the order in which staff made them."""
    yield offer("jubel-15", _jubilee(today), days_before(today, 67), "JUBEL15")
    yield offer("willkommen", _welcome(), days_before(today, 62), WELCOME_CODE)
    yield offer("gruentee-2", _green_tea(), days_before(today, 60), "GRUEN2")
    yield offer("mehr-tee", _more(), days_before(today, 57), "MEHR")
    yield offer("vorrat", _pantry(), days_before(today, 54), "VORRAT")
    yield offer("versand-190", _cheap_delivery(), days_before(today, 52), "VERSAND190")
    yield offer("kleiner-korb", _small_cart(), days_before(today, 49), "KLEIN")
    yield offer("gluecksschwein", _lucky_pig(), days_before(today, 46), "GLUECK")
    yield offer("teestunde", _tea_time(), days_before(today, 44), "TEESTUNDE")
    yield offer("tasse-14", _cup(), days_before(today, 41), "TASSE14")
    yield offer("buero-12", _offices(), days_before(today, 38), "BUERO-HAFEN", "BUERO-SPEICHER")
    yield offer("team-30", _team(), days_before(today, 61), TEAM_CODE)
    yield offer("abholung", _pick_up(), days_before(today, 34), "LADEN")
    yield offer("matcha-30", _matcha(), days_before(today, 28), "MATCHA30")


def _jubilee(today: datetime) -> dict[str, Any]:
    """It is over."""
    return {
        "name": "Ladenjubiläum",
        "title": {"de": "15 % zum Jubiläum", "en": "15 % for our anniversary"},
        "currency": None,
        "effect": {"kind": "percentage", "percent": "15"},
        "schedule": {
            "starts_at": today - timedelta(days=65),
            "ends_at": today - timedelta(days=40),
            "timezone": ZONE,
        },
        "limits": {"redemptions": 250},
        "after_cancel": "keep",
    }


def _welcome() -> dict[str, Any]:
    """One code for all new customers, on their first order."""
    return {
        "name": "Willkommen",
        "title": {"de": "5 € zum Kennenlernen", "en": "5 € to get to know us"},
        "terms": {
            "de": "Nur für die erste Bestellung, nur mit Kundenkonto.",
            "en": "On the first order only, for registered customers.",
        },
        "effect": {"kind": "fixed_amount", "amount": 500},
        "conditions": {"min_subtotal": 2000, "nth_order": 1},
        "audience": {"registered": True},
        "limits": {"redemptions": 500, "per_customer": 1},
    }


def _green_tea() -> dict[str, Any]:
    """As long as the budget lasts, and it will last."""
    return {
        "name": "Grüntee-Wochen",
        "title": {"de": "2 € je Packung Grüntee", "en": "2 € off each pack of green tea"},
        "terms": {
            "de": "Bis zu 5 Packungen; Matcha für den Alltag ist ausgenommen.",
            "en": "Up to 5 packs; everyday matcha is excluded.",
        },
        "effect": {"kind": "fixed_amount", "amount": 200, "on": "unit", "max_units": 5},
        "items": {"include": {"categories": ["Grüntee"]}, "exclude": {"skus": ["TEE-MATCHA"]}},
        "stacking": {"group": "sorten"},
        "limits": {"discount_budget": 30_000},
    }


def _more() -> dict[str, Any]:
    return {
        "name": "Mehr Tee, mehr Rabatt",
        "title": {"de": "5, 8 oder 12 % auf alles", "en": "5, 8 or 12 % off everything"},
        "terms": {
            "de": "5 % ab 30 €, 8 % ab 60 €, 12 % ab 100 €; einmal pro Kundin oder Kunde.",
            "en": "5 % from 30 €, 8 % from 60 €, 12 % from 100 €; once per customer.",
        },
        "effect": {
            "kind": "tiered",
            "by": "subtotal",
            "tiers": [
                {"from": 3000, "percent": "5"},
                {"from": 6000, "percent": "8"},
                {"from": 10_000, "percent": "12"},
            ],
            "max_discount": 2000,
        },
        "limits": {"per_customer": 1},
    }


def _pantry() -> dict[str, Any]:
    return {
        "name": "Schwarztee auf Vorrat",
        "title": {
            "de": "50 Cent oder 1 € je Schwarztee",
            "en": "50 cents or 1 € off each black tea",
        },
        "terms": {
            "de": "50 Cent je Packung ab 4, 1 € ab 8; nicht auf reduzierte Sorten.",
            "en": "50 cents a pack from 4 packs, 1 € from 8; not on reduced teas.",
        },
        "effect": {
            "kind": "tiered",
            "by": "quantity",
            "on": "unit",
            "tiers": [{"from": 4, "amount": 50}, {"from": 8, "amount": 100}],
        },
        "items": {"include": {"categories": ["Schwarztee"]}, "skip_reduced": True},
        "conditions": {"min_quantity": 4},
    }


def _cheap_delivery() -> dict[str, Any]:
    return {
        "name": "Versand für 1,90 €",
        "title": {"de": "Versand für 1,90 €", "en": "Delivery for 1.90 €"},
        "effect": {"kind": "free_shipping", "shipping_price": 190},
        "conditions": {"min_subtotal": 2500, "payment_methods": ["card", "paypal"]},
    }


def _small_cart() -> dict[str, Any]:
    return {
        "name": "Halber Versand",
        "title": {"de": "Halber Versand bis 25 €", "en": "Half the delivery up to 25 €"},
        "effect": {"kind": "free_shipping", "percent": "50"},
        "conditions": {"max_subtotal": 2500},
        "audience": {"registered": True},
    }


def _lucky_pig() -> dict[str, Any]:
    """So liked that its budget is nearly used up."""
    return {
        "name": "Glücksschwein",
        "title": {
            "de": "20 % Glück, bis das Schwein leer ist",
            "en": "20 % until the piggy is empty",
        },
        "terms": {
            "de": "Ab 25 €, höchstens 12 € pro Bestellung, solange das Budget reicht.",
            "en": "From 25 €, at most 12 € per order, while the budget lasts.",
        },
        "effect": {"kind": "percentage", "percent": "20", "max_discount": 1200},
        "conditions": {"min_subtotal": 2500},
        "stacking": {"group": "warenkorb"},
        "limits": {"discount_budget": 8_000},
    }


def _tea_time() -> dict[str, Any]:
    return {
        "name": "Teestunde",
        "title": {"de": "20 % auf Gebäck zur Teestunde", "en": "20 % off biscuits at tea time"},
        "terms": {
            "de": "Täglich von 15 bis 17 Uhr.",
            "en": "Daily from 3 to 5 p.m.",
        },
        "currency": None,
        "effect": {"kind": "percentage", "percent": "20", "on": "lines"},
        "items": {"include": {"categories": ["Gebäck"]}},
        "schedule": {
            "timezone": ZONE,
            "weekly": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "15:00", "until": "17:00"}],
        },
    }


def _cup() -> dict[str, Any]:
    return {
        "name": "Tasse des Monats",
        "title": {
            "de": "In der App: Tokoname-Tassen für 14 €",
            "en": "In the app: Tokoname cups for 14 €",
        },
        "effect": {"kind": "fixed_price", "price": 1400},
        "items": {"include": {"brands": ["Tokoname"]}, "max_unit_price": 2500},
        "conditions": {"channels": ["app"]},
    }


def _offices() -> dict[str, Any]:
    """Partners who hand the code on, each a few times."""
    return {
        "name": "Tee fürs Büro",
        "title": {"de": "12 € für die Teeküche", "en": "12 € for the office kitchen"},
        "terms": {
            "de": "Ab 60 € mit mindestens 5 Tees, auf Rechnung.",
            "en": "From 60 € with at least 5 teas, on invoice.",
        },
        "effect": {"kind": "fixed_amount", "amount": 1200},
        "conditions": {
            "min_subtotal": 6000,
            "contains": [{"include": {"categories": ["Tee"]}, "min_quantity": 5}],
            "payment_methods": ["invoice"],
        },
        "stacking": {"group": "warenkorb"},
        "limits": {"per_code": 25},
    }


def _team() -> dict[str, Any]:
    return {
        "name": "Für unser Team",
        "title": {"de": "30 % für alle, die hier arbeiten", "en": "30 % for all who work here"},
        "currency": None,
        "effect": {"kind": "percentage", "percent": "30"},
        "audience": {"segments": [STAFF]},
        "stacking": {"exclusive": True, "priority": 10},
    }


def _pick_up() -> dict[str, Any]:
    return {
        "name": "Im Laden abgeholt",
        "title": {"de": "5 % beim Abholen im Laden", "en": "5 % when you pick it up"},
        "currency": None,
        "effect": {"kind": "percentage", "percent": "5"},
        "conditions": {"countries": ["DE"], "shipping_methods": ["pickup"]},
    }


def _matcha() -> dict[str, Any]:
    """They were quick: all are gone."""
    return {
        "name": "Matcha-Premiere",
        "title": {
            "de": "30 % auf Matcha für die ersten 5",
            "en": "30 % off matcha for the first 5",
        },
        "terms": {
            "de": "Auf Tee, Schale, Besen und Kekse, höchstens 15 €.",
            "en": "On tea, bowl, whisk and biscuits, at most 15 €.",
        },
        "effect": {"kind": "percentage", "percent": "30", "on": "lines", "max_discount": 1500},
        "items": {"include": {"tags": ["matcha"]}},
        "limits": {"redemptions": 5},
        "after_cancel": "keep",
    }
