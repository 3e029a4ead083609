"""What the policy says of codes that are left out, have no effect, or are held."""

from promotions.domain.facts import PromotionUsage
from tests.promotions.domain.shop import off, percent
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
from tests.promotions.rules.taken import by_code, coded

LEFT_OUT = (
    "A code whose promotion is left out is `skipped`: `cannot_combine` when groups, exclusives or "
    "the once-only rule forbid it beside the chosen ones, else `better_offer_applied`."
)
NO_EFFECT = (
    "A code whose promotion has no effect on this cart alone is inapplicable, `no_effect`, and is "
    "not used up."
)
HOLDS = "holds count like uses until they end."

TEA, CUP = {"categories": ["tea"]}, {"categories": ["cups"]}
G, ALONE = {"group": "g"}, {"exclusive": True}
APPLIED = ("applied", None)
CANNOT, BETTER = ("skipped", "cannot_combine"), ("skipped", "better_offer_applied")

ROWS = [
    Row(
        LEFT_OUT,
        "one group: the smaller may not stand beside the greater",
        lambda: coded(by_code("a", off(100), stacking=G), by_code("b", off(200), stacking=G)),
        [CANNOT, APPLIED],
    ),
    Row(
        LEFT_OUT,
        "one group: 495 for shipping rather than a gift of 400 or a bonus of 900",
        lambda: coded(
            by_code("a", gift(), stacking=G),
            by_code("b", free_shipping(), stacking=G),
            by_code("c", bonus_cashback(amount=900), stacking=G),
            shipping_amount=495,
        ),
        [CANNOT, APPLIED, CANNOT],
    ),
    Row(
        LEFT_OUT,
        "a is exclusive and gives less than b",
        lambda: coded(by_code("a", off(100), stacking=ALONE), by_code("b", off(200))),
        [CANNOT, APPLIED],
    ),
    Row(
        LEFT_OUT,
        "x is exclusive; free shipping may not stand beside it, a gift and a bonus may",
        lambda: coded(
            by_code("x", off(500), stacking=ALONE),
            by_code("s", free_shipping()),
            by_code("g", gift()),
            by_code("b", bonus_cashback(amount=5)),
            shipping_amount=495,
        ),
        [APPLIED, CANNOT, APPLIED, APPLIED],
    ),
    Row(
        LEFT_OUT,
        "the exclusive gift of 400 may not stand beside 500 off",
        lambda: coded(by_code("a", off(500)), by_code("g", gift(), stacking=ALONE)),
        [APPLIED, CANNOT],
    ),
    Row(
        LEFT_OUT,
        "b takes all 1000; a might stand beside it, but would only make it two",
        lambda: coded(by_code("a", off(100)), by_code("b", off(1000))),
        [BETTER, APPLIED],
    ),
    Row(
        LEFT_OUT,
        "a leaves no shipping for b",
        lambda: coded(
            by_code("a", free_shipping()),
            by_code("b", free_shipping(percent="50")),
            shipping_amount=495,
        ),
        [APPLIED, BETTER],
    ),
    Row(
        LEFT_OUT,
        "a counts two of three units (300 each: 300 free) and leaves b too few for its 100",
        lambda: coded(
            by_code("a", buy_x_get_y(1, 1)), by_code("b", bundle_price(2, 500)), lines=[(3, 300)]
        ),
        [APPLIED, BETTER],
    ),
    Row(
        LEFT_OUT,
        "a takes all of the tea, so b's bonus on tea is 0",
        lambda: coded(
            by_code("a", percent("100"), items={"include": TEA}),
            by_code("b", bonus_cashback(amount=50), items={"include": TEA}),
            lines=[(1, 1000, TEA), (1, 500, CUP)],
        ),
        [APPLIED, BETTER],
    ),
    Row(
        LEFT_OUT,
        "b alone would free 1, 1, 1; beside a (which bundles these) it would give 10, and only 9 "
        "are left; 3 alone are more than a's 1",
        lambda: coded(
            by_code("a", bundle_price(3, 2), items={"max_unit_price": 1}),
            by_code("b", buy_x_get_y(1, 1), limits={"discount_budget": 9}),
            lines=[(3, 10), (3, 1)],
        ),
        [BETTER, APPLIED],
    ),
    *(
        Row(
            NO_EFFECT,
            working,
            lambda effect=effect, fields=fields: coded(
                by_code("a", effect), lines=[(2, 100, TEA)], **fields
            ),
            [("inapplicable", "no_effect")],
        )
        for working, effect, fields in [
            ("0.1 % of 200 = 0.2 -> 0", percent("0.1"), {}),
            ("each at 100 already", fixed_price(100), {}),
            ("two for 200 already", bundle_price(2, 200), {}),
            ("no group of three", bundle_price(3, 0), {}),
            ("no run of three", buy_x_get_y(2, 1), {}),
            ("no cup to get", buy_x_get_y(1, 1, get_items={"include": CUP}), {}),
            ("0.1 % of 100 = 0.1 -> 0", buy_x_get_y(1, 1, percent="0.1"), {}),
            ("no tier is reached", tiered({201: 50}), {}),
            ("the tier's 0.1 % of 200 -> 0", tiered({0: "0.1"}), {}),
            ("no shipping", free_shipping(), {}),
            ("shipping at 495 already", free_shipping(shipping_price=495),
             {"shipping_amount": 495}),
            ("shipping for less than 500", free_shipping(shipping_price=500),
             {"shipping_amount": 495}),
            ("50 % of nothing", free_shipping(percent="50"), {}),
            ("no rules earn anything", bonus_cashback(multiplier="2"), {}),
        ]
    ),
    *(
        Row(
            HOLDS,
            f"10 uses: {used} used and {held} held",
            lambda used=used, held=held: coded(
                by_code("a", off(100), limits={"redemptions": 10}),
                usage={"a": PromotionUsage(used=used, held=held)},
            ),
            expected,
        )
        for used, held, expected in [
            (5, 4, [APPLIED]),
            (5, 5, [("inapplicable", "held_by_other_checkout")]),
            (10, 0, [("inapplicable", "usage_limit_reached")]),
        ]
    ),
]  # fmt: skip
