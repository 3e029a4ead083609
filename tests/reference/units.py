"""The units of a cart, their one order, what is left of each, and how amounts are shared out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

Json = dict[str, Any]


class Unit(NamedTuple):
    """One piece: which line of the cart it is of, which piece of that line, at which price."""

    line: int
    number: int
    price: int


def units_of(cart: Json) -> list[Unit]:
    """Every piece in the cart, line after line."""
    return [
        Unit(line=at, number=number, price=line["unit_price"])
        for at, line in enumerate(cart["lines"])
        for number in range(line["quantity"])
    ]


def dearest_first(units: Iterable[Unit]) -> list[Unit]:
    """ "One order of units everywhere: unit price as it came, dearest first, then line order,
    then unit." """
    return sorted(units, key=lambda unit: (-unit.price, unit.line, unit.number))


def half_up(amount: Fraction) -> int:
    """ "Amounts, in minor units, rounded half up, once." """
    return floor(amount + Fraction(1, 2))


def percent_of(percent: str, amount: int) -> int:
    """Percentages are decimal strings.

    >>> percent_of("20", 2 * 1299), percent_of("50", 1)
    (520, 1)
    """
    return half_up(Fraction(percent) * amount / 100)


def spread(amount: int, parts: Sequence[int]) -> list[int]:
    """ "In proportion to their remaining amounts, rounded down, the leftover minor units to the
    largest remainders, ties to the earlier part. A part with nothing remaining gets nothing."

    >>> spread(300, [4300, 1400, 2300]), spread(1000, [5000] * 3)
    ([161, 53, 86], [334, 333, 333])
    """
    whole = sum(parts)
    if amount == 0:
        return [0] * len(parts)
    shares = [amount * part // whole for part in parts]
    remainders = [amount * part % whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: (-remainders[at], at))
    for at in by_remainder[: amount - sum(shares)]:
        shares[at] += 1
    return shares


@dataclass(frozen=True)
class Taken:
    """What one promotion takes: from units, from shipping; and the units that it has counted."""

    units: dict[Unit, int] = field(default_factory=dict)
    shipping: int = 0
    counted: frozenset[Unit] = frozenset()

    @property
    def amount(self) -> int:
        return sum(self.units.values()) + self.shipping

    def of_line(self, line: int) -> int:
        return sum(amount for unit, amount in self.units.items() if unit.line == line)


@dataclass(frozen=True)
class Bill:
    """What is left of each unit and of shipping: "its price less what was taken from it so far"."""

    left: dict[Unit, int]
    shipping: int
    counted: frozenset[Unit] = frozenset()

    def of_line(self, line: int) -> int:
        """ "A line's remaining is the sum of its units'." """
        return sum(left for unit, left in self.left.items() if unit.line == line)

    def less(self, taken: Taken) -> "Bill":
        """ "No unit and no shipping charge goes below zero." """
        left = dict(self.left)
        for unit, amount in taken.units.items():
            left[unit] -= amount
            assert 0 <= left[unit] <= unit.price
        assert 0 <= taken.shipping <= self.shipping
        return replace(
            self,
            left=left,
            shipping=self.shipping - taken.shipping,
            counted=self.counted | taken.counted,
        )


def bill_of(cart: Json) -> Bill:
    """The cart before any discount."""
    return Bill(
        left={unit: unit.price for unit in units_of(cart)},
        shipping=cart.get("shipping_amount") or 0,
    )


def subtotal(lines: Iterable[Json]) -> int:
    """ "Its subtotal is the product. The cart's is the sum of the lines', before any discount." """
    return sum(line["quantity"] * line["unit_price"] for line in lines)
