"""The policy's choice of promotions, and what it says of codes."""

from promotions.domain.facts import GUEST, PromotionUsage
from tests.promotions.domain.shop import (
    applied,
    cart,
    code,
    off,
    offer,
    percent,
    quote,
    rows,
)
from tests.promotions.rules.row import Row

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
BENEFIT = (
    "The combination chosen is the legal one with the greatest benefit: item discount plus "
    "shipping discount plus the value of the gifts;"
)
FEWER = "then with fewer promotions,"
PRIORITY = "then with the higher sum of priorities,"
IDS = "then with the smaller list of ids (sorted in code point order, compared item by item)."
PROVEN = "`best` is true when that is proven; with up to 12 candidates it must be."
LEFT_OUT = (
    "A code whose promotion is left out is `skipped`: `cannot_combine` when groups, exclusives or "
    "the once-only rule forbid it beside the chosen ones, else `better_offer_applied`."
)
NO_EFFECT = (
    "A code whose promotion has no effect on this cart alone is inapplicable, `no_effect`, and is "
    "not used up."
)
HOLDS = "holds count like uses until they end."


def chosen(*offers, bought=None, **more):
    """What the chosen promotions take of 1 x 1000, by id."""
    return applied(quote(bought or cart((1, 1000)), offers, **more))


def grouped(name, amount, group="g", **more):
    return offer(name, effect=off(amount), stacking={"group": group, **more})


def coded(*offers, usage=None, price=1000):
    """Status and reason of a code of each promotion, in their order."""
    names = [given.promotion_id for given in offers]
    bought = cart((1, price), codes=[f"CODE{name}" for name in names])
    codes = [code(f"CODE{name}".upper(), name) for name in names]
    return rows(quote(bought, offers, codes=codes, usage=usage))


def proven(offers):
    """Whether the choice for 1 x 1000 is proven, and what comes off."""
    found = quote(cart((1, 1000)), offers)
    return found.best, found.item_discount


def by_code(name, amount, **more):
    return offer(name, effect=off(amount), activation="code", **more)


ROWS = [
    Row(
        CANDIDATES,
        "a runs by itself; b waits for its code; c is paused; d has no code given",
        lambda: chosen(
            offer("a", effect=off(100)),
            by_code("b", 50),
            offer("c", effect=off(30), status="paused"),
            by_code("d", 20),
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
    Row(
        CANDIDATES,
        "0.1 % of 100 = 0.1 -> 0: no effect",
        lambda: chosen(offer("a", effect=percent("0.1")), bought=cart((1, 100))),
        {},
    ),
    Row(
        GROUP,
        "100 or 200 of group g, not both",
        lambda: chosen(grouped("a", 100), grouped("b", 200)),
        {"b": 200},
    ),
    Row(
        GROUP,
        "one of each group: 200 of g, 50 of h",
        lambda: chosen(grouped("a", 100), grouped("b", 200), grouped("c", 50, "h")),
        {"b": 200, "c": 50},
    ),
    Row(
        EXCLUSIVE,
        "250 alone is more than 100 + 120 = 220",
        lambda: chosen(
            offer("a", effect=off(100)),
            offer("b", effect=off(120)),
            offer("x", effect=off(250), stacking={"exclusive": True}),
        ),
        {"x": 250},
    ),
    Row(
        EXCLUSIVE,
        "200 alone is less than 100 + 120 = 220",
        lambda: chosen(
            offer("a", effect=off(100)),
            offer("b", effect=off(120)),
            offer("x", effect=off(200), stacking={"exclusive": True}),
        ),
        {"a": 100, "b": 120},
    ),
    Row(
        ONCE,
        "two codes of a: the first counts, 100 comes off once",
        lambda: (
            (
                found := quote(
                    cart((1, 1000), codes=["one1", "two2"]),
                    [by_code("a", 100)],
                    codes=[code("ONE1", "a"), code("TWO2", "a")],
                )
            )
            and (applied(found), rows(found))
        ),
        ({"a": 100}, [("applied", None), ("skipped", "cannot_combine")]),
    ),
    Row(
        ONCE,
        "the first code is used up, so the second is the first usable one",
        lambda: rows(
            quote(
                cart((1, 1000), codes=["one1", "two2"]),
                [by_code("a", 100)],
                codes=[code("ONE1", "a", limit=1, used=1), code("TWO2", "a")],
            )
        ),
        [("inapplicable", "code_already_used"), ("applied", None)],
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
    Row(
        BENEFIT,
        "a + c = 50 % of 1000, then 100: 600; b + c = 550 + 100 = 650; a and b are of one group",
        lambda: chosen(
            offer("a", effect=percent("50"), stacking={"group": "g"}),
            offer("b", effect=off(550), stacking={"group": "g"}),
            offer("c", effect=off(100)),
        ),
        {"b": 550, "c": 100},
    ),
    Row(
        FEWER,
        "a takes all 1000 by itself; so would a with b, c with d",
        lambda: chosen(
            offer("b", effect=off(400)),
            offer("c", effect=off(600)),
            offer("d", effect=off(1000)),
        ),
        {"d": 1000},
    ),
    Row(
        PRIORITY,
        "equal benefit, one promotion each: priority 5 before 3",
        lambda: chosen(grouped("a", 100, priority=3), grouped("b", 100, priority=5)),
        {"b": 100},
    ),
    Row(
        IDS,
        "equal in all: ['a', 'z'] is smaller than ['b', 'z']",
        lambda: chosen(grouped("b", 100), grouped("a", 100), offer("z", effect=off(5))),
        {"a": 100, "z": 5},
    ),
    Row(
        IDS,
        "code points: 'Z' is smaller than 'a'",
        lambda: chosen(grouped("a", 100), grouped("Z", 100)),
        {"Z": 100},
    ),
    Row(
        PROVEN,
        "12 candidates: each 50 off, 600 in all",
        lambda: (
            (found := quote(cart((1, 1000)), [offer(f"p{at}", effect=off(50)) for at in range(12)]))
            and (found.best, found.item_discount)
        ),
        (True, 600),
    ),
    Row(
        LEFT_OUT,
        "one group: the smaller may not stand beside the greater",
        lambda: coded(
            by_code("a", 100, stacking={"group": "g"}), by_code("b", 200, stacking={"group": "g"})
        ),
        [("skipped", "cannot_combine"), ("applied", None)],
    ),
    Row(
        LEFT_OUT,
        "a is exclusive and gives less than b",
        lambda: coded(by_code("a", 100, stacking={"exclusive": True}), by_code("b", 200)),
        [("skipped", "cannot_combine"), ("applied", None)],
    ),
    Row(
        LEFT_OUT,
        "b takes all 1000; a might stand beside it, but would only make it two",
        lambda: coded(by_code("a", 100), by_code("b", 1000)),
        [("skipped", "better_offer_applied"), ("applied", None)],
    ),
    Row(
        NO_EFFECT,
        "10 % of 4 = 0.4 -> 0",
        lambda: coded(offer("a", effect=percent("10"), activation="code"), price=4),
        [("inapplicable", "no_effect")],
    ),
    *(
        Row(
            HOLDS,
            f"10 uses: {used} used and {held} held",
            lambda used=used, held=held: coded(
                by_code("a", 100, limits={"redemptions": 10}),
                usage={"a": PromotionUsage(used=used, held=held)},
            ),
            expected,
        )
        for used, held, expected in [
            (5, 4, [("applied", None)]),
            (5, 5, [("inapplicable", "held_by_other_checkout")]),
            (10, 0, [("inapplicable", "usage_limit_reached")]),
        ]
    ),
]
