"""Offers with codes of one's own: one by one, for each member of a segment, or printed by the thousand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from config.demo.offers.offer import (
    CIRCLE,
    REGULARS,
    SILENT,
    ZONE,
    Offer,
    days_before,
    offer,
)
from promotions.actions.batches import BatchOrder

#: The promotion that `walk_demo` walks through.
TEA_20 = "tee-20"
BIRTHDAY = "geburtstag-15"
BOOKLET = "gutscheinheft"
FLYERS = "messe-3"
WIN_BACK = "komm-zurueck"
THANKS = "stammkunden-danke"


def personal(*, today: datetime) -> Iterator[Offer]:
    """In the order in which staff made them."""
    yield offer(TEA_20, _tea_20(), days_before(today, 61))
    yield offer(BIRTHDAY, _birthday(), days_before(today, 60))
    yield offer(BOOKLET, _booklet(today), days_before(today, 55))
    flyers = BatchOrder(count=3_000, pattern="MESSE-########", valid_days=120)
    yield offer(FLYERS, _flyers(), days_before(today, 47), batch=flyers)
    win_back = BatchOrder(segment_id=SILENT, pattern="WIEDER-########", valid_days=60)
    yield offer(WIN_BACK, _win_back(), days_before(today, 38), batch=win_back)
    thanks = BatchOrder(segment_id=REGULARS, pattern="DANKE-########", valid_days=90)
    yield offer(THANKS, _thanks(today), days_before(today, 25), batch=thanks)


def _tea_20() -> dict[str, Any]:
    """One by one."""
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


def _birthday() -> dict[str, Any]:
    """Around the day itself."""
    return {
        "name": "Geburtstag im Teekreis",
        "title": {"de": "15 % zum Geburtstag", "en": "15 % for your birthday"},
        "terms": {
            "de": "Zwei Wochen vor und nach Ihrem Geburtstag, höchstens 20 €.",
            "en": "Two weeks before and after your birthday, at most 20 €.",
        },
        "effect": {"kind": "percentage", "percent": "15", "max_discount": 2000},
        "audience": {"segments": [CIRCLE]},
        "limits": {"per_code": 1},
    }


def _booklet(today: datetime) -> dict[str, Any]:
    """Sold by the former till; its codes came in a file."""
    return {
        "name": "Gutscheinheft",
        "title": {"de": "4 € aus dem Gutscheinheft", "en": "4 € from the voucher booklet"},
        "terms": {
            "de": "Ab 12 €; was schon eingelöst war, bleibt eingelöst.",
            "en": "From 12 €; what was redeemed before stays redeemed.",
        },
        "effect": {"kind": "fixed_amount", "amount": 400},
        "conditions": {"min_subtotal": 1200},
        "schedule": {"ends_at": today + timedelta(days=120), "timezone": ZONE},
        "limits": {"per_code": 1},
    }


def _flyers() -> dict[str, Any]:
    """Printed, handed out, each good for once."""
    return {
        "name": "Gruß von der Teemesse",
        "title": {"de": "3 € Messegruß", "en": "3 € with greetings from the fair"},
        "terms": {
            "de": "Ab 15 €, ein Gutschein pro Bestellung.",
            "en": "From 15 €, one voucher per order.",
        },
        "effect": {"kind": "fixed_amount", "amount": 300},
        "conditions": {"min_subtotal": 1500},
    }


def _win_back() -> dict[str, Any]:
    """One for each member of a segment, made by a job."""
    return {
        "name": "Komm zurück",
        "title": {"de": "15 % auf Ihre Bestellung", "en": "15 % off your order"},
        "terms": {
            "de": "Nur für Sie, einmal, höchstens 15 €.",
            "en": "For you alone, once, at most 15 €.",
        },
        "effect": {"kind": "percentage", "percent": "15", "max_discount": 1500},
        "audience": {"segments": [SILENT]},
        "limits": {"per_customer": 1, "discount_budget": 40_000},
    }


def _thanks(today: datetime) -> dict[str, Any]:
    return {
        "name": "Danke an Stammkunden",
        "title": {"de": "10 € Dankeschön", "en": "10 € as a thank-you"},
        "terms": {
            "de": "Ab 40 €, nur für Sie persönlich.",
            "en": "From 40 €, for you alone.",
        },
        "effect": {"kind": "fixed_amount", "amount": 1000},
        "conditions": {"min_subtotal": 4000},
        "audience": {"segments": [REGULARS]},
        "schedule": {"ends_at": today + timedelta(days=60), "timezone": ZONE},
    }
