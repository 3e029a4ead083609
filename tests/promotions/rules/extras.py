"""The policy's shipping, gifts and bonus cashback."""

from tests.promotions.domain.shop import ADA, applied, cart, off, offer, percent, quote
from tests.promotions.effects import bonus_cashback, free_shipping, gift
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import tenth

TEA = {"categories": ["tea"]}
FOR_TEA = {"include": TEA}

SHIPPING = (
    "- `free_shipping`: the shipping remaining, or down to `shipping_price`, or `percent` of it "
    "(at most one of the two); at most `max_discount`."
)
GIFT = "- `gift`: adds the item; `quantity` times `unit_price` is its value."
BONUS = (
    "`bonus_cashback`: `amount` once per order, or (multiplier - 1) times what the cashback rules "
    "earn on the eligible lines, rounded half up once; several multipliers add up; it counts after "
    "the combination's discounts and before cashback is spent, and is 0 where the eligible lines "
    "end at 0."
)


def shipped(effect, amount=495):
    """What comes off the shipping."""
    return quote(cart((1, 1000), shipping_amount=amount), [offer(effect=effect)]).shipping_discount


def bonus(*effects, lines=((1, 1000),), earnings=tenth, before=(), **fields):
    """The bonus of these effects, each a promotion of its own, on what `before` leaves."""
    offers = [
        offer(f"bonus{at}", effect=bonus_cashback(**effect), **fields)
        for at, effect in enumerate(effects)
    ]
    bought = cart(*lines, cashback_amount="max")
    return quote(bought, [*before, *offers], customer=ADA, earnings=earnings).bonus_cashback


def of_one_group(*effects):
    """Which of these promotions of one group, a, b and so on, is chosen for 1 x 1000."""
    offers = [
        offer("abc"[at], effect=effect, stacking={"group": "g"})
        for at, effect in enumerate(effects)
    ]
    return list(applied(quote(cart((1, 1000), shipping_amount=495), offers)))


HALF_OFF = offer("half", effect=percent("50", "lines"))
TEA_FREE = offer("free", effect=percent("100", "lines"), items=FOR_TEA)

ROWS = [
    *(
        Row(SHIPPING, working, lambda effect=effect: shipped(free_shipping(**effect)), taken)
        for working, effect, taken in [
            ("all 495", {}, 495),
            ("495 down to 200", {"shipping_price": 200}, 295),
            ("down to 0", {"shipping_price": 0}, 495),
            ("495 is below 500 already", {"shipping_price": 500}, 0),
            ("50 % of 495 = 247.5 -> 248", {"percent": "50"}, 248),
            ("at most 300", {"max_discount": 300}, 300),
            ("495 - 100 = 395, at most 300", {"shipping_price": 100, "max_discount": 300}, 300),
            ("50 % = 248, at most 200", {"percent": "50", "max_discount": 200}, 200),
            ("50 % = 248, at most 300", {"percent": "50", "max_discount": 300}, 248),
        ]
    ),
    Row(
        SHIPPING,
        "nothing of the lines: 1000 stay to pay",
        lambda: quote(
            cart((1, 1000), shipping_amount=495), [offer(effect=free_shipping())]
        ).total,
        1000,
    ),
    Row(
        "No unit and no shipping charge goes below zero.",
        "a leaves 198 of 495 (60 % = 297), of which b takes 198, not 300",
        lambda: applied(
            quote(
                cart((1, 1000), shipping_amount=495),
                [
                    offer("a", effect=free_shipping(percent="60")),
                    offer("b", effect=free_shipping(max_discount=300)),
                ],
            )
        ),
        {"a": 297, "b": 198},
    ),
    Row(
        GIFT,
        "two mugs are added",
        lambda: [
            (given.sku, given.quantity, given.promotion_id)
            for given in quote(
                cart((1, 1000)), [offer("mugs", effect=gift("MUG", quantity=2))]
            ).gifts
        ],
        [("MUG", 2, "mugs")],
    ),
    *(
        Row(
            GIFT,
            f"2 x 400 are worth 800, against {amount} off",
            lambda amount=amount: of_one_group(gift(unit_price=400, quantity=2), off(amount)),
            [chosen],
        )
        for amount, chosen in [(799, "a"), (801, "b")]
    ),
    *(
        Row(BONUS, working, lambda effects=effects: bonus(*effects), amount)
        for working, effects, amount in [
            ("50 once", [{"amount": 50}], 50),
            ("twice as much: (2 - 1) x 100", [{"multiplier": "2"}], 100),
            ("(1.005 - 1) x 100 = 0.5 -> 1", [{"multiplier": "1.005"}], 1),
            ("(1.0049 - 1) x 100 = 0.49 -> 0", [{"multiplier": "1.0049"}], 0),
            ("2 and 3 add up: 100 + 200", [{"multiplier": "2"}, {"multiplier": "3"}], 300),
            ("50 + 60 + 100", [{"amount": 50}, {"amount": 60}, {"multiplier": "2"}], 210),
        ]
    ),
    Row(
        BONUS,
        "an amount comes once, however many units: 50",
        lambda: bonus({"amount": 50}, lines=[(9, 1000), (9, 100)]),
        50,
    ),
    Row(
        BONUS,
        "rounded once: (1.25 - 1) x (1 + 1) = 0.5 -> 1, where a line by itself were 0.25 -> 0",
        lambda: bonus({"multiplier": "1.25"}, lines=[(1, 10), (1, 10)]),
        1,
    ),
    Row(
        BONUS,
        "on the eligible lines: 100 on the tea, not the 50 on the cup",
        lambda: bonus(
            {"multiplier": "2"}, lines=[(1, 1000, TEA), (1, 500)], items=FOR_TEA
        ),
        100,
    ),
    Row(
        BONUS,
        "after the discounts: 500 are left, the rules earn 50 on them, though the bonus comes first"
        " by id",
        lambda: bonus({"multiplier": "2"}, before=[HALF_OFF]),
        50,
    ),
    Row(
        BONUS,
        "before cashback is spent: the cart spends all that it can, the bonus stays (2 - 1) x 100",
        lambda: bonus({"multiplier": "2"}),
        100,
    ),
    *(
        Row(
            BONUS,
            f"the tea ends at 0, {working}",
            lambda effect=effect, items=items: bonus(
                effect, lines=[(1, 1000, TEA), (1, 500)], before=[TEA_FREE], items=items
            ),
            amount,
        )
        for working, effect, items, amount in [
            ("so there is no bonus for tea", {"amount": 50}, FOR_TEA, 0),
            ("nor any multiple", {"multiplier": "9"}, FOR_TEA, 0),
            ("but the cup does not, and both are eligible", {"amount": 50}, {}, 50),
            ("the cup earns 50", {"multiplier": "2"}, {}, 50),
        ]
    ),
]  # fmt: skip
