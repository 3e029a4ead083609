"""What may stand in a promotion's or a code's way: parts of their bodies, some of which hold."""

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from tests.promotions.agreement.amounts import Money
from tests.promotions.agreement.items import CONTAINED

#: A Monday, 13:00 in Berlin.
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SOON = (NOW + timedelta(seconds=1)).isoformat()
_JUST = (NOW - timedelta(seconds=1)).isoformat()

_WEEKLY = [
    {"days": [1], "from": "12:00", "until": "14:00"},
    {"days": [1], "from": "13:00", "until": "13:01"},
    {"days": [1], "from": "12:00", "until": "13:00"},
    {"days": [7], "from": "20:00", "until": "13:30"},
    {"days": [7], "from": "20:00", "until": "13:00"},
    {"days": [2, 3], "from": "00:00", "until": "23:59"},
]
_PLACES_AND_PEOPLE = [
    {"conditions": {"channels": ["web"]}},
    {"conditions": {"channels": ["app", "shop"]}},
    {"conditions": {"countries": ["AT"]}},
    {"conditions": {"payment_methods": ["card"]}},
    {"conditions": {"shipping_methods": ["parcel"]}},
    {"conditions": {"nth_order": 1}},
    {"conditions": {"nth_order": 2}},
    {"audience": {"registered": True}},
    {"audience": {"segments": ["regulars", "tea-lovers"]}},
    {"audience": {"exclude_segments": ["vip"]}},
]
_LIMITS = [
    {"limits": {"redemptions": 2}},
    {"limits": {"redemptions": 1}},
    {"limits": {"per_customer": 1}},
    {"limits": {"per_code": 1}},
]
_OTHERS = [
    {"status": "paused"},
    {"status": "draft"},
    {"currency": "USD"},
    {"items": {"include": {"skus": ["NOWHERE"]}}},
    {"schedule": {"starts_at": NOW.isoformat()}},
    {"schedule": {"starts_at": _SOON}},
    {"schedule": {"ends_at": NOW.isoformat()}},
    {"schedule": {"ends_at": _SOON}},
    *({"schedule": {"weekly": [window]}} for window in _WEEKLY),
    {"schedule": {"weekly": _WEEKLY[:1], "timezone": "America/New_York"}},
    {"schedule": {"weekly": _WEEKLY[2:4], "timezone": "Europe/Berlin"}},
]


@cache
def obstacles(money: Money) -> st.SearchStrategy:
    """Parts of a promotion's body, to be merged into it."""
    return st.sampled_from(_PLACES_AND_PEOPLE * 2 + _LIMITS * 3 + _OTHERS) | st.one_of(
        st.fixed_dictionaries({"conditions": condition})
        for condition in (
            st.fixed_dictionaries({"min_subtotal": money.totals}),
            st.fixed_dictionaries({"max_subtotal": money.totals}),
            st.fixed_dictionaries({"min_quantity": st.integers(1, 6)}),
            st.fixed_dictionaries({"contains": st.lists(CONTAINED, min_size=1, max_size=2)}),
            st.fixed_dictionaries(
                {"contains": st.tuples(st.fixed_dictionaries({"min_amount": money.totals}))}
            ),
        )
    )


#: Of one promotion: what was used of it, and what other checkouts hold.
COUNTS = st.sampled_from(
    [
        {},
        {"used": 1, "held": 1, "customer_held": 1},
        {"used": 1, "customer_used": 1},
        {"used": 1, "customer_used": 1},
        {"held": 2, "customer_held": 1},
        {"used": 2},
        {"used": 2, "held": 1, "customer_used": 1, "customer_held": 1},
    ]
)

_PLAIN_CODES = [{}] * 50
CODES = st.sampled_from(
    [
        *_PLAIN_CODES,
        {"status": "disabled"},
        {"valid_from": NOW.isoformat(), "valid_until": _SOON},
        {"valid_from": _SOON},
        {"valid_until": NOW.isoformat()},
        {"valid_until": _JUST, "status": "disabled"},
        {"customer_id": "c1"},
        {"customer_id": "somebody-else"},
        {"customer_id": "c1", "used": 1},
        {"customer_id": "c1", "used": 1, "max_redemptions": 2},
        {"batch_id": "bat_1", "used": 1},
        {"batch_id": "bat_1", "held": 1},
        {"max_redemptions": 2, "used": 1, "held": 1},
        {"used": 1, "held": 1},
    ]
)
