"""The promotions of the benchmarks, in the contract's words, with what each takes from a cart.

A *family* is three automatic promotions that have an effect on the same carts: each on a line of its
own, so that what a cart must cost is a sum that can be checked without any engine. Six families, of
all nine effects and three audiences, and two promotions that never apply are the twenty that every
cart of the benchmark meets; its two codes take from two further lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
#: What is taken from a line, by its quantity and unit price.
Saves = Callable[[int, int], int]

SEGMENTS = ("regulars", "tea-club", "vips")
CODE_PROMOTIONS = 5
PERCENT_OF_CODE, AMOUNT_OF_CODE = "12.5", 300


def half_up(amount: int, *, tenths_of_percent: int) -> int:
    """A share of an amount, rounded half up.

    >>> half_up(12, tenths_of_percent=125), half_up(4, tenths_of_percent=125)
    (2, 1)
    """
    return (2 * amount * tenths_of_percent + 1_000) // 2_000


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An automatic promotion; `line` says which of its family's lines it takes from."""

    effect: Body
    line: int = 3
    saves: Saves = lambda quantity, unit_price: 0
    ships_less: Callable[[int], int] = lambda shipping: 0
    more: Body = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Three offers and the quantities of the three lines that they look at."""

    name: str
    quantities: tuple[int, int, int]
    offers: Sequence[Offer]
    segment: str | None = None

    def category(self, line: int) -> str:
        """Of the family's line 1, 2 or 3."""
        return f"{self.name}-{line}"

    def promotion_id(self, number: int) -> str:
        return f"{self.name}-offer-{number}"

    def saved(self, line: int, quantity: int, unit_price: int) -> int:
        """The best of the offers on a line: where there are two, they exclude each other."""
        here = [offer for offer in self.offers if offer.line == line]
        return max((offer.saves(quantity, unit_price) for offer in here), default=0)

    def shipping_saved(self, shipping: int) -> int:
        return sum(offer.ships_less(shipping) for offer in self.offers)

    def promotions(self) -> dict[str, Body]:
        """Bodies by id."""
        return {
            self.promotion_id(number): self._promotion(offer)
            for number, offer in enumerate(self.offers, start=1)
        }

    def _promotion(self, offer: Offer) -> Body:
        return {
            "name": f"{self.name} {offer.effect['kind']}",
            "title": {"de": f"Angebot {self.name}", "en": f"Offer {self.name}"},
            "status": "active",
            "activation": "automatic",
            "currency": "EUR",
            "effect": offer.effect,
            "items": {"include": {"categories": [self.category(offer.line)]}},
            "audience": {"segments": [self.segment] if self.segment else []},
            **offer.more,
        }


def _in_group(name: str) -> Body:
    return {"stacking": {"group": name}}


