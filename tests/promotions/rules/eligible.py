"""The policy's words and eligible lines."""

import msgspec

from promotions.domain.definition import PromotionDefinition
from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    code,
    line_discounts,
    off,
    offer,
    percent,
    quote,
    rows,
)
from tests.promotions.effects import ONE_OF_EACH
from tests.promotions.rules.row import Row

TEA = {"categories": ["tea"]}
CUP = {"categories": ["cups"], "brand": "Kyo", "tags": ["new"]}
HALF = percent("50", "lines")


def halved(items, *lines):
    """The lines' discounts under 50 % on these items."""
    return line_discounts(quote(cart(*lines), [offer(effect=HALF, items=items)]))


def accepted(percent_text):
    """Whether a percentage can be stored."""
    fields = {"name": "x", "effect": {"kind": "percentage", "percent": percent_text}}
    try:
        msgspec.convert(fields, PromotionDefinition)
    except msgspec.ValidationError:
        return False
    return True


ROWS = [
    Row(
        "**Words.** A line has `quantity` units at `unit_price`; its subtotal is the product.",
        "3 x 499 = 1497",
        lambda: quote(cart((3, 499))).lines[0].subtotal,
        1497,
    ),
    Row(
        "The cart's subtotal is the sum of the lines' subtotals, before any discount.",
        "3 x 499 + 2 x 250 = 1997, although 50 % comes off",
        lambda: quote(cart((3, 499), (2, 250)), [offer(effect=HALF)]).subtotal,
        1997,
    ),
    Row(
        "Every unit has its own *remaining* amount: its price less what was taken from it so far; "
        "a line's remaining is the sum of its units'.",
        "a takes 700 from one unit of 1000 (left 300 + 1000 = 1300); b takes 50 % of 1300 = 650",
        lambda: applied(
            quote(
                cart((2, 1000)),
                [
                    offer("a", effect=off(700, "unit", max_units=1)),
                    offer("b", effect=HALF),
                ],
            )
        ),
        {"a": 700, "b": 650},
    ),
    Row(
        "No unit and no shipping charge goes below zero.",
        "8 off each unit of 5 and 10: 5 and 8; the shipping of 495 stays",
        lambda: (
            line_discounts(
                found := quote(
                    cart((1, 5), (1, 10), shipping_amount=495), [offer(effect=off(8, "unit"))]
                )
            ),
            found.total,
        ),
        ([5, 8], 2 + 495),
    ),
    Row(
        "**One order of units everywhere**: unit price as it came, dearest first, then line order, "
        'then unit; "cheapest" takes from the end of this order.',
        "prices 10, 30, 20, 30: the three dearest are line 2, line 4, line 3",
        lambda: line_discounts(
            quote(
                cart((1, 10), (1, 30), (1, 20), (1, 30)),
                [offer(effect=off(5, "unit", max_units=3))],
            )
        ),
        [0, 5, 5, 5],
    ),
    Row(
        "**One order of units everywhere**: unit price as it came, dearest first, then line order, "
        'then unit; "cheapest" takes from the end of this order.',
        "a takes 25 of 30 from line 2, whose unit keeps its place by the price it came with (30); "
        "so b takes min(9, 5) there and nothing from line 1 of 20",
        lambda: line_discounts(
            quote(
                cart((1, 20), (1, 30)),
                [
                    offer("a", effect=off(25, "unit", max_units=1)),
                    offer("b", effect=off(9, "unit", max_units=1)),
                ],
            )
        ),
        [0, 30],
    ),
    Row(
        "At most 1,000 lines and 10,000 units a cart (413 `cart_too_large`), amounts up to 10^12, "
        "percentages above 0 up to 100 with at most 4 decimals.",
        "the bounds themselves are accepted, the next step beyond is not",
        lambda: [accepted(p) for p in ("0.0001", "100", "12.5", "0", "0.00001", "100.0001", "-1")],
        [True, True, True, False, False, False, False],
    ),
    Row(
        "At most 1,000 lines and 10,000 units a cart (413 `cart_too_large`), amounts up to 10^12, "
        "percentages above 0 up to 100 with at most 4 decimals.",
        "0.0001 % of 10^12 is 10^6",
        lambda: applied(quote(cart((1, 10**12)), [offer(effect=percent("0.0001"))])),
        {"p": 10**6},
    ),
    Row(
        "A promotion's *eligible lines* are the `discountable` lines that match `items`:",
        "line 2 may not be discounted",
        lambda: halved({}, (1, 100), (1, 100, {"discountable": False})),
        [50, 0],
    ),
    Row(
        "`include` is any-of across its lists, and empty means every line;",
        "tea by category, the cup by its tag, sku 3 by itself; the fourth by nothing",
        lambda: halved(
            {"include": {"categories": ["tea"], "tags": ["new"], "skus": ["3"]}},
            (1, 100, TEA),
            (1, 200, CUP),
            (1, 300),
            (1, 400),
        ),
        [50, 100, 150, 0],
    ),
    Row(
        "`include` is any-of across its lists, and empty means every line;",
        "no lists: both",
        lambda: halved({"include": {}}, (1, 100, TEA), (1, 200)),
        [50, 100],
    ),
    Row(
        "`exclude` wins over `include`;",
        "the cup is included by its category and excluded by its brand",
        lambda: halved(
            {"include": {"categories": ["tea", "cups"]}, "exclude": {"brands": ["Kyo"]}},
            (1, 100, TEA),
            (1, 200, CUP),
        ),
        [50, 0],
    ),
    Row(
        "`skip_reduced` leaves out lines whose `list_price` is above `unit_price`;",
        "list prices 101 (reduced), 100 (not), none (not)",
        lambda: halved(
            {"skip_reduced": True},
            (1, 100, {"list_price": 101}),
            (1, 100, {"list_price": 100}),
            (1, 100),
        ),
        [0, 50, 50],
    ),
    Row(
        "`min_unit_price` and `max_unit_price` are inclusive.",
        "from 100 to 200: 98 and 202 are out, 100 and 200 in",
        lambda: halved(
            {"min_unit_price": 100, "max_unit_price": 200}, (1, 98), (1, 100), (1, 200), (1, 202)
        ),
        [0, 50, 100, 0],
    ),
    *(
        Row(
            "Every kind of effect, also `free_shipping`, `gift` and `bonus_cashback`, needs at "
            "least one eligible line.",
            f"{effect['kind']}: no tea in the cart",
            lambda effect=effect: rows(
                quote(
                    cart((5, 100), shipping_amount=495, codes=["TEA1"]),
                    [offer(activation="code", items={"include": TEA}, effect=effect)],
                    codes=[code("TEA1")],
                    customer=ADA,
                )
            ),
            [("inapplicable", "no_qualifying_items")],
        )
        for effect in ONE_OF_EACH
    ),
]
