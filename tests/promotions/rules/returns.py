"""The policy's returns."""

from checkout.domain.returns import Asked, SoldLine, SoldShipping, refund, unit_shares
from tests.promotions.rules.row import Row

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


def back(*asked, returned=None, with_shipping=False):
    """Money, discount, cashback given back and cashback taken back for (line id, units)."""
    found = refund(
        lines=[TEA, CUP],
        returned=returned or {},
        asked=[Asked(line_id=line_id, quantity=units) for line_id, units in asked],
        shipping=SHIPPING,
        shipping_returned=False,
        refund_shipping=with_shipping,
    )
    return (
        found.refund_amount,
        found.discount_reversed,
        found.cashback_restored,
        found.cashback_reversed,
    )


ROWS = [
    Row(
        EVENLY,
        "100 over 3 units is 33 each, one left to the first",
        lambda: [share.discount for share in unit_shares(TEA)],
        [34, 33, 33],
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
        EXACTLY,
        "tea 1500 - 100 - 200 = 1200, cup 900, shipping 495 - 95 = 400: 2500; cashback 200 + 95",
        lambda: back(("2", 1), ("1", 3), with_shipping=True),
        (2500, 100, 295, 61),
    ),
]