FAMILIES = (
    Family(
        name="plain",
        quantities=(1, 2, 1),
        offers=(
            Offer(
                effect={"kind": "percentage", "percent": "15", "on": "lines"},
                line=1,
                saves=lambda n, price: half_up(n * price, tenths_of_percent=150),
                more={"limits": {"redemptions": 10**9, "discount_budget": 10**12}},
            ),
            Offer(
                effect={"kind": "fixed_amount", "amount": 250, "on": "line"},
                line=2,
                saves=lambda n, price: min(250, n * price),
                more={"limits": {"per_customer": 10**6}},
            ),
            Offer(effect={"kind": "free_shipping"}, ships_less=lambda shipping: shipping),
        ),
    ),
    Family(
        name="prices",
        quantities=(2, 3, 1),
        offers=(
            Offer(
                effect={"kind": "fixed_price", "price": 999},
                line=1,
                saves=lambda n, price: n * max(0, price - 999),
            ),
            Offer(
                effect={"kind": "bundle_price", "quantity": 3, "price": 2500},
                line=2,
                saves=lambda n, price: n // 3 * max(0, 3 * price - 2500),
            ),
            Offer(effect={"kind": "gift", "sku": "MUG", "unit_price": 700}),
        ),
    ),
    Family(
        name="counted",
        quantities=(3, 4, 1),
        segment=SEGMENTS[0],
        offers=(
            Offer(
                effect={"kind": "buy_x_get_y", "buy_quantity": 2, "get_quantity": 1},
                line=1,
                saves=lambda n, price: n // 3 * price,
            ),
            Offer(
                effect={
                    "kind": "tiered",
                    "by": "quantity",
                    "on": "lines",
                    "tiers": [{"from": 2, "percent": "5"}, {"from": 4, "percent": "10"}],
                },
                line=2,
                saves=lambda n, price: half_up(n * price, tenths_of_percent=100),
            ),
            Offer(effect={"kind": "bonus_cashback", "amount": 150}),
        ),
    ),
    Family(
        name="capped",
        quantities=(1, 3, 1),
        offers=(
            Offer(
                effect={
                    "kind": "percentage",
                    "percent": "10",
                    "on": "order",
                    "max_discount": 400,
                },
                line=1,
                saves=lambda n, price: min(400, half_up(n * price, tenths_of_percent=100)),
            ),
            Offer(
                effect={"kind": "fixed_amount", "amount": 200, "on": "unit", "max_units": 2},
                line=2,
                saves=lambda n, price: min(2, n) * min(200, price),
            ),
            Offer(
                effect={"kind": "free_shipping", "shipping_price": 195},
                ships_less=lambda shipping: max(0, shipping - 195),
            ),
        ),
    ),
    Family(
        name="either",
        quantities=(1, 2, 1),
        segment=SEGMENTS[1],
        offers=(
            Offer(
                effect={"kind": "percentage", "percent": "20", "on": "lines"},
                line=1,
                saves=lambda n, price: half_up(n * price, tenths_of_percent=200),
                more=_in_group("either"),
            ),
            Offer(
                effect={"kind": "fixed_amount", "amount": 500},
                line=1,
                saves=lambda n, price: min(500, n * price),
                more=_in_group("either"),
            ),
            Offer(
                effect={"kind": "bundle_price", "quantity": 2, "price": 1500},
                line=2,
                saves=lambda n, price: n // 2 * max(0, 2 * price - 1500),
            ),
        ),
    ),
    Family(
        name="pairs",
        quantities=(1, 1, 2),
        segment=SEGMENTS[2],
        offers=(
            Offer(
                effect={
                    "kind": "buy_x_get_y",
                    "buy_quantity": 1,
                    "get_quantity": 1,
                    "percent": "50",
                    "get_items": {"include": {"categories": ["pairs-2"]}},
                },
                line=2,
                saves=lambda n, price: half_up(price, tenths_of_percent=500),
                more={"items": {"include": {"categories": ["pairs-1"]}}},
            ),
            Offer(
                effect={
                    "kind": "tiered",
                    "by": "subtotal",
                    "tiers": [{"from": 2000, "amount": 200}, {"from": 5000, "amount": 600}],
                },
                saves=lambda n, price: 600 if n * price >= 5000 else 200,
            ),
            Offer(effect={"kind": "gift", "sku": "TIN", "unit_price": 350}, line=1),
        ),
    ),
)


#: Looked at by every cart, and never applied: one is nearly reached, one is for another channel.
BYSTANDERS: dict[str, Body] = {
    "large-orders": {
        "name": "Large orders",
        "status": "active",
        "activation": "automatic",
        "currency": "EUR",
        "effect": {"kind": "percentage", "percent": "5"},
        "conditions": {"min_subtotal": 10**9},
    },
    "app-only": {
        "name": "Only in the app",
        "status": "active",
        "activation": "automatic",
        "effect": {"kind": "percentage", "percent": "5"},
        "conditions": {"channels": ["app"]},
    },
}


def automatic_promotions() -> dict[str, Body]:
    """The twenty, by id."""
    found = dict(BYSTANDERS)
    for family in FAMILIES:
        found |= family.promotions()
    return found


def code_promotions() -> dict[str, Body]:
    """Those of the two codes, by id: a percentage by personal codes, an amount by single-use ones."""
    percentage = {"kind": "percentage", "percent": PERCENT_OF_CODE, "on": "lines"}
    amount = {"kind": "fixed_amount", "amount": AMOUNT_OF_CODE}
    found = {}
    for number in range(CODE_PROMOTIONS):
        found[f"personal-{number}"] = _by_code("personal", percentage, {"per_customer": 5})
        found[f"single-{number}"] = _by_code("single", amount, {"per_code": 1})
    return found


def _by_code(category: str, effect: Body, limits: Body) -> Body:
    return {
        "name": f"By {category} code",
        "status": "active",
        "currency": "EUR",
        "effect": effect,
        "items": {"include": {"categories": [category]}},
        "limits": {"redemptions": 10**9, "discount_budget": 10**12, **limits},
    }
