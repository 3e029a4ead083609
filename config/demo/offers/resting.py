"""Offers that nobody gets today: in the making, still to come, stopped, put away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config.demo.offers.offer import ZONE, Offer, days_before, offer


def resting(*, today: datetime) -> Iterator[Offer]:
    """In the order in which staff made them."""
    yield offer(
        "kandis-dazu",
        _rock_sugar(),
        days_before(today, 60),
        "KANDIS",
        later=(days_before(today, 35), "archived"),
    )
    yield offer(
        "blogtee",
        _blog(),
        days_before(today, 50),
        "BLOGTEE",
        "BLOGTEE-VIP",
        # It stood where it was not meant to stand; the other code followed.
        disabled={"BLOGTEE-VIP": days_before(today, 41)},
        later=(days_before(today, 27), "paused"),
    )
    yield offer("kannenwochen", _teapots(today), days_before(today, 9), "KANNE15")
    yield offer("doppelt", _double(today), days_before(today, 6), "DOPPELT")
    yield offer("fruechte-25", _fruit(today), days_before(today, 3))


def _rock_sugar() -> dict[str, Any]:
    """Archived: all is given away."""
    return {
        "name": "Kandis zum Schwarztee",
        "title": {"de": "Kandis geschenkt", "en": "Rock sugar as a gift"},
        "effect": {"kind": "gift", "sku": "KANDIS", "quantity": 2, "unit_price": 490},
        "items": {"include": {"categories": ["Schwarztee"]}},
        "conditions": {"min_quantity": 2},
    }


def _blog() -> dict[str, Any]:
    """Paused: more came of it than was agreed."""
    return {
        "name": "Aktion mit dem Teeblog",
        "title": {"de": "25 % für Blogleser", "en": "25 % for readers of the blog"},
        "currency": None,
        "effect": {"kind": "percentage", "percent": "25", "on": "lines"},
        "items": {
            "include": {"categories": ["Tee"]},
            "exclude": {"brands": ["Himalaya"], "tags": ["matcha"]},
        },
        "stacking": {"exclusive": True},
    }


def _teapots(today: datetime) -> dict[str, Any]:
    """Upcoming."""
    return {
        "name": "Kannenwochen",
        "title": {"de": "15 € auf jede große Kanne", "en": "15 € off each big teapot"},
        "effect": {"kind": "fixed_amount", "amount": 1500, "on": "line"},
        "items": {"include": {"categories": ["Kannen"]}, "min_unit_price": 4000},
        "schedule": {
            "starts_at": today + timedelta(days=14),
            "ends_at": today + timedelta(days=45),
            "timezone": ZONE,
        },
        "limits": {"discount_budget": 150_000},
    }


def _double(today: datetime) -> dict[str, Any]:
    """Upcoming, for one weekend."""
    saturday = today + timedelta(days=14 + (6 - today.isoweekday()) % 7)
    return {
        "name": "Doppeltes Cashback",
        "title": {
            "de": "Ein Wochenende lang doppeltes Cashback",
            "en": "Double cashback for a weekend",
        },
        "currency": None,
        "effect": {"kind": "bonus_cashback", "multiplier": "2"},
        "schedule": {
            "starts_at": saturday,
            "ends_at": saturday + timedelta(days=2),
            "timezone": ZONE,
        },
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
        "schedule": {"starts_at": today + timedelta(days=90), "timezone": ZONE},
    }
