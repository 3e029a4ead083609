"""The policy's percentages and fixed amounts, rounding and spreading."""

from common.money import allocate
from promotions.domain.basket import Run, spread_over_units
from tests.promotions.domain.shop import cart, line_discounts, off, offer, percent, quote
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import both, cut

TEA = {"categories": ["tea"]}

ROUNDED = "**Amounts**, in minor units, rounded half up, once:"
PERCENT_LINES = (
    "- `percentage` on `lines`: each eligible line's remaining times the percentage, rounded per "
    "line; where their sum is above `max_discount`, `max_discount` is spread in its place."
)
PERCENT_ORDER = (
    "- `percentage` on `order`: the eligible lines' remaining summed, times the percentage, "
    "rounded once, at most `max_discount`, then spread over them."
)
FIXED_ORDER = "- `fixed_amount` on `order`: the amount, at most the eligible remaining, spread."
FIXED_LINE = "On `line`: the amount, at most the line's remaining, for each eligible line."
FIXED_UNIT = (
    "On `unit`: the amount, at most the unit's remaining, for each eligible unit; `max_units` "
    "limits the units of the whole cart, dearest first."
)
SPREADING = (
    "**Spreading** an amount over parts: in proportion to their remaining amounts, rounded down, "
    "the leftover minor units to the largest remainders, ties to the earlier part."
)
SUM = "The parts always sum to the amount; a part with nothing remaining gets nothing."
OVER_UNITS = "What is taken from lines is spread over each line's units in the same way."


