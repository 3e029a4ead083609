"""The policy's runs: buy some, get some, and units that are counted once."""

from tests.promotions.domain.shop import applied, cart, off, offer, percent, quote
from tests.promotions.effects import bundle_price, buy_x_get_y
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import FIRST, both, cut

TEA = {"categories": ["tea"]}
CUP = {"categories": ["cups"]}
CUPS = {"include": CUP}
FOR_TEA = {"include": TEA}

SAME = (
    "- `buy_x_get_y` without `get_items`: n eligible units, r = min(floor(n / (buy_quantity + "
    "get_quantity)), max_applications) runs; of the r x (buy_quantity + get_quantity) dearest "
    "units the last r x get_quantity are rewarded."
)
OTHERS = (
    "With `get_items`: runs are made one at a time, at most `max_applications`; each buys the next "
    "`buy_quantity` units (units of the buy side only before units of both sides, dearest first), "
    "and a run is made only if after its purchase more than (earlier runs) x get_quantity unbought "
    "units of the get side are left (the get side: discountable lines that match `get_items`); "
    "rewarded are the r x get_quantity cheapest unbought units of the get side, fewer where there "
    "are fewer."
)
REWARDED = "A rewarded unit loses `percent` of its remaining, rounded per unit."
COUNTED = (
    "- A unit that one `buy_x_get_y` or `bundle_price` of the combination has counted (bought, "
    "rewarded or bundled, also if that saved nothing) is not counted by another."
)
WORKED = (
    "Units of 60, 50, 40, 30, 20, 10 and 5, buy 2 get 1 free: 2 runs take the six dearest, 20 and "
    "10 are free."
)
SEVEN = [(1, price) for price in (60, 50, 40, 30, 20, 10, 5)]


def tea_for_cups(effect, *lines):
    """What is taken when tea is bought and cups are got."""
    return cut({**effect, "get_items": CUPS}, *lines, items=FOR_TEA)


def anything_for_cups(effect, *lines):
    return cut({**effect, "get_items": CUPS}, *lines)


