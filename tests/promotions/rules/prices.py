"""The policy's prices: of each unit, and of several together."""

from tests.promotions.domain.shop import cart, line_discounts, off, offer, quote
from tests.promotions.effects import bundle_price, fixed_price
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import both, cut

TEA = {"categories": ["tea"]}

FIXED_PRICE = "- `fixed_price`: each eligible unit's remaining less `price`, not below zero."
BUNDLE = (
    "- `bundle_price`: the eligible units in order, cut into groups of `quantity`; only full "
    "groups, at most `max_applications`; a group's discount is its units' remaining less `price`, "
    "not below zero, spread over its units."
)

ROWS = [
    Row(
        FIXED_PRICE,
        "at 700: 2 x 300 off 1000; 650 is below it already; 3 x 1 off 701",
        lambda: cut(fixed_price(700), (2, 1000), (1, 650), (3, 701)),
        [600, 0, 3],
    ),
    Row(FIXED_PRICE, "at 0 all 2 x 500 go", lambda: cut(fixed_price(0), (2, 500)), [1000]),
    Row(
        FIXED_PRICE,
        "only the tea: 1000 - 700",
        lambda: cut(fixed_price(700), (1, 1000, TEA), (1, 900), items={"include": TEA}),
        [300, 0],
    ),
    Row(
        FIXED_PRICE,
        "each unit by itself: a leaves 600 and 1000; at 700 b takes 0 and 300 (the line together "
        "would be 1600 - 1400 = 200)",
        lambda: both(
            {"effect": off(400, "unit", max_units=1)}, {"effect": fixed_price(700)}, (2, 1000)
        ),
        {"a": 400, "b": 300},
    ),
    Row(
        BUNDLE,
        "3 for 2500: the dearest are 1000, 1000, 900 = 2900, so 400; 800 and 700 are no full "
        "group; 400 over 1000, 1000, 900 is 137.93, 137.93, 124.14; down 137, 137, 124 = 398; two "
        "left to the two .93",
        lambda: cut(bundle_price(3, 2500), (1, 700), (1, 1000), (1, 800), (1, 1000), (1, 900)),
        [0, 138, 0, 138, 124],
    ),
    Row(
        BUNDLE,
        "2 for 1000: 900 + 800 is 700 above, spread 370.59 and 329.41 -> 371 and 329; 700 + 200 is "
        "below 1000 and stays",
        lambda: cut(bundle_price(2, 1000), (1, 900), (1, 800), (1, 700), (1, 200)),
        [371, 329, 0, 0],
    ),
    *(
        Row(
            BUNDLE,
            f"5 units of 1000, 2 for 1500, {most or 'any number of'} groups of two: 500 each",
            lambda most=most: cut(bundle_price(2, 1500, max_applications=most), (5, 1000)),
            [taken],
        )
        for most, taken in [(None, 1000), (2, 1000), (1, 500)]
    ),
    Row(
        BUNDLE,
        "one group over two lines: 3 for 1000 of 500, 500 | 400 = 1400: 400, which is 142.86, "
        "142.86, 114.29; down 142, 142, 114 = 398; two left to the two .86",
        lambda: cut(bundle_price(3, 1000), (2, 500), (2, 400)),
        [143 + 143, 114],
    ),
    Row(
        BUNDLE,
        "at no price at all: 500, 500 and 400 go, the 300 that fill no group stay",
        lambda: cut(bundle_price(3, 0), (2, 500), (1, 400), (1, 300)),
        [1000, 400, 0],
    ),
    Row(
        BUNDLE,
        "a line in two groups: 2 for 100 of 90, 80 | 80, 70 | 70: 70 and 50; 70 over 90 and 80 is "
        "37.06 and 32.94 -> 37, 33; 50 over 80 and 70 is 26.67 and 23.33 -> 27, 23",
        lambda: cut(bundle_price(2, 100), (2, 70), (1, 90), (2, 80)),
        [23, 37, 33 + 27],
    ),
    Row(
        BUNDLE,
        "spread over its units: 3 x 100 for 200 is 34, 33, 33, so 66 are left of the first, which "
        "is all that b gets of one unit",
        lambda: both(
            {"effect": bundle_price(3, 200)}, {"effect": off(90, "unit", max_units=1)}, (3, 100)
        ),
        {"a": 100, "b": 66},
    ),
    Row(
        BUNDLE,
        "spread by what remains: a takes 60 off the first and third unit; b, the first two for 70, "
        "finds 40 and 100 and takes 20 and 50 of them",
        lambda: line_discounts(
            quote(
                cart((1, 100), (1, 100), (1, 100)),
                [
                    offer("a", effect=off(60, "unit"), items={"exclude": {"skus": ["2"]}}),
                    offer("b", effect=bundle_price(2, 70), items={"exclude": {"skus": ["3"]}}),
                ],
            )
        ),
        [60 + 20, 50, 60],
    ),
    Row(
        BUNDLE,
        "only the tea is bundled: 300 + 200 for 400, though the cup is dearer",
        lambda: cut(
            bundle_price(2, 400),
            (1, 900),
            (1, 200, TEA),
            (1, 300, TEA),
            items={"include": TEA},
        ),
        [0, 40, 60],
    ),
]
