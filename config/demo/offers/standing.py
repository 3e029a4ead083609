"""Offers that apply by themselves, since the day on which the checkout began to use promotions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config.demo.offers.offer import CIRCLE, READERS, REGULARS, ZONE, Offer, days_before, offer


def standing(*, today: datetime) -> Iterator[Offer]:
    """In the order in which staff made them."""
    yield offer("versandfrei-49", _free_delivery(), days_before(today, 66))
    yield offer("ab-75", _from_75(), days_before(today, 66))
    yield offer("kraeuter-3", _three_herbs(), days_before(today, 65))
    yield offer("stoevchen-halb", _warmer(), days_before(today, 65))
    yield offer("teesieb-geschenk", _strainer(), days_before(today, 64))
    yield offer("feierabend", _happy_hour(), days_before(today, 63))
    yield offer("newsletter-10", _readers(), days_before(today, 62))
    yield offer("teekreis-cashback", _circle(), days_before(today, 61))
    yield offer("rooibos-3plus1", _rooibos(today), days_before(today, 33))


def _free_delivery() -> dict[str, Any]:
    return {
        "name": "Versandfrei",
        "title": {"de": "Ab 49 € versandfrei", "en": "Free delivery from 49 €"},
        "terms": {
            "de": "Als Paket nach Deutschland und Österreich.",
            "en": "As a parcel to Germany and Austria.",
        },
        "activation": "automatic",
        "effect": {"kind": "free_shipping"},
        "conditions": {
            "min_subtotal": 4900,
            "countries": ["DE", "AT"],
            "shipping_methods": ["parcel"],
        },
    }


def _from_75() -> dict[str, Any]:
    """For large carts; on its own or not at all."""
    return {
        "name": "Große Bestellung",
        "title": {"de": "6 € ab 75 €", "en": "6 € off from 75 €"},
        "terms": {
            "de": "Nicht zusammen mit anderen Aktionen; ein Geschenk darf dabei sein.",
            "en": "Not together with other offers, though a gift may come along.",
        },
        "activation": "automatic",
        "effect": {"kind": "fixed_amount", "amount": 600},
        "conditions": {"min_subtotal": 7500, "countries": ["DE", "AT"]},
        "stacking": {"exclusive": True},
    }


def _three_herbs() -> dict[str, Any]:
    return {
        "name": "Kräuter im Dreierpack",
        "title": {"de": "3 Kräutertees für 15 €", "en": "3 herbal teas for 15 €"},
        "terms": {
            "de": "Bunt gemischt, bis zu zweimal pro Bestellung.",
            "en": "Mix them as you like, up to twice per order.",
        },
        "activation": "automatic",
        "effect": {"kind": "bundle_price", "quantity": 3, "price": 1500, "max_applications": 2},
        "items": {"include": {"categories": ["Kräutertee"]}},
        "stacking": {"group": "sorten"},
    }


def _warmer() -> dict[str, Any]:
    return {
        "name": "Zur Kanne das Stövchen",
        "title": {
            "de": "Zur Kanne das Stövchen zum halben Preis",
            "en": "A warmer at half price with your teapot",
        },
        "activation": "automatic",
        "effect": {
            "kind": "buy_x_get_y",
            "buy_quantity": 1,
            "get_quantity": 1,
            "percent": "50",
            "get_items": {"include": {"skus": ["STOEVCHEN"]}},
        },
        "items": {"include": {"categories": ["Kannen"]}},
    }


def _strainer() -> dict[str, Any]:
    return {
        "name": "Teesieb dazu",
        "title": {
            "de": "Ab 60 € ein Teesieb geschenkt",
            "en": "A tea strainer as a gift from 60 €",
        },
        "terms": {
            "de": "Liegt dem Paket bei, solange der Vorrat reicht.",
            "en": "We put it into your parcel, while stocks last.",
        },
        "activation": "automatic",
        "effect": {"kind": "gift", "sku": "TEESIEB", "unit_price": 990},
        "conditions": {"min_subtotal": 6000},
        "limits": {"redemptions": 5000},
        "after_cancel": "keep",
    }


def _happy_hour() -> dict[str, Any]:
    """At the end of the working week."""
    return {
        "name": "Feierabend",
        "title": {"de": "15 % auf Zubehör zum Feierabend", "en": "15 % off teaware after work"},
        "activation": "automatic",
        "currency": None,
        "effect": {"kind": "percentage", "percent": "15", "on": "lines"},
        "items": {"include": {"categories": ["Zubehör"]}},
        "schedule": {
            "timezone": ZONE,
            "weekly": [{"days": [4, 5], "from": "17:00", "until": "20:00"}],
        },
    }


def _readers() -> dict[str, Any]:
    """For a segment, and nobody who gets the regulars' thanks."""
    return {
        "name": "Newsletter-Dank",
        "title": {"de": "10 % für Newsletter-Leser", "en": "10 % for newsletter readers"},
        "terms": {
            "de": "Zweimal pro Leserin oder Leser, höchstens 10 €.",
            "en": "Twice per reader, at most 10 €.",
        },
        "activation": "automatic",
        "effect": {"kind": "percentage", "percent": "10", "max_discount": 1000},
        "audience": {"segments": [READERS], "exclude_segments": [REGULARS]},
        "stacking": {"priority": 5},
        "limits": {"per_customer": 2},
    }


def _circle() -> dict[str, Any]:
    return {
        "name": "Cashback für den Teekreis",
        "title": {"de": "2 € Cashback für den Teekreis", "en": "2 € cashback for the tea circle"},
        "activation": "automatic",
        "effect": {"kind": "bonus_cashback", "amount": 200, "pending_days": 14},
        "conditions": {"min_subtotal": 3000},
        "audience": {"segments": [CIRCLE]},
    }


def _rooibos(today: datetime) -> dict[str, Any]:
    """For some weeks only."""
    return {
        "name": "Rooiboswochen",
        "title": {
            "de": "Rooibos: 3 kaufen, der 4. ist geschenkt",
            "en": "Rooibos: buy 3, get 1 free",
        },
        "activation": "automatic",
        "currency": None,
        "effect": {"kind": "buy_x_get_y", "buy_quantity": 3, "get_quantity": 1},
        "items": {"include": {"categories": ["Rooibos"]}},
        "stacking": {"group": "sorten"},
        "schedule": {
            "starts_at": today - timedelta(days=32),
            "ends_at": today + timedelta(days=22),
            "timezone": ZONE,
        },
    }