ROWS = [
    Row(
        SAME,
        "5 units, buy 1 get 1: floor(5 / 2) = 2 runs, 2 x 100",
        lambda: cut(buy_x_get_y(1, 1), (5, 100)),
        [200],
    ),
    Row(
        SAME,
        "2 units, buy 2 get 1: no run",
        lambda: cut(buy_x_get_y(2, 1), (2, 100)),
        [0],
    ),
    Row(
        SAME,
        "2 runs of 5 out of ten units, 10 to 1: the last 4 are rewarded, 4 + 3 + 2 + 1",
        lambda: cut(buy_x_get_y(3, 2), *[(1, price) for price in range(1, 11)]),
        [1, 2, 3, 4, 0, 0, 0, 0, 0, 0],
    ),
    Row(
        SAME,
        "at most one run of two: 60 and 50, of which 50 is the last; 40 and 30 are not touched",
        lambda: cut(buy_x_get_y(1, 1, max_applications=1), (1, 30), (1, 60), (1, 40), (1, 50)),
        [0, 0, 0, 50],
    ),
    Row(
        SAME,
        "only eligible units: 2 of tea make one run, the dearer cup none",
        lambda: cut(buy_x_get_y(1, 1), (2, 100, TEA), (1, 900, CUP), items=FOR_TEA),
        [100, 0],
    ),
    Row(WORKED, "as it says", lambda: cut(buy_x_get_y(2, 1), *SEVEN), [0, 0, 0, 0, 20, 10, 0]),
    Row(
        REWARDED,
        "2 runs of 4 x 99: 50 % of 99 = 49.5 -> 50, twice (of both together it were 99)",
        lambda: cut(buy_x_get_y(1, 1, percent="50"), (4, 99)),
        [100],
    ),
    Row(
        REWARDED,
        "33.3333 % of 100 = 33.3333 -> 33",
        lambda: cut(buy_x_get_y(1, 1, percent="33.3333"), (2, 100)),
        [33],
    ),
    Row(
        REWARDED,
        "a takes 70 of the first unit and 0 of the second, of which b takes all 100",
        lambda: both(
            {"effect": off(70, "unit", max_units=1)}, {"effect": buy_x_get_y(1, 1)}, (2, 100)
        ),
        {"a": 70, "b": 100},
    ),
    Row(
        OTHERS,
        "each of 2 teas buys a cup: both cups are free",
        lambda: tea_for_cups(buy_x_get_y(1, 1), (2, 300, TEA), (1, 500, CUP), (1, 200, CUP)),
        [0, 500, 200],
    ),
    Row(
        OTHERS,
        "one run at most: the cheapest cup",
        lambda: tea_for_cups(
            buy_x_get_y(1, 1, max_applications=1), (2, 300, TEA), (1, 500, CUP), (1, 200, CUP)
        ),
        [0, 0, 200],
    ),
    Row(
        OTHERS,
        "buy 2: of 3 teas one run, the cheapest cup",
        lambda: tea_for_cups(buy_x_get_y(2, 1), (3, 300, TEA), (1, 500, CUP), (1, 200, CUP)),
        [0, 0, 200],
    ),
    Row(
        OTHERS,
        "get 2: the second run is made, since 3 cups are more than 1 x 2; of 2 x 2 cups there are "
        "only 3",
        lambda: tea_for_cups(buy_x_get_y(1, 2), (2, 300, TEA), (3, 500, CUP)),
        [0, 1500],
    ),
    Row(
        OTHERS,
        "get 2: 2 cups are not more than 1 x 2, so there is one run",
        lambda: tea_for_cups(buy_x_get_y(1, 2), (2, 300, TEA), (2, 500, CUP)),
        [0, 1000],
    ),
    Row(
        OTHERS,
        "no run, no cup",
        lambda: tea_for_cups(buy_x_get_y(1, 1), (2, 300, TEA)),
        [0],
    ),
    Row(
        OTHERS,
        "the tea is bought before the dearer cup of 900, since it is of the buy side only; run 2 "
        "would buy the 900, leaving one cup, which is not more than 1: 1 run, the 200 is free",
        lambda: anything_for_cups(buy_x_get_y(1, 1), (1, 300, TEA), (1, 900, CUP), (1, 200, CUP)),
        [0, 0, 200],
    ),
    Row(
        OTHERS,
        "run 1 buys the tea, run 2 the 900 (3 left > 1), run 3 would buy the 800 (2 left, not > 2):"
        " 2 runs, 100 and 200 are free",
        lambda: anything_for_cups(
            buy_x_get_y(1, 1), (1, 300, TEA), (1, 900, CUP), (1, 800, CUP), (1, 200, CUP),
            (1, 100, CUP),
        ),
        [0, 0, 0, 200, 100],
    ),
    Row(
        OTHERS,
        "all seven on both sides: run 1 buys 60, 50 (5 left > 0), run 2 40, 30 (3 > 1), run 3 would"
        " buy 20, 10 (1 left, not > 2): 2 runs, 5 and 10 are free, not 20",
        lambda: cut(buy_x_get_y(2, 1, get_items={}), *SEVEN),
        [0, 0, 0, 0, 0, 10, 5],
    ),
    Row(
        OTHERS,
        "a cup that may not be discounted is no get side, so the other one is free",
        lambda: tea_for_cups(
            buy_x_get_y(1, 1),
            (2, 300, TEA),
            (1, 200, CUP | {"discountable": False}),
            (1, 500, CUP),
        ),
        [0, 0, 500],
    ),
    Row(
        OTHERS,
        "get_items match as items do: cups up to 300, not reduced",
        lambda: cut(
            buy_x_get_y(
                1, 1, get_items={"include": CUP, "max_unit_price": 300, "skip_reduced": True}
            ),
            (5, 100, TEA), (1, 500, CUP), (1, 300, CUP), (1, 200, CUP | {"list_price": 250}),
            items=FOR_TEA,
        ),
        [0, 0, 300, 0],
    ),
    Row(
        COUNTED,
        "a, once, buys and rewards the first two of 4 x 100; b, once, bundles the other two: 50",
        lambda: both(
            {"effect": buy_x_get_y(1, 1, max_applications=1)},
            {"effect": bundle_price(2, 150, max_applications=1)},
            (4, 100),
        ),
        {"a": 100, "b": 50},
    ),
    Row(
        COUNTED,
        "a counts two of 3 x 100 and leaves b one, which is no group: a alone",
        lambda: both(
            {"effect": buy_x_get_y(1, 1)}, {"effect": bundle_price(2, 150)}, (3, 100)
        ),
        {"a": 100},
    ),
    *(
        Row(
            COUNTED,
            f"bought counts too: a buys one of {teas} teas, {teas - 1} are left for b's two",
            lambda teas=teas: both(
                {
                    "effect": buy_x_get_y(1, 1, get_items=CUPS),
                    "items": FOR_TEA,
                },
                {"effect": bundle_price(2, 500), "items": FOR_TEA},
                (teas, 300, TEA), (1, 200, CUP),
            ),
            expected,
        )
        for teas, expected in [(2, {"a": 200}), (3, {"a": 200, "b": 100})]
    ),
    *(
        Row(
            COUNTED,
            f"a bundles 100 + 100 (50) and, at most {most}, 70 + 70, which saves nothing: {why}",
            lambda most=most: both(
                {"effect": bundle_price(2, 150, max_applications=most)},
                {"effect": buy_x_get_y(1, 1), "items": {"max_unit_price": 70}},
                (2, 100), (2, 70),
            ),
            expected,
        )
        for most, why, expected in [
            (2, "b could count nothing any more, so b's 70 alone", {"b": 70}),
            (1, "b gets its 70", {"a": 50, "b": 70}),
        ]
    ),
    Row(
        COUNTED,
        "b alone has 3 runs over 10, 10, 10, 1, 1, 1 and frees the ones; once a has bundled these "
        "(3 - 2 = 1), b has one run over 10, 10, 10 and frees a 10",
        lambda: both(
            {"effect": bundle_price(3, 2), "items": {"max_unit_price": 1}},
            {"effect": buy_x_get_y(1, 1)},
            (3, 10), (3, 1),
        ),
        {"a": 1, "b": 10},
    ),
    Row(
        COUNTED,
        "two of the same kind: a takes one run of 100 + 100, b the next of 60 + 60",
        lambda: both(
            {"effect": buy_x_get_y(1, 1, max_applications=1)},
            {"effect": buy_x_get_y(1, 1, max_applications=1)},
            (2, 60), (2, 100),
        ),
        {"a": 100, "b": 60},
    ),
    Row(
        COUNTED,
        "a counts one of 2 x 100 (90 off); b's 6 over 10 and 100 are .55 and 5.45, 1 and 5; what a "
        "counted stays counted, so c has no two units for its 50 %",
        lambda: applied(
            quote(
                cart((2, 100)),
                [
                    offer("a", effect=bundle_price(1, 10, max_applications=1)),
                    offer("b", effect=off(6, "line")),
                    offer("c", effect=buy_x_get_y(1, 1, percent="50")),
                ],
            )
        ),
        {"a": 90, "b": 6},
    ),
    Row(
        COUNTED,
        "only these two kinds count: a bundles 2 x 100 for 150, b takes 10 % of the 150 left, c 5 "
        "of each unit",
        lambda: applied(
            quote(
                cart((2, 100)),
                [
                    offer("a", effect=bundle_price(2, 150), stacking=FIRST),
                    offer("b", effect=percent("10", "lines")),
                    offer("c", effect=off(5, "unit")),
                ],
            )
        ),
        {"a": 50, "b": 15, "c": 10},
    ),
]  # fmt: skip
