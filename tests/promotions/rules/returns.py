"""The policy's returns."""

from checkout.domain.returns import Asked, SoldLine, SoldShipping, refund, unit_shares
from tests.promotions.domain.shop import cart, off, offer, percent, quote
from tests.promotions.effects import buy_x_get_y, free_shipping, gift
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import FIRST

EVENLY = (
    "When an order is redeemed, each line's discount (of all promotions together) is spread evenly "
    "over its units, leftover minor units to the first ones;"
)
CASHBACK = (
    "the cashback that paid for it is then spread in proportion to each unit's price less its "
    "discount, and the cashback earned in proportion to what was paid for each unit, leftovers as "
    "in spreading."
)
KEPT = "These are kept: no later change alters them."
OWN = "A return gives back its units' own amounts; units go back first unit first."
EXACTLY = (
    "When everything (shipping too) is back, the customer has been paid back exactly what was "
    "paid, less the claw-back that a rule announced."
)

# 3 x 500 = 1500, less 100 = 1400, of which 200 by cashback: 1200 in money; 61 were earned.
TEA = SoldLine(line_id="1", quantity=3, unit_price=500, discount=100, cashback=200, earned=61)
CUP = SoldLine(line_id="2", quantity=1, unit_price=900, discount=0)
SHIPPING = SoldShipping(charged=495, cashback=95)


def back(*asked, returned=None, with_shipping=False, lines=(TEA, CUP), shipping=SHIPPING):
    """Money, discount, cashback given back and cashback taken back for (line id, units)."""
    found = refund(
        lines=lines,
        returned=returned or {},
        asked=[Asked(line_id=line_id, quantity=units) for line_id, units in asked],
        shipping=shipping,
        shipping_returned=False,
        refund_shipping=with_shipping,
    )
    return (
        found.refund_amount,
        found.discount_reversed,
        found.cashback_restored,
        found.cashback_reversed,
    )


def sold(*offers, lines):
    """The lines and the shipping of a cart as these promotions leave them."""
    bought = cart(*lines, shipping_amount=495)
    found = quote(bought, offers)
    return {
        "lines": [
            SoldLine(
                line_id=line.line_id,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=priced.discount,
            )
            for line, priced in zip(bought.lines, found.lines, strict=True)
        ],
        "shipping": SoldShipping(charged=found.shipping_amount - found.shipping_discount),
    }


def four_together():
    """3 x 500 and 2 x 300: a frees the third tea (500); b takes 10 % of the 1000 and 600 left; c
    takes 160 over the 900 and 540 left: 100 and 60; d brings the shipping down to 200; e adds a mug.
    """
    return sold(
        offer("a", effect=buy_x_get_y(2, 1), items={"include": {"skus": ["1"]}}, stacking=FIRST),
        offer("b", effect=percent("10", "lines")),
        offer("c", effect=off(160)),
        offer("d", effect=free_shipping(shipping_price=200)),
        offer("e", effect=gift()),
        lines=[(3, 500), (2, 300)],
    )


ROWS = [
    Row(
        EVENLY,
        "100 over 3 units is 33 each, one left to the first",
        lambda: [share.discount for share in unit_shares(TEA)],
        [34, 33, 33],
    ),
    Row(
        EVENLY,
        "500 + 100 + 100 = 700 over 3 teas is 233, one left to the first, although the third was "
        "the free one; 60 + 60 over 2 cups",
        lambda: [
            [share.discount for share in unit_shares(line)] for line in four_together()["lines"]
        ],
        [[234, 233, 233], [60, 60]],
    ),
    Row(
        CASHBACK,
        "200 over 466, 467, 467 of 1400 is 66.57, 66.71, 66.71; down 66 each = 198; two left to "
        "the largest remainders: the second and the third",
        lambda: [share.cashback for share in unit_shares(TEA)],
        [66, 67, 67],
    ),
    Row(
        CASHBACK,
        "paid were 400 each; 61 over them is 20.33; one left to the first",
        lambda: [share.earned for share in unit_shares(TEA)],
        [21, 20, 20],
    ),
    Row(
        KEPT,
        "the shares are a function of the frozen line alone: asked again, the same",
        lambda: unit_shares(TEA) == unit_shares(TEA),
        True,
    ),
    Row(
        OWN,
        "the first unit: 500 - 34 - 66 = 400; it had earned 21",
        lambda: back(("1", 1)),
        (400, 34, 66, 21),
    ),
    Row(
        OWN,
        "after one, the second and third: 2 x (500 - 33 - 67) = 800; each had earned 20",
        lambda: back(("1", 2), returned={"1": 1}),
        (800, 66, 134, 40),
    ),
    Row(
        OWN,
        "of several promotions: the first tea 500 - 234, a cup 300 - 60; then the others 2 x "
        "(500 - 233) and the cup again",
        lambda: (
            back(("1", 1), ("2", 1), **four_together()),
            back(("1", 2), ("2", 1), returned={"1": 1, "2": 1}, **four_together()),
        ),
        ((266 + 240, 234 + 60, 0, 0), (534 + 240, 466 + 60, 0, 0)),
    ),
    Row(
        EXACTLY,
        "teas 1500 - 700, cups 600 - 120, shipping 200: 1480 were paid; shipping's 295 are no item "
        "discount",
        lambda: back(("2", 2), ("1", 3), with_shipping=True, **four_together()),
        (1480, 820, 0, 0),
    ),
    Row(
        EXACTLY,
        "tea 1500 - 100 - 200 = 1200, cup 900, shipping 495 - 95 = 400: 2500; cashback 200 + 95",
        lambda: back(("2", 1), ("1", 3), with_shipping=True),
        (2500, 100, 295, 61),
    ),
]
