"""The policy's candidates, and which of them may stand together."""

from promotions.domain.facts import GUEST, PromotionUsage
from tests.promotions.domain.shop import (
    ADA,
    applied,
    cart,
    code,
    off,
    offer,
    percent,
    quote,
    rows,
)
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
from tests.promotions.rules.taken import by_code, chosen, grouped

CANDIDATES = (
    "**Choosing.** Candidates are the active automatic promotions and the promotions of the codes "
    "given, as far as their conditions, audience, schedule and limits hold and they have an effect "
    "on this cart alone (money, a gift, or a bonus above zero)."
)
GROUP = "A combination is *legal* when: at most one promotion of each `group`;"
EXCLUSIVE = (
    "an `exclusive` promotion stands alone (apart from `gift` and `bonus_cashback` promotions that "
    "are not exclusive);"
)
ONCE = "a promotion at most once, even with several of its codes;"
BUDGET = "no promotion gives more than its budget has left."

ALONE = {"exclusive": True}


def is_candidate(effect, bought, **fields):
    """Whether a promotion with this effect is one for Ada."""
    found = quote(bought, [offer(effect=effect, **fields)], customer=ADA)
    return len(found.choice.candidates) == 1


def two_codes(**first):
    """What comes off, and what becomes of two codes of one promotion."""
    found = quote(
        cart((1, 1000), codes=["one1", "two2"]),
        [by_code("a", off(100))],
        codes=[code("ONE1", "a", **first), code("TWO2", "a")],
    )
    return applied(found), rows(found)


