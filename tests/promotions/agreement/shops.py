"""Whole shops with one customer at the till: promotions, codes, counters and a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.promotions.agreement.amounts import CENTS, REAL, Money, picked
from tests.promotions.agreement.effects import KINDS, MONEY_FIELDS, effects
from tests.promotions.agreement.items import cart_lines, some_items
from tests.promotions.agreement.obstacles import CODES, COUNTS, NOW, obstacles
from tests.reference.choosing import no_rules
from tests.reference.codes import normalised
from tests.reference.reasons import Asked
from tests.reference.units import percent_of

#: In the order of code points they stand otherwise than in a dictionary.
_IDS = ["b", "B", "a", "Z", "a-1", "a.1", "A:1", "10", "9", "c", "_c", "C"]
#: Promotions of a shop, and obstacles of one promotion, by the shop's mood.
_HOW_MANY = {
    "easy": (12, 11, 12, 10),
    "usual": (5, 6, 4, 7, 3, 8, 2, 1),
    "strict": (6, 8, 7, 5),
}
_OBSTACLES = {"easy": (0,), "usual": (0, 0, 0, 0, 1, 0, 0, 0, 0, 2), "strict": (1, 2, 0, 3, 4)}
_STACKING = st.builds(
    lambda stacking, priority: {**stacking, "priority": priority},
    st.sampled_from(
        [
            *[{"exclusive": False, "group": None}] * 7,
            *[{"exclusive": False, "group": "g"}] * 3,
            {"exclusive": False, "group": "h"},
            {"exclusive": True, "group": None},
            {"exclusive": True, "group": "g"},
        ]
    ),
    st.sampled_from([0, 0, 1, -1, 2]),
)
_CUSTOMERS = st.sampled_from(
    [
        {"registered": True, "earlier_orders": 0, "segments": ["regulars"]},
        {"registered": True, "earlier_orders": 1, "segments": []},
        {"registered": False, "earlier_orders": 2, "segments": ["vip", "tea-lovers"]},
        None,
    ]
)
_CHECKOUTS = st.sampled_from(
    [
        {"channel": "web", "shipping_country": "DE", "payment_method": "card"},
        {"channel": "app", "shipping_country": "AT", "shipping_method": "parcel"},
        {},
    ]
)


@dataclass(frozen=True)
class OneRule:
    """A cashback rule for everything: a percentage of what is left of each line."""

    percent: str

    def __call__(self, left: Sequence[int]) -> list[int]:
        return [percent_of(self.percent, amount) for amount in left]


_EARNINGS = st.sampled_from([no_rules, OneRule("33.3333"), OneRule("5")])


@dataclass(frozen=True)
class Regime:
    """What sort of shop it is."""

    money: Money
    #: Of effects; what stands here twice comes twice as often.
    kinds: tuple[str, ...] = tuple(KINDS)
    #: In an easy shop hardly anything stands in the way, so that up to twelve are candidates; in a
    #: strict one several things do, so that it matters which reason is told first.
    moods: tuple[str, ...] = ("usual", "easy", "usual")
    #: Units of a line.
    quantities: tuple[int, ...] = (2, 1, 3, 1, 4)


REGIMES = {
    "cents": Regime(CENTS),
    "real prices": Regime(REAL),
    # Mostly effects that count units, and so stand in each other's way.
    "counting": Regime(
        CENTS,
        kinds=("buy_x_get_y", "bundle_price", "buy_x_get_y", "fixed_price"),
        quantities=(4, 2, 3, 6, 1),
    ),
    "strict": Regime(CENTS, moods=("strict",)),
}


@st.composite
def shops(draw, regime: Regime):
    """(what is asked, promotions by id); one to twelve promotions."""
    money = regime.money
    mood = draw(picked(regime.moods))
    customer = draw(_CUSTOMERS)
    promotions: dict[str, Any] = {}
    counts: dict[str, Any] = {}
    first = draw(st.integers(0, len(_IDS) - 1))
    for at in range(draw(picked(_HOW_MANY[mood]))):
        promotion_id = _IDS[(first + at) % len(_IDS)]
        promotions[promotion_id] = draw(_promotions(regime, mood))
        counts[promotion_id] = draw(_counts(money))
    codes, typed = _codes(draw, promotions)
    cart = draw(_CHECKOUTS) | {
        "currency": "EUR",
        "customer_id": None if customer is None else "c1",
        "shipping_amount": draw(_shipping(money)),
        "lines": draw(cart_lines(money, regime.quantities)),
        "codes": typed,
    }
    asked = Asked(
        cart=cart,
        now=NOW,
        shop_zone="Europe/Berlin",
        codes=codes,
        counts=counts,
        customer=customer,
        earnings=draw(_EARNINGS),
    )
    return asked, promotions


@cache
def _shipping(money: Money) -> st.SearchStrategy:
    return money.amounts | money.amounts | money.amounts | st.just(0)


@cache
@st.composite
def _promotions(draw, regime: Regime, mood: str):
    """One promotion, active and mostly without an obstacle."""
    money = regime.money
    kind = draw(picked(regime.kinds))
    promotion: dict[str, Any] = {
        "name": "A promotion",
        "status": "active",
        "effect": draw(effects(money)[kind]),
        "stacking": draw(_STACKING),
    }
    if mood == "easy" or (mood == "usual" and draw(st.booleans())):
        promotion["activation"] = "automatic"
    if draw(st.integers(0, 8 if mood == "easy" else 3)) == 3:
        promotion["items"] = draw(some_items(money))
    if draw(st.integers(0, 4)) == 4:
        promotion["limits"] = {"discount_budget": draw(money.totals)}
    for _ in range(draw(picked(_OBSTACLES[mood]))):
        promotion = sound(merged(promotion, draw(obstacles(money))))
    if has_money(promotion):
        promotion.setdefault("currency", "EUR")
    return promotion


@cache
def _counts(money: Money) -> st.SearchStrategy:
    spent = st.just(0) | money.amounts
    return st.builds(
        lambda uses, spent, held: uses | {"spent": spent, "held_amount": held},
        COUNTS,
        spent,
        spent,
    )


_CODES = st.sampled_from(["A", "A", "A", "AB", "A", "A", "A", ""])
_AUTOMATIC_CODES = st.sampled_from(["", "", "", "", "", "", "A"])


def _codes(draw, promotions: dict[str, Any]):
    """Codes of these promotions by their normalised spelling, and what the customer types.

    Some have two; an automatic promotion seldom has one.
    """
    codes: dict[str, Any] = {}
    typed: list[str] = []
    for at, (promotion_id, body) in enumerate(promotions.items()):
        for suffix in draw(_AUTOMATIC_CODES if "activation" in body else _CODES):
            spelling = f"CODE-{at}{suffix}"
            if draw(st.booleans()):
                spelling = f"code {at}{suffix.lower()}"
            codes[normalised(spelling)] = {"promotion_id": promotion_id, **draw(CODES)}
            typed.append(spelling)
    extra = draw(picked((0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 9)))
    for number in range(extra):
        where = draw(st.integers(0, len(typed)))
        again = typed and draw(st.booleans())
        typed.insert(where, typed[0].lower() if again else f"UNKNOWN{number}")
    return codes, typed


def merged(body: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The body with the part laid over it, two levels deep."""
    both = dict(body)
    for name, value in part.items():
        both[name] = {**both.get(name, {}), **value} if isinstance(value, dict) else value
    return both


def sound(promotion: dict[str, Any]) -> dict[str, Any]:
    """Without the end of a range that several parts have turned round."""
    for part, low, high in (
        ("conditions", "min_subtotal", "max_subtotal"),
        ("schedule", "starts_at", "ends_at"),
    ):
        fields = promotion.get(part, {})
        if low in fields and high in fields and fields[high] <= fields[low]:
            del fields[high]
    return promotion


def has_money(promotion: dict[str, Any]) -> bool:
    """Whether a field is an amount of money: then the promotion needs a currency."""
    effect, conditions = promotion["effect"], promotion.get("conditions", {})
    return bool(
        MONEY_FIELDS & effect.keys()
        or any("amount" in tier for tier in effect.get("tiers", []))
        or effect.get("by") == "subtotal"
        or any("min_amount" in entry for entry in conditions.get("contains", []))
        or {"min_subtotal", "max_subtotal"} & conditions.keys()
        or {"min_unit_price", "max_unit_price"} & promotion.get("items", {}).keys()
        or {"min_unit_price", "max_unit_price"} & (effect.get("get_items") or {}).keys()
        or "discount_budget" in promotion.get("limits", {})
    )
