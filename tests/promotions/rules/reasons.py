"""The policy's order of reasons: a staircase from a hopeless code to one that is applied.

On the first step everything stands in the way at once. Each step mends what was told, and nothing
else unless it says so; then the next reason comes out. So each step shows that its reason goes
before all that are still below it.
"""

from datetime import timedelta

from promotions.domain.facts import GUEST, CustomerFacts, CustomerUsage, PromotionUsage
from tests.promotions.domain.shop import NOON, cart, code, off, offer, percent, quote, refusal
from tests.promotions.rules.row import Row

DAY = timedelta(days=1)
YESTERDAY, TOMORROW = (NOON - DAY).isoformat(), (NOON + DAY).isoformat()

UNKNOWN = (
    "**Which reason**, when several hold: the first in this order: code unknown, held by another "
    "customer (both `code_not_valid`);"
)
WINDOWS = "`code_not_started`, `code_expired` (the code's own window, then the promotion's);"
PLACES = "`channel_`, `country_`, `payment_method_`, `shipping_not_eligible`;"
LIMITS = (
    "`code_already_used`, `customer_limit_reached`, `usage_limit_reached`, `budget_exhausted` (the "
    "promotion alone would give more than is left);"
)
HELD = "each of these four is `held_by_other_checkout` when only holds stand in the way;"
ITEMS = (
    "`no_qualifying_items` (no line matches `include`), `excluded_items_only` (some match, but "
    "none is eligible);"
)
ORDER = "`min_order_not_met`, `max_order_exceeded`;"

#: Everything is wrong with it.
HOPELESS = {
    "code": {
        "found": False,
        "foreign": True,
        "enabled": False,
        "valid_from": NOON + DAY,
        "valid_until": NOON - DAY,
        "limit": 1,
        "used": 1,
    },
    "cart": {},
    "offer": {
        "activation": "code",
        "status": "paused",
        "currency": "USD",
        "effect": off(100),
        "items": {"include": {"skus": ["1"]}},
        "conditions": {
            "channels": ["web"],
            "countries": ["DE"],
            "payment_methods": ["card"],
            "shipping_methods": ["parcel"],
            "nth_order": 1,
            "contains": [{"include": {"skus": ["2"]}}],
            "min_quantity": 2,
            "min_subtotal": 2000,
        },
        "audience": {"registered": True},
        "schedule": {
            "starts_at": TOMORROW,
            "weekly": [{"days": [2], "from": "00:00", "until": "23:00"}],
        },
        "limits": {"per_customer": 1, "redemptions": 1, "discount_budget": 99},
    },
    "customer": GUEST,
    "usage": PromotionUsage(used=1),
    "own_usage": CustomerUsage(used=1),
}

#: The reason told, the sentence that puts it there, and what mends it.
STAIRS = [
    ("code_not_valid", UNKNOWN, {"code": {"found": True}}),
    ("code_not_valid", UNKNOWN, {"code": {"foreign": False}}),
    ("code_disabled", "`code_disabled`;", {"code": {"enabled": True}}),
    ("promotion_not_running", "`promotion_not_running`;", {"offer": {"status": "active"}}),
    ("code_not_started", WINDOWS, {"code": {"valid_from": None}}),
    ("code_expired", WINDOWS, {"code": {"valid_until": None}}),
    # No promotion can end before it starts, so the end comes in when the start goes.
    (
        "code_not_started",
        WINDOWS,
        {"offer": {"schedule.starts_at": None, "schedule.ends_at": YESTERDAY}},
    ),
    ("code_expired", WINDOWS, {"offer": {"schedule.ends_at": None}}),
    ("outside_time_window", "`outside_time_window`;", {"offer": {"schedule.weekly": []}}),
    ("currency_not_supported", "`currency_not_supported`;", {"offer": {"currency": "EUR"}}),
    ("channel_not_eligible", PLACES, {"cart": {"channel": "web"}}),
    ("country_not_eligible", PLACES, {"cart": {"shipping_country": "DE"}}),
    ("payment_method_not_eligible", PLACES, {"cart": {"payment_method": "card"}}),
    ("shipping_not_eligible", PLACES, {"cart": {"shipping_method": "parcel"}}),
    (
        "sign_in_required",
        "`sign_in_required`;",
        {"customer": CustomerFacts(signed_in=True, earlier_orders=1)},
    ),
    (
        "customer_not_eligible",
        "`customer_not_eligible`;",
        {"customer": CustomerFacts(signed_in=True, registered=True, earlier_orders=1)},
    ),
    (
        "nth_order_not_met",
        "`nth_order_not_met`;",
        {"customer": CustomerFacts(signed_in=True, registered=True)},
    ),
    ("code_already_used", LIMITS, {"code": {"used": 0}}),
    ("customer_limit_reached", LIMITS, {"own_usage": CustomerUsage()}),
    ("usage_limit_reached", LIMITS, {"usage": PromotionUsage()}),
    # What takes nothing exhausts no budget, so the wrong items and the missing effect come in
    # when the budget is mended.
    (
        "budget_exhausted",
        LIMITS,
        {
            "offer": {
                "limits.discount_budget": None,
                "items": {"include": {"skus": ["9"]}},
                "effect": percent("0.0001"),
            }
        },
    ),
    # Included and excluded at once.
    (
        "no_qualifying_items",
        ITEMS,
        {"offer": {"items": {"include": {"skus": ["1"]}, "exclude": {"skus": ["1"]}}}},
    ),
    ("excluded_items_only", ITEMS, {"offer": {"items": {}}}),
    ("required_items_missing", "`required_items_missing`;", {"offer": {"conditions.contains": []}}),
    ("min_quantity_not_met", "`min_quantity_not_met`;", {"offer": {"conditions.min_quantity": 1}}),
    # A cart cannot be too small and too large.
    (
        "min_order_not_met",
        ORDER,
        {"offer": {"conditions.min_subtotal": None, "conditions.max_subtotal": 999}},
    ),
    ("max_order_exceeded", ORDER, {"offer": {"conditions.max_subtotal": None}}),
    ("no_effect", "`no_effect`.", {"offer": {"effect": off(100)}}),
    (None, UNKNOWN, {}),
]


