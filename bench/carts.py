"""Carts of five lines and two codes, each with what it must cost: worked out here, line by line."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load import Exchange
from bench.offers import (
    AMOUNT_OF_CODE,
    CODE_PROMOTIONS,
    FAMILIES,
    SEGMENTS,
    Body,
    Family,
    half_up,
)
from bench.seed import code_of, customer_of
from bench.service import decoded

SHIPPING = 495
UNIT_PRICES = (1_000, 4_999)


class WrongPrice(Exception):
    """The service asks for another price than the cart's own sum."""


@dataclass(frozen=True, slots=True)
class PreparedCart:
    """A body for `validate`, its price, and how many offers are applied to it."""

    body: Body
    total: int
    applied: int

    def check(self, exchange: Exchange) -> None:
        """
        Raises:
            WrongPrice, Refused
        """
        told = decoded(exchange)
        found = (told["total"], len(told["applied"]), told["best"])
        if found != (self.total, self.applied, True) or told["decision_id"] is None:
            raise WrongPrice(f"{found}, not {self.total, self.applied, True}: {self.body} {told}")


def prepare_carts(count: int, *, codes: int, seed: int = 1) -> list[PreparedCart]:
    """`count` carts over `codes` codes, the families in turn."""
    chance = random.Random(seed)
    return [
        _cart(FAMILIES[number % len(FAMILIES)], codes=codes, chance=chance)
        for number in range(count)
    ]


def _cart(family: Family, *, codes: int, chance: random.Random) -> PreparedCart:
    holder = _holder(family, codes=codes, chance=chance)
    given = _codes_of(holder, codes=codes, chance=chance)
    prices = [chance.randint(*UNIT_PRICES) for _ in range(5)]
    quantities = [*family.quantities, 1, 1]
    categories = [*(family.category(line) for line in (1, 2, 3)), "personal", "single"]
    subtotals = [n * price for n, price in zip(quantities, prices, strict=True)]
    discounts = [family.saved(at + 1, quantities[at], prices[at]) for at in range(3)]
    discounts += [half_up(subtotals[3], tenths_of_percent=125), min(AMOUNT_OF_CODE, subtotals[4])]
    body = {
        "customer_id": customer_of(holder),
        "currency": "EUR",
        "channel": "web",
        "shipping_country": "DE",
        "shipping_method": "parcel",
        "payment_method": "card",
        "shipping_amount": SHIPPING,
        "lines": [
            {
                "line_id": str(at + 1),
                "sku": f"{category}-sku",
                "categories": [category],
                "brand": "Kyo",
                "quantity": quantities[at],
                "unit_price": prices[at],
            }
            for at, category in enumerate(categories)
        ],
        "codes": given,
    }
    shipping = SHIPPING - family.shipping_saved(SHIPPING)
    return PreparedCart(body, sum(subtotals) - sum(discounts) + shipping, _applied(family))


def _applied(family: Family) -> int:
    """All three and both codes, less one of two that exclude each other."""
    grouped = sum("stacking" in offer.more for offer in family.offers)
    return len(family.offers) + 2 - max(0, grouped - 1)


def _holder(family: Family, *, codes: int, chance: random.Random) -> int:
    """A customer with personal codes who belongs to the family's audience."""
    holders = codes // (2 * CODE_PROMOTIONS)
    number = chance.randrange(1, holders + 1)
    if family.segment is None:
        return number
    wanted = SEGMENTS.index(family.segment)
    return next(
        at
        for at in (number, number - 1, number - 2, number + 1, number + 2)
        if at % len(SEGMENTS) == wanted and 1 <= at <= holders
    )


def _codes_of(holder: int, *, codes: int, chance: random.Random) -> Sequence[str]:
    """One of the holder's own, and one that anybody may use once."""
    series = 2 * CODE_PROMOTIONS
    own = (holder - 1) * series + chance.randrange(CODE_PROMOTIONS)
    single = chance.randrange(codes // series) * series + CODE_PROMOTIONS
    return [code_of(own), code_of(single + chance.randrange(CODE_PROMOTIONS))]