ROWS = [
    Row(
        CANDIDATES,
        "a runs by itself; b waits for its code; c is paused; d has no code given",
        lambda: chosen(
            offer("a", effect=off(100)),
            by_code("b", off(50)),
            offer("c", effect=off(30), status="paused"),
            by_code("d", off(20)),
            bought=cart((1, 1000), codes=["bcode"]),
            codes=[code("BCODE", "b")],
        ),
        {"a": 100, "b": 50},
    ),
    Row(
        CANDIDATES,
        "a's conditions, b's audience, c's schedule and d's limits do not hold",
        lambda: chosen(
            offer("a", conditions={"min_subtotal": 2000}),
            offer("b", audience={"registered": True}),
            offer("c", schedule={"starts_at": "2027-01-01T00:00:00Z"}),
            offer("d", limits={"redemptions": 1}),
            offer("e", effect=off(70)),
            customer=GUEST,
            usage={"d": PromotionUsage(used=1)},
        ),
        {"e": 70},
    ),
    *(
        Row(
            CANDIDATES,
            working,
            lambda effect=effect, fields=fields: is_candidate(
                effect, cart((2, 100), **fields)
            ),
            expected,
        )
        for working, effect, fields, expected in [
            ("0.1 % of 200 = 0.2 -> 0: no money", percent("0.1"), {}, False),
            ("100 is not above 100", fixed_price(100), {}, False),
            ("200 is not above 200", bundle_price(2, 200), {}, False),
            ("3 units for a run, 2 are there", buy_x_get_y(2, 1), {}, False),
            ("200 do not reach 201", tiered({201: 1}), {}, False),
            ("no shipping", free_shipping(), {}, False),
            ("some shipping", free_shipping(), {"shipping_amount": 1}, True),
            ("a gift", gift(), {}, True),
            ("a bonus", bonus_cashback(amount=1), {}, True),
            ("no rules earn anything: no bonus", bonus_cashback(multiplier="9"), {}, False),
        ]
    ),
    Row(
        GROUP,
        "100 or 200 of group g, not both",
        lambda: chosen(grouped("a", off(100)), grouped("b", off(200))),
        {"b": 200},
    ),
    Row(
        GROUP,
        "one of each group: 200 of g, 50 of h",
        lambda: chosen(grouped("a", off(100)), grouped("b", off(200)), grouped("c", off(50), "h")),
        {"b": 200, "c": 50},
    ),
    Row(
        GROUP,
        "across lanes: a gift of 400, shipping of 495 or 100 off, and 5 off that have no group",
        lambda: chosen(
            grouped("a", off(100)), grouped("b", gift()), grouped("c", free_shipping()),
            grouped("d", bonus_cashback(amount=900)), offer("e", effect=off(5)),
            bought=cart((1, 1000), shipping_amount=495), customer=ADA,
        ),
        {"e": 5, "c": 495},
    ),
    *(
        Row(
            EXCLUSIVE,
            f"{amount} alone against 100 + 120 = 220",
            lambda amount=amount: chosen(
                offer("a", effect=off(100)),
                offer("b", effect=off(120)),
                offer("x", effect=off(amount), stacking=ALONE),
            ),
            expected,
        )
        for amount, expected in [(250, {"x": 250}), (200, {"a": 100, "b": 120})]
    ),
    Row(
        EXCLUSIVE,
        "250 alone is less than 130 + 130, and the gift of 400 stands beside either",
        lambda: chosen(
            offer("a", effect=off(130)),
            offer("b", effect=off(130)),
            offer("g", effect=gift()),
            offer("x", effect=off(250), stacking=ALONE),
        ),
        {"a": 130, "b": 130, "g": 0},
    ),
    Row(
        EXCLUSIVE,
        "gift and bonus stand beside 250; free shipping of 200 may not",
        lambda: chosen(
            offer("b", effect=bonus_cashback(amount=5)),
            offer("g", effect=gift()),
            offer("s", effect=free_shipping()),
            offer("x", effect=off(250), stacking=ALONE),
            bought=cart((1, 1000), shipping_amount=200), customer=ADA,
        ),
        {"x": 250, "b": 0, "g": 0},
    ),
    *(
        Row(
            EXCLUSIVE,
            f"the gift of 400 is exclusive itself, so it or {amount} off; the bonus beside either",
            lambda amount=amount: chosen(
                offer("b", effect=bonus_cashback(amount=5)),
                offer("g", effect=gift(), stacking=ALONE),
                offer("x", effect=off(amount), stacking=ALONE),
                customer=ADA,
            ),
            expected,
        )
        for amount, expected in [(399, {"b": 0, "g": 0}), (401, {"x": 401, "b": 0})]
    ),
    Row(
        EXCLUSIVE,
        "an exclusive gift of 400 stands apart from 100 off, not from a mug of 30",
        lambda: chosen(
            offer("a", effect=off(100)),
            offer("g", effect=gift(), stacking=ALONE),
            offer("m", effect=gift(unit_price=30)),
        ),
        {"g": 0, "m": 0},
    ),
    Row(
        EXCLUSIVE,
        "two exclusive gifts never stand together: 400, not 300",
        lambda: chosen(
            offer("a", effect=gift(unit_price=300), stacking=ALONE),
            offer("b", effect=gift(unit_price=400), stacking=ALONE),
        ),
        {"b": 0},
    ),
    Row(
        ONCE,
        "two codes of a: the first counts, 100 comes off once",
        two_codes,
        ({"a": 100}, [("applied", None), ("skipped", "cannot_combine")]),
    ),
    Row(
        ONCE,
        "the first code is used up, so the second is the first usable one",
        lambda: two_codes(limit=1, used=1),
        ({"a": 100}, [("inapplicable", "code_already_used"), ("applied", None)]),
    ),
    *(
        Row(
            BUDGET,
            f"100 are to be given; of 500, 350 are spent and {held} held: {150 - held} left",
            lambda held=held: chosen(
                offer("a", effect=off(100), limits={"discount_budget": 500}),
                usage={"a": PromotionUsage(spent=350, held_amount=held)},
            ),
            expected,
        )
        for held, expected in [(50, {"a": 100}), (51, {})]
    ),
    *(
        Row(
            BUDGET,
            f"shipping counts: {left} left for 495",
            lambda left=left: chosen(
                offer("a", effect=free_shipping(), limits={"discount_budget": left}),
                bought=cart((1, 1000), shipping_amount=495),
            ),
            expected,
        )
        for left, expected in [(495, {"a": 495}), (494, {})]
    ),
    *(
        Row(
            BUDGET,
            f"b alone frees 1, 1, 1; where a bundles these (3 - 2 = 1), b frees a 10: {left} left",
            lambda left=left: chosen(
                offer("a", effect=bundle_price(3, 2), items={"max_unit_price": 1}),
                offer("b", effect=buy_x_get_y(1, 1), limits={"discount_budget": left}),
                bought=cart((3, 10), (3, 1)),
            ),
            expected,
        )
        for left, expected in [(10, {"a": 1, "b": 10}), (9, {"b": 3})]
    ),
    Row(
        BUDGET,
        "the value of gifts and the bonus are no discount: a budget of 1 lets them through",
        lambda: chosen(
            offer("b", effect=bonus_cashback(amount=50), limits={"discount_budget": 1}),
            offer("g", effect=gift(), limits={"discount_budget": 1}),
            customer=ADA,
        ),
        {"b": 0, "g": 0},
    ),
]  # fmt: skip
