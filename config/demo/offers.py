"""The promotions of the tea shop, as a shop would `PUT` them: every sort that there is so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from promotions.domain.definition import PromotionDefinition

#: The promotion that `walk_demo` walks through.
TEA_20 = "tee-20"
THANKS = "stammkunden-danke"
REGULARS = "stammkunden"
READERS = "newsletter"
WELCOME_CODE = "WILLKOMMEN"

_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion, when staff made it, and the codes that everybody may use."""

    promotion_id: str
    definition: PromotionDefinition
    made_at: datetime
    shared_codes: tuple[str, ...] = ()


def offers(*, today: datetime) -> list[Offer]:
    """All of them, in the order in which staff made them; times count from `today`, a midnight in Berlin."""
    return [
        _offer("jubel-15", _jubilee(today), _days_before(today, 125), "JUBEL15"),
        _offer("willkommen", _welcome(), _days_before(today, 123), WELCOME_CODE),
        _offer(TEA_20, _tea_20(), _days_before(today, 121)),
        _offer("feierabend", _happy_hour(), _days_before(today, 110)),
        _offer("newsletter-10", _readers(), _days_before(today, 100)),
        _offer("gruentee-2", _green_tea(), _days_before(today, 90), "GRUEN2"),
        _offer("ab-75", _from_75(), _days_before(today, 80)),
        _offer(THANKS, _thanks(today), _days_before(today, 31)),
        _offer("fruechte-25", _fruit(today), _days_before(today, 3)),
    ]


def _days_before(today: datetime, days: int) -> datetime:
    """Some time of a working day."""
    return today - timedelta(days=days) + timedelta(hours=9 + days % 8, minutes=days * 7 % 60)


def _offer(promotion_id: str, shape: Mapping[str, Any], made_at: datetime, *codes: str) -> Offer:
    running = {"status": "active", "currency": "EUR", **shape}
    return Offer(promotion_id, msgspec.convert(running, PromotionDefinition), made_at, codes)


def _jubilee(today: datetime) -> dict[str, Any]:
    """It is over."""
    return {
        "name": "Ladenjubiläum",
        "title": {"de": "15 % zum Jubiläum", "en": "15 % for our anniversary"},
        "currency": None,
        "effect": {"kind": "percentage", "percent": "15"},
        "schedule": {
            "starts_at": today - timedelta(days=115),
            "ends_at": today - timedelta(days=85),
            "timezone": _ZONE,
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


def _tea_20() -> dict[str, Any]:
    """Personal codes, one by one."""
    return {
        "name": "20 % auf Tee, persönlich",
        "title": {"de": "20 % auf Tee", "en": "20 % off tea"},
        "terms": {
            "de": "Ab 30 €, einmal pro Kundin oder Kunde, nicht auf reduzierte Sorten.",
            "en": "From 30 €, once per customer, not on reduced teas.",
        },
        "effect": {"kind": "percentage", "percent": "20", "on": "lines", "max_discount": 5000},
        "items": {"include": {"categories": ["Tee"]}, "skip_reduced": True},
        "conditions": {"min_subtotal": 3000},
        "limits": {"per_customer": 1},
    }


def _happy_hour() -> dict[str, Any]:
    """By itself, at the end of the working week."""
    return {
        "name": "Feierabend",
        "title": {"de": "15 % auf Zubehör zum Feierabend", "en": "15 % off teaware after work"},
        "activation": "automatic",
        "currency": None,
        "effect": {"kind": "percentage", "percent": "15", "on": "lines"},
        "items": {"include": {"categories": ["Zubehör"]}},
        "schedule": {
            "timezone": _ZONE,
            "weekly": [{"days": [4, 5], "from": "17:00", "until": "20:00"}],
        },
    }


def _readers() -> dict[str, Any]:
    """By itself, for a segment, and nobody who gets the regulars' thanks."""
    return {
        "name": "Newsletter-Dank",
        "title": {"de": "10 % für Newsletter-Leser", "en": "10 % for newsletter readers"},
        "activation": "automatic",
        "effect": {"kind": "percentage", "percent": "10", "max_discount": 1000},
        "audience": {"segments": [READERS], "exclude_segments": [REGULARS]},
        "limits": {"per_customer": 2},
    }


def _green_tea() -> dict[str, Any]:
    """As long as the budget lasts."""
    return {
        "name": "Grüntee-Wochen",
        "title": {"de": "2 € je Packung Grüntee", "en": "2 € off each pack of green tea"},
        "effect": {"kind": "fixed_amount", "amount": 200, "on": "unit", "max_units": 5},
        "items": {"include": {"categories": ["Grüntee"]}, "exclude": {"skus": ["TEE-MATCHA"]}},
        "stacking": {"group": "sorten"},
        "limits": {"discount_budget": 4000},
    }


def _from_75() -> dict[str, Any]:
    """By itself, for large carts; on its own or not at all."""
    return {
        "name": "Große Bestellung",
        "title": {"de": "6 € ab 75 €", "en": "6 € off from 75 €"},
        "activation": "automatic",
        "effect": {"kind": "fixed_amount", "amount": 600},
        "conditions": {"min_subtotal": 7500, "countries": ["DE", "AT"]},
        "stacking": {"exclusive": True},
    }


def _thanks(today: datetime) -> dict[str, Any]:
    """One code for each member of a segment, made by a job."""
    return {
        "name": "Danke an Stammkunden",
        "title": {"de": "10 € Dankeschön", "en": "10 € as a thank-you"},
        "effect": {"kind": "fixed_amount", "amount": 1000},
        "conditions": {"min_subtotal": 4000},
        "audience": {"segments": [REGULARS]},
        "schedule": {"ends_at": today + timedelta(days=60), "timezone": _ZONE},
    }


def _fruit(today: datetime) -> dict[str, Any]:
    """Staff are still at it."""
    return {
        "name": "Früchtewochen",
        "title": {"de": "25 % auf Früchtetee", "en": "25 % off fruit tea"},
        "status": "draft",
        "currency": None,
        "effect": {"kind": "percentage", "percent": "25", "on": "lines"},
        "items": {"include": {"categories": ["Früchtetee"]}},
        "schedule": {"starts_at": today + timedelta(days=90), "timezone": _ZONE},
    }
