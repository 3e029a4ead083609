"""The policy's choice among the legal combinations."""

from tests.promotions.domain.shop import ADA, cart, off, offer, percent, quote
from tests.promotions.effects import (
    bonus_cashback,
    bundle_price,
    buy_x_get_y,
    free_shipping,
    gift,
)
from tests.promotions.rules.row import Row
from tests.promotions.rules.taken import chosen, grouped, tenth

TEA, CUP = {"categories": ["tea"]}, {"categories": ["cups"]}
FOR_TEA, FOR_CUPS = {"include": TEA}, {"include": CUP}

BENEFIT = (
    "The combination chosen is the legal one with the greatest benefit: item discount plus "
    "shipping discount plus the value of the gifts;"
)
BONUS = "among equals the one with the greater bonus cashback,"
FEWER = "then with fewer promotions,"
PRIORITY = "then with the higher sum of priorities,"
IDS = "then with the smaller list of ids (sorted in code point order, compared item by item)."
PROVEN = "`best` is true when that is proven; with up to 12 candidates it must be."


def of_group(*effects, shipping=495):
    """Who of a, b, c of one group is chosen for 1 x 1000 with shipping."""
    offers = [grouped("abc"[at], effect) for at, effect in enumerate(effects)]
    found = chosen(*offers, bought=cart((1, 1000), shipping_amount=shipping), customer=ADA)
    return list(found)


def proven(offers, bought):
    """Whether the choice is proven, what comes off, and how many promotions do it."""
    found = quote(bought, offers, customer=ADA)
    return found.best, found.discount_total, len(found.applied)