def told(world):
    """The reason that the first code of the cart gets, its code only."""
    found = quote(
        cart((1, 1000), codes=["CODE1"], **world["cart"]),
        [offer(**world["offer"])],
        codes=[code("CODE1", **world["code"])],
        customer=world["customer"],
        usage={"p": world["usage"]},
        own_usage={"p": world["own_usage"]},
    )
    reason = refusal(found)
    return reason and reason.code.value


def mended(world, mends):
    """The world after the mends; "schedule.weekly" reaches into the offer's parts."""
    changed = world | {part: mend for part, mend in mends.items() if not isinstance(mend, dict)}
    for part, mend in mends.items():
        if isinstance(mend, dict):
            changed[part] = dict(world[part])
            for path, value in mend.items():
                outer, _, inner = path.partition(".")
                changed[part][outer] = changed[part][outer] | {inner: value} if inner else value
    return changed


def stairs():
    world = HOPELESS
    for reason, sentence, mends in STAIRS:
        yield Row(
            sentence, f"{reason} goes before all below", lambda world=world: told(world), reason
        )
        world = mended(world, mends)


def held(**world):
    """The reason when everything else is well."""
    fine = {
        "code": {},
        "cart": {},
        "offer": {"activation": "code", "effect": off(100)},
        "customer": CustomerFacts(signed_in=True),
        "usage": PromotionUsage(),
        "own_usage": CustomerUsage(),
    }
    return told(
        {
            part: fine[part] | world.get(part, {})
            if isinstance(fine[part], dict)
            else world.get(part, fine[part])
            for part in fine
        }
    )


HELD_ROWS = [
    (
        "2 uses of the code: 1 used, 1 held",
        {"code": {"limit": 2, "used": 1, "held": 1}},
        "held_by_other_checkout",
    ),
    ("2 used", {"code": {"limit": 2, "used": 2, "held": 1}}, "code_already_used"),
    (
        "2 per customer: 1 used, 1 held",
        {"offer": {"limits": {"per_customer": 2}}, "own_usage": CustomerUsage(used=1, held=1)},
        "held_by_other_checkout",
    ),
    (
        "2 in all: 0 used, 2 held",
        {"offer": {"limits": {"redemptions": 2}}, "usage": PromotionUsage(held=2)},
        "held_by_other_checkout",
    ),
    (
        "budget 500: 400 spent, 1 held; 100 are needed, 99 left",
        {
            "offer": {"limits": {"discount_budget": 500}},
            "usage": PromotionUsage(spent=400, held_amount=1),
        },
        "held_by_other_checkout",
    ),
    (
        "budget 500: 401 spent; 100 are needed, 99 unspent",
        {
            "offer": {"limits": {"discount_budget": 500}},
            "usage": PromotionUsage(spent=401, held_amount=1),
        },
        "budget_exhausted",
    ),
]

ROWS = [
    *stairs(),
    *(
        Row(HELD, working, lambda world=world: held(**world), expected)
        for working, world, expected in HELD_ROWS
    ),
]