ROWS = [
    Row(ROUNDED, "10 % of 105 = 10.5 -> 11", lambda: cut(percent("10"), (1, 105)), [11]),
    Row(ROUNDED, "10 % of 104 = 10.4 -> 10", lambda: cut(percent("10"), (1, 104)), [10]),
    Row(
        ROUNDED,
        "once a line, not once a unit: 10 % of 3 x 5 = 1.5 -> 2 (a unit: 0.5 -> 1, 3 in all)",
        lambda: cut(percent("10", "lines"), (3, 5)),
        [2],
    ),
    Row(
        PERCENT_LINES,
        "10 % of 106, 206, 306, 406: 10.6, 20.6, 30.6, 40.6, each rounded up",
        lambda: cut(percent("10", "lines"), (1, 106), (1, 206), (1, 306), (1, 406)),
        [11, 21, 31, 41],
    ),
    Row(
        PERCENT_LINES,
        "50 % of 1000 and 3000 would be 2000; 1000 is spread over them instead: 250, 750",
        lambda: cut(percent("50", "lines", max_discount=1000), (1, 1000), (1, 3000)),
        [250, 750],
    ),
    Row(
        PERCENT_LINES,
        "the sum, 5 + 5 = 10, is not above 10: each line keeps its own",
        lambda: cut(percent("50", "lines", max_discount=10), (1, 9), (1, 9)),
        [5, 5],
    ),
    Row(
        PERCENT_ORDER,
        "10 % of (106 + 206 + 306 + 406 = 1024) = 102.4 -> 102; spread: 10.56, 20.52, 30.48, 40.44;"
        " down 10, 20, 30, 40 = 100; two left to the largest remainders .56 and .52",
        lambda: cut(percent("10"), (1, 106), (1, 206), (1, 306), (1, 406)),
        [11, 21, 30, 40],
    ),
    Row(
        PERCENT_ORDER,
        "50 % of 4000 = 2000, at most 1000: 250, 750",
        lambda: cut(percent("50", max_discount=1000), (1, 1000), (1, 3000)),
        [250, 750],
    ),
    Row(
        PERCENT_ORDER,
        "tea only: 20 % of 500 = 100",
        lambda: cut(percent("20"), (1, 500, TEA), (1, 900), items={"include": TEA}),
        [100, 0],
    ),
    Row(
        FIXED_ORDER,
        "1500 over 3 x 5000, 1 x 5000, 2 x 5000 = 3 : 1 : 2",
        lambda: cut(off(1500), (3, 5000), (1, 5000), (2, 5000)),
        [750, 250, 500],
    ),
    Row(
        FIXED_ORDER,
        "300 of 100 + 150 is 250",
        lambda: cut(off(300), (1, 100), (1, 150)),
        [100, 150],
    ),
    Row(
        FIXED_ORDER,
        "at most what is left of the tea: 100",
        lambda: cut(off(300), (1, 100, TEA), (1, 900), items={"include": TEA}),
        [100, 0],
    ),
    Row(
        FIXED_LINE,
        "300 off 2 x 500; 100 has only 100; 300 off 300",
        lambda: cut(off(300, "line"), (2, 500), (1, 100), (1, 300)),
        [300, 100, 300],
    ),
    Row(
        FIXED_UNIT,
        "300 off each of 2 units of 500; only 100 off each of 3 units of 100",
        lambda: cut(off(300, "unit"), (2, 500), (3, 100)),
        [600, 300],
    ),
    Row(
        FIXED_UNIT,
        "the three dearest units: 2 of 900, then 1 of 500 in the earlier line",
        lambda: cut(off(300, "unit", max_units=3), (2, 500), (2, 900), (2, 500)),
        [300, 600, 0],
    ),
    Row(
        FIXED_UNIT,
        "at most the unit's remaining: a leaves 999 and 1 of the units of 1000 (999 off the first "
        "of them); b takes 500 and 1, so 501",
        lambda: both(
            {"effect": off(999, "unit", max_units=1)}, {"effect": off(500, "unit")}, (2, 1000)
        ),
        {"a": 999, "b": 1 + 500},
    ),
    Row(
        SPREADING,
        "100 over 1 : 1 : 1 is 33.33 each; down 33 each; one left, all remainders equal: the first",
        lambda: cut(off(100), (1, 500), (1, 500), (1, 500)),
        [34, 33, 33],
    ),
    Row(
        SPREADING,
        "10 over 1 : 2 : 4 of 7 is 1.43, 2.86, 5.71; down 1, 2, 5; two left: .86 and .71",
        lambda: cut(off(10), (1, 100), (1, 200), (1, 400)),
        [1, 3, 6],
    ),
    Row(
        SUM,
        "a takes all 500 of the tea; b's 100 over 0, 200 and 300: nothing, 40, 60",
        lambda: line_discounts(
            quote(
                cart((1, 500, TEA), (1, 200), (1, 300)),
                [
                    offer("a", effect=percent("100", "lines"), items={"include": TEA}),
                    offer("b", effect=off(100)),
                ],
            )
        ),
        [500, 40, 60],
    ),
    Row(SUM, "7 over 5, 5, 5, 0 is 3 + 2 + 2 + 0", lambda: allocate(7, [5, 5, 5, 0]), [3, 2, 2, 0]),
    Row(
        OVER_UNITS,
        "a: 500 of 3 x 1000 is 166.67 a unit: 167, 167, 166, so 833, 833, 834 are left; "
        "b: at most 833 of the first unit",
        lambda: both(
            {"effect": percent("16.6667", "lines"), "stacking": {"priority": 1}},
            {"effect": off(900, "unit", max_units=1)},
            (3, 1000),
        ),
        {"a": 500, "b": 833},
    ),
    Row(
        OVER_UNITS,
        "10 over units of 30, 20, 20 and 5 of 75: 4, 2.67, 2.67, 0.67; down 4, 2, 2, 0 = 8; two "
        "left, equal remainders .67: the two earlier; left are 26, 17, 17, 5",
        lambda: spread_over_units((Run(30, 1), Run(20, 2), Run(5, 1)), 10),
        (Run(26, 1), Run(17, 2), Run(5, 1)),
    ),
    Row(
        "Worked: 300 over lines of 4300, 1400 and 2300 is 161, 53, 86.",
        "300 x 4300 / 8000 = 161.25, 52.5, 86.25; down 161, 52, 86 = 299; one left to .5",
        lambda: cut(off(300), (1, 4300), (1, 1400), (1, 2300)),
        [161, 53, 86],
    ),
    Row(
        "1000 over three lines of 5000 is 334, 333, 333.",
        "333.33 each; one left to the first",
        lambda: cut(off(1000), (1, 5000), (1, 5000), (1, 5000)),
        [334, 333, 333],
    ),
    Row(
        "20 % on `lines` of 2 x 1299 is 520 (519.6).",
        "2598 x 20 % = 519.6",
        lambda: cut(percent("20", "lines"), (2, 1299)),
        [520],
    ),
]
