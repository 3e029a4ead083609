"""The tea shop's segments with rules: filled from what its customers have done up to today."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.demo.offers.offer import CIRCLE, STAFF
from customers.actions.segments import put_segment

#: By id the name and the rule.
RULES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "beste-kaeufer": (
        "Beste Käufer",
        {"field": "orders.rfm", "op": "in", "value": ["champions", "loyal"]},
    ),
    "gruentee-freunde": (
        "Freunde des Grüntees",
        {
            "all": [
                {
                    "field": "orders.items",
                    "op": "gte",
                    "value": 2,
                    "within_days": 365,
                    "where": {"categories": ["Grüntee"]},
                },
                {"not": {"field": "segment", "op": "in", "value": [STAFF]}},
            ]
        },
    ),
    "geburtstag-bald": (
        "Geburtstag in 14 Tagen, mit Einwilligung",
        {
            "all": [
                {"field": "customer.birthday_in_days", "op": "lte", "value": 14},
                {
                    "field": "customer.consent",
                    "op": "is",
                    "value": "granted",
                    "channel": "email",
                    "purpose": "marketing",
                },
            ]
        },
    ),
    "drohen-zu-gehen": (
        "Drohen zu gehen",
        {
            "all": [
                {"field": "orders.count", "op": "gte", "value": 2},
                {"field": "orders.days_since_last", "op": "between", "value": [90, 270]},
                {
                    "any": [
                        {"field": "orders.total", "op": "gte", "value": 8000, "currency": "EUR"},
                        {"field": "segment", "op": "in", "value": [CIRCLE]},
                    ]
                },
            ]
        },
    ),
}


def make_groups(*, actor: str, now: datetime) -> None:
    """Put them as the API would. Part of the caller's transaction."""
    for reference, (name, rule) in RULES.items():
        put_segment(reference=reference, name=name, rule=rule, if_match=None, actor=actor, now=now)
