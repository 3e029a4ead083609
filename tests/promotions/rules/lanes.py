"""The policy's order of work."""

from tests.promotions.domain.shop import ADA, applied, cart, off, offer, percent, quote
from tests.promotions.effects import (
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    fixed_price,
    free_shipping,
    gift,
    tiered,
)
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import FIRST, both

LANES = (
    "**Order of work.** The chosen promotions are applied in lanes: first items (`percentage`, "
    "`fixed_amount` and `tiered` on `lines`, `line` or `unit`; `fixed_price`, `bundle_price`, "
    "`buy_x_get_y`), then the order (`percentage`, `fixed_amount` and `tiered` on `order`), then "
    "shipping (`free_shipping`), then `gift` and `bonus_cashback`, which take nothing from the "
    "price."
)
WITHIN_LANE = "Within a lane: higher `priority` first, then `promotion_id` in code point order."
REMAINING = "Each works on what is remaining."


def all_lanes():
    """Promotions whose ids and priorities would have it the other way round."""
    return quote(
        cart((1, 1000), shipping_amount=495),
        [
            offer("a", effect=bonus_cashback(amount=50), stacking={"priority": 5}),
            offer("b", effect=gift(), stacking={"priority": 4}),
            offer("c", effect=free_shipping(), stacking={"priority": 3}),
            offer("d", effect=off(100), stacking={"priority": 2}),
            offer("e", effect=off(100, "line"), stacking={"priority": 1}),
        ],
        customer=ADA,
    )


#: On 2 x 500, by b; then a takes 10 % of the order.
ITEM_EFFECTS = [
    ("percentage on lines: 20 % of 1000 = 200", percent("20", "lines"), 200),
    ("fixed amount on the line: 200", off(200, "line"), 200),
    ("fixed amount on the unit: 2 x 100", off(100, "unit"), 200),
    ("tiered on lines: 20 % of 1000", tiered({1000: "20"}, on="lines"), 200),
    ("tiered on the line: 200", tiered({1000: 200}, on="line"), 200),
    ("tiered on the unit: 2 x 100", tiered({1000: 100}, on="unit"), 200),
    ("fixed price: 2 x (500 - 400)", fixed_price(400), 200),
    ("bundle price: 1000 - 800", bundle_price(2, 800), 200),
    ("buy 1, get 1 at 40 % off: 200", buy_x_get_y(1, 1, percent="40"), 200),
]
#: On 2 x 500 by a, although b with 50 % on lines comes behind it by id and priority.
ORDER_EFFECTS = [
    ("percentage: 10 % of 500", percent("10"), 50),
    ("fixed amount: at most the 500 left", off(700), 500),
    ("tiered with percent: 10 % of 500", tiered({1000: "10"}), 50),
    ("tiered with amount: at most the 500 left", tiered({1000: 700}), 500),
]

ROWS = [
    *(
        Row(
            LANES,
            f"b first: {working}; then a: 10 % of the 800 left on the order = 80",
            lambda effect=effect: both(
                {"effect": percent("10"), "stacking": FIRST}, {"effect": effect}, (2, 500)
            ),
            {"b": taken, "a": 80},
        )
        for working, effect, taken in ITEM_EFFECTS
    ),
    *(
        Row(
            LANES,
            f"b first: 50 % of 1000 on lines; then a on the order, {working}",
            lambda effect=effect: both(
                {"effect": effect, "stacking": FIRST}, {"effect": percent("50", "lines")}, (2, 500)
            ),
            {"b": 500, "a": taken},
        )
        for working, effect, taken in ORDER_EFFECTS
    ),
    Row(
        LANES,
        "items e, order d, shipping c; b and a are of one lane, where a has the higher priority",
        lambda: [row.promotion_id for row in all_lanes().applied],
        ["e", "d", "c", "a", "b"],
    ),
    Row(
        LANES,
        "1000 - 100 - 100 and no shipping: the gift and the bonus take nothing from the price",
        lambda: (
            all_lanes().total,
            [(row.promotion_id, row.amount) for row in all_lanes().applied],
        ),
        (800, [("e", 100), ("d", 100), ("c", 495), ("a", 0), ("b", 0)]),
    ),
    Row(
        WITHIN_LANE,
        "b first by priority: 300; then 10 % of 700 = 70",
        lambda: both({"effect": percent("10")}, {"effect": off(300), "stacking": FIRST}, (1, 1000)),
        {"b": 300, "a": 70},
    ),
    Row(
        WITHIN_LANE,
        "equal priorities, a first: 10 % of 1000 = 100, then 300",
        lambda: both({"effect": percent("10")}, {"effect": off(300)}, (1, 1000)),
        {"a": 100, "b": 300},
    ),
    Row(
        WITHIN_LANE,
        "'B' comes before 'a' in code point order: 300 first, then 10 % of 700",
        lambda: applied(
            quote(cart((1, 1000)), [offer("a", effect=percent("10")), offer("B", effect=off(300))])
        ),
        {"B": 300, "a": 70},
    ),
    Row(
        WITHIN_LANE,
        "b first by priority: each of 3 x 1000 at 600 = 1200; then a: two of 600 for 1100 = 100",
        lambda: both(
            {"effect": bundle_price(2, 1100)},
            {"effect": fixed_price(600), "stacking": FIRST},
            (3, 1000),
        ),
        {"b": 1200, "a": 100},
    ),
    Row(
        WITHIN_LANE,
        "a first by id: two for 1100 = 900, 550 each; then b's price of 600 is 400 off the third",
        lambda: both({"effect": bundle_price(2, 1100)}, {"effect": fixed_price(600)}, (3, 1000)),
        {"a": 900, "b": 400},
    ),
    Row(
        REMAINING,
        "50 % of 1001 = 500.5 -> 501; 50 % of the 500 left = 250",
        lambda: both({"effect": percent("50")}, {"effect": percent("50")}, (1, 1001)),
        {"a": 501, "b": 250},
    ),
    Row(
        REMAINING,
        "a halves 3 x 1000; b, two for 800, takes 500 + 500 - 800 = 200",
        lambda: both(
            {"effect": percent("50", "lines")}, {"effect": bundle_price(2, 800)}, (3, 1000)
        ),
        {"a": 1500, "b": 200},
    ),
    Row(
        REMAINING,
        "a halves 2 x 1000; b, buy 1 get 1 free, takes the 500 left of the second",
        lambda: both({"effect": percent("50", "lines")}, {"effect": buy_x_get_y(1, 1)}, (2, 1000)),
        {"a": 1000, "b": 500},
    ),
    Row(
        REMAINING,
        "a: 50 % of 495 = 247.5 -> 248; b: 50 % of the 247 left = 123.5 -> 124",
        lambda: both(
            {"effect": free_shipping(percent="50")},
            {"effect": free_shipping(percent="50")},
            (1, 1000),
            shipping_amount=495,
        ),
        {"a": 248, "b": 124},
    ),
    Row(
        REMAINING,
        "a brings 495 down to 200: 295; b: 50 % of the 200 left",
        lambda: both(
            {"effect": free_shipping(shipping_price=200)},
            {"effect": free_shipping(percent="50")},
            (1, 1000),
            shipping_amount=495,
        ),
        {"a": 295, "b": 100},
    ),
]