ROWS = [
    Row(
        BENEFIT,
        "a + c = 50 % of 1000, then 100: 600; b + c = 550 + 100 = 650; a and b are of one group",
        lambda: chosen(
            grouped("a", percent("50")), grouped("b", off(550)), offer("c", effect=off(100))
        ),
        {"b": 550, "c": 100},
    ),
    *(
        Row(
            BENEFIT,
            f"off the items {items}, off the shipping {shipping}, a gift of {value}",
            lambda items=items, shipping=shipping, value=value: of_group(
                off(items), free_shipping(), gift(unit_price=value), shipping=shipping
            ),
            [who],
        )
        for items, shipping, value, who in [
            (496, 495, 494, "a"), (494, 495, 493, "b"), (494, 495, 496, "c")
        ]
    ),
    Row(
        BENEFIT,
        "b frees the third of 3 x 300; a bundles two of them for 350 (250) and so leaves b too few: "
        "b alone",
        lambda: chosen(
            offer("a", effect=bundle_price(2, 350)),
            offer("b", effect=buy_x_get_y(2, 1)),
            bought=cart((3, 300)),
        ),
        {"b": 300},
    ),
    Row(
        BENEFIT,
        "a bonus of 900 is no benefit: 1 off is more",
        lambda: of_group(bonus_cashback(amount=900), off(1)),
        ["b"],
    ),
    Row(
        BONUS,
        "60 rather than 50",
        lambda: of_group(bonus_cashback(amount=50), bonus_cashback(amount=60)),
        ["b"],
    ),
    Row(
        BONUS,
        "before fewer promotions: a by itself would be one, with b they are two, but 1 more earned",
        lambda: chosen(
            offer("a", effect=off(100)),
            offer("b", effect=bonus_cashback(amount=1)),
            customer=ADA,
        ),
        {"a": 100, "b": 0},
    ),
    Row(
        BONUS,
        "before fewer promotions: the exclusive a takes all 1000 of the tea and leaves no bonus on "
        "it; c and d take 400 + 600 off the cup, and b gives 50 for the tea",
        lambda: chosen(
            offer("a", effect=off(1000), items=FOR_TEA, stacking={"exclusive": True}),
            offer("b", effect=bonus_cashback(amount=50), items=FOR_TEA),
            offer("c", effect=off(400), items=FOR_CUPS),
            offer("d", effect=off(600), items=FOR_CUPS),
            bought=cart((1, 1000, TEA), (1, 1000, CUP)),
            customer=ADA,
        ),
        {"c": 400, "d": 600, "b": 0},
    ),
    Row(
        BONUS,
        "before priorities: 60 without priority, 50 with 9",
        lambda: chosen(
            grouped("a", bonus_cashback(amount=50), priority=9),
            grouped("b", bonus_cashback(amount=60)),
            customer=ADA,
        ),
        {"b": 0},
    ),
    Row(
        BONUS,
        "100 off the tea or off the cup; the multiple of the tea's earnings is 90 with a, 100 with "
        "b, which comes behind by id",
        lambda: chosen(
            offer("a", effect=off(100), items=FOR_TEA, stacking={"group": "g"}),
            offer("b", effect=off(100), items=FOR_CUPS, stacking={"group": "g"}),
            offer("m", effect=bonus_cashback(multiplier="2"), items=FOR_TEA),
            bought=cart((1, 1000, TEA), (1, 1000, CUP)),
            customer=ADA,
            earnings=tenth,
        ),
        {"b": 100, "m": 0},
    ),
    Row(
        FEWER,
        "d takes all 1000 by itself; so would b with c, whose priorities are higher",
        lambda: chosen(
            offer("b", effect=off(400), stacking={"priority": 9}),
            offer("c", effect=off(600), stacking={"priority": 9}),
            offer("d", effect=off(1000)),
        ),
        {"d": 1000},
    ),
    Row(
        FEWER,
        "all three units are free by a; b would bundle two of them at no further benefit",
        lambda: chosen(
            offer("a", effect=percent("100", "lines")),
            offer("b", effect=bundle_price(2, 100)),
            bought=cart((3, 300)),
        ),
        {"a": 900},
    ),
    Row(
        PRIORITY,
        "equal benefit, one promotion each: priority 5 before 3",
        lambda: chosen(grouped("a", off(100), priority=3), grouped("b", off(100), priority=5)),
        {"b": 100},
    ),
    Row(
        PRIORITY,
        "the sum: of g 3 rather than 1, of h 1 rather than 0, together 4; applied by priority",
        lambda: list(
            chosen(
                grouped("a", off(100), priority=1),
                grouped("b", off(100), "h", priority=0),
                grouped("c", off(100), "h", priority=1),
                grouped("d", off(100), priority=3),
            )
        ),
        ["d", "c"],
    ),
    Row(
        PRIORITY,
        "gifts of equal value: -1 before -2",
        lambda: chosen(grouped("a", gift(), priority=-2), grouped("b", gift(), priority=-1)),
        {"b": 0},
    ),
    Row(
        IDS,
        "equal in all: ['a', 'z'] is smaller than ['b', 'z']",
        lambda: chosen(grouped("b", off(100)), grouped("a", off(100)), offer("z", effect=off(5))),
        {"a": 100, "z": 5},
    ),
    Row(
        IDS,
        "code points: 'Z' is smaller than 'a', 'a10' than 'a9'",
        lambda: (
            chosen(grouped("a", off(100)), grouped("Z", off(100))),
            chosen(grouped("a9", off(100)), grouped("a10", off(100))),
        ),
        ({"Z": 100}, {"a10": 100}),
    ),
    Row(
        IDS,
        "sorted: 200 come off by c and b, or by z and a; ['a', 'z'] is smaller than ['b', 'c'], "
        "although c works before b, and z before a",
        lambda: chosen(
            offer("c", effect=off(100, "line"), items=FOR_TEA, stacking={"group": "g"}),
            offer("z", effect=off(100, "line"), items=FOR_CUPS, stacking={"group": "g"}),
            offer("a", effect=off(100), items=FOR_TEA, stacking={"group": "h"}),
            offer("b", effect=off(100), items=FOR_CUPS, stacking={"group": "h"}),
            bought=cart((1, 100, TEA), (1, 100, CUP)),
        ),
        {"z": 100, "a": 100},
    ),
    Row(
        PROVEN,
        "12 candidates: each 50 off, 600 in all",
        lambda: proven(
            [offer(f"p{at}", effect=off(50)) for at in range(12)], cart((1, 1000))
        ),
        (True, 600, 12),
    ),
    Row(
        PROVEN,
        "30 candidates of 10 to 39 off: (10 + 39) x 15 = 735, where nothing can be better than all",
        lambda: proven(
            [offer(f"p{at}", effect=off(10 + at)) for at in range(30)], cart((1, 10_000))
        ),
        (True, 735, 30),
    ),
    Row(
        PROVEN,
        "12 candidates in 6 groups, 60 or 70 off a line of its own: 6 x 70",
        lambda: proven(
            [
                offer(
                    f"p{at}", effect=off(60 + at % 2 * 10, "unit"),
                    items={"include": {"skus": [str(at + 1)]}}, stacking={"group": f"g{at // 2}"},
                )
                for at in range(12)
            ],
            cart(*[(1, 100)] * 12),
        ),
        (True, 420, 6),
    ),
]  # fmt: skip
