"""The policy's tiers."""

from tests.promotions.domain.shop import percent
from tests.promotions.effects import tiered
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import both, cut

TEA = {"categories": ["tea"]}

TIERED = (
    "- `tiered`: the highest tier whose `from` is reached by the eligible lines' subtotal (or "
    "units), then as `percentage` (`on`: `order` or `lines`) or `fixed_amount` (`on`: `order`, "
    "`line` or `unit`); one promotion has only percent or only amount tiers."
)
STEPS = tiered({2000: "10", 1000: "5", 5000: "20"})
BY_QUANTITY = tiered({3: "10", 5: "20"}, by="quantity")

ROWS = [
    *(
        Row(
            TIERED,
            f"5 % from 1000, 10 % from 2000, 20 % from 5000: {working}",
            lambda price=price: cut(STEPS, (1, price)),
            [taken],
        )
        for price, working, taken in [
            (999, "999 reaches none", 0),
            (1000, "5 % of 1000", 50),
            (1999, "5 % of 1999 = 99.95 -> 100", 100),
            (2000, "10 % of 2000", 200),
            (5000, "20 % of 5000, not 10", 1000),
        ]
    ),
    *(
        Row(
            TIERED,
            f"{units} units of 100, 10 % from 3, 20 % from 5",
            lambda units=units: cut(BY_QUANTITY, (units, 100)),
            [taken],
        )
        for units, taken in [(2, 0), (3, 30), (4, 40), (5, 100)]
    ),
    Row(
        TIERED,
        "the eligible lines' own subtotal: 1500 of tea reach 5 % = 75, although the cart holds 2500",
        lambda: cut(STEPS, (1, 1500, TEA), (1, 1000), items={"include": TEA}),
        [75, 0],
    ),
    Row(
        TIERED,
        "the eligible units: 2 of tea reach no tier, although the cart holds 5",
        lambda: cut(BY_QUANTITY, (2, 100, TEA), (3, 100), items={"include": TEA}),
        [0, 0],
    ),
    Row(
        TIERED,
        "the subtotal is as it came: a leaves 500 of 1000, b's tier from 1000 stays reached: 5 % "
        "of 500",
        lambda: both({"effect": percent("50", "lines")}, {"effect": STEPS}, (1, 1000)),
        {"a": 500, "b": 25},
    ),
    Row(
        TIERED,
        "on lines: 10 % of 105 = 10.5 -> 11, each",
        lambda: cut(tiered({0: "10"}, on="lines"), (1, 105), (1, 105)),
        [11, 11],
    ),
    Row(
        TIERED,
        "on the order: 10 % of 210 = 21, spread 10.5 each: the first gets the one left",
        lambda: cut(tiered({0: "10"}), (1, 105), (1, 105)),
        [11, 10],
    ),
    *(
        Row(
            TIERED,
            f"on {on}, 50 % of 1000 and 3000 would be 2000, at most 1000, spread: 250, 750",
            lambda on=on: cut(tiered({0: "50"}, on=on, max_discount=1000), (1, 1000), (1, 3000)),
            [250, 750],
        )
        for on in ("order", "lines")
    ),
    Row(
        TIERED,
        "an amount on the order: 300 over 4300, 1400 and 2300",
        lambda: cut(tiered({8000: 300, 8001: 900}), (1, 4300), (1, 1400), (1, 2300)),
        [161, 53, 86],
    ),
    Row(
        TIERED,
        "an amount on each line: 300, but 100 has only 100",
        lambda: cut(tiered({1: 300}, on="line"), (2, 500), (1, 100)),
        [300, 100],
    ),
    Row(
        TIERED,
        "an amount on each unit, from 5 units on: 2 x 300, 3 x 100",
        lambda: cut(tiered({5: 300}, by="quantity", on="unit"), (2, 500), (3, 100)),
        [600, 300],
    ),
    Row(
        TIERED,
        "a tier from 0 is always reached: 1 of 5",
        lambda: cut(tiered({0: 1, 6: 2}), (1, 5)),
        [1],
    ),
]
