"""What members of the tea club have: ordinary promotions, whose audience is the club."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config.demo.offers.offer import CLUB, ZONE, Offer, days_before, offer

_OF_MEMBERS = {"activation": "automatic", "audience": {"segments": [CLUB]}}


def club(*, today: datetime) -> Iterator[Offer]:
    """In the order in which staff made them."""
    since = days_before(today, 21)
    yield offer("club-versandfrei", _delivery(since), since)
    yield offer("club-tag", _day(today), days_before(today, 10))
    first, then = today - timedelta(days=5), today + timedelta(days=2)
    made_at = days_before(today, 7)
    yield offer("beeren-vorab", _berries(first) | _OF_MEMBERS, made_at)
    yield offer("beeren", _berries(then), made_at)


def _delivery(since: datetime) -> dict[str, Any]:
    return {
        **_OF_MEMBERS,
        "name": "Versandfrei im Teeclub",
        "title": {"de": "Versandfrei im Teeclub", "en": "Free delivery in the tea club"},
        "terms": {"de": "Solange die Mitgliedschaft läuft.", "en": "While you are a member."},
        "effect": {"kind": "free_shipping"},
        "schedule": {"starts_at": since},
    }


def _day(today: datetime) -> dict[str, Any]:
    """One day, from midnight to midnight."""
    starts_at = today + timedelta(days=6)
    return {
        **_OF_MEMBERS,
        "name": "Clubtag",
        "title": {"de": "Clubtag: 15 % auf alles", "en": "Club day: 15 % off everything"},
        "terms": {"de": "Höchstens 20 € pro Bestellung.", "en": "At most 20 € per order."},
        "effect": {"kind": "percentage", "percent": "15", "max_discount": 2000},
        "schedule": {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(days=1),
            "timezone": ZONE,
        },
    }


def _berries(starts_at: datetime) -> dict[str, Any]:
    """The same for everybody a week after the club; one of the two at a time."""
    return {
        "name": "Beerenwoche",
        "title": {"de": "1 € auf jeden Früchtetee", "en": "1 € off each fruit tea"},
        "activation": "automatic",
        "effect": {"kind": "fixed_amount", "amount": 100, "on": "unit"},
        "items": {"include": {"categories": ["Früchtetee"]}},
        "stacking": {"group": "beeren"},
        "schedule": {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=12)},
    }
