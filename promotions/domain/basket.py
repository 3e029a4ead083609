"""What is left of a cart while promotions take from it, to the single unit.

Units are kept as runs, so that 10,000 equal units cost as much as one. A basket never changes:
taking from it gives a new one that shares all untouched lines, so trying combinations is cheap.
"""

from collections.abc import Sequence
from typing import NamedTuple

from common.cart import CartLine
from common.money import allocate


class Run(NamedTuple):
    """Neighbouring units of a line, each with the same amount left."""

    #: Minor units left of each unit.
    each: int
    count: int


Runs = tuple[Run, ...]


class LineCut(NamedTuple):
    """What one promotion takes from one line."""

    #: Position of the line in the cart.
    line: int
    amount: int
    #: The line's units afterwards, where the effect decided that; `None`: to be spread.
    units: Runs | None = None


class Cut(NamedTuple):
    """What one promotion takes: from lines, in the cart's order or not, and from shipping."""

    lines: tuple[LineCut, ...] = ()
    shipping: int = 0

    @property
    def items(self) -> int:
        """Minor units taken from the lines."""
        return sum(cut.amount for cut in self.lines)

    @property
    def total(self) -> int:
        """Minor units taken in all: what counts against a budget."""
        return self.items + self.shipping


NOTHING = Cut()


class Basket:
    """The amounts left: of each unit, each line and the shipping. Never changed once made."""

    __slots__ = ("left", "prices", "shipping", "units")

    def __init__(
        self, *, prices: list[int], units: list[Runs], left: list[int], shipping: int
    ) -> None:
        #: Of each line, the unit price as it came.
        self.prices = prices
        self.units = units
        #: Of each line, minor units: the sum of its units.
        self.left = left
        self.shipping = shipping

    def after(self, cut: Cut) -> "Basket":
        """What is left after the cut, which must not take more than there is."""
        units, left = self.units.copy(), self.left.copy()
        for line, amount, runs in cut.lines:
            units[line] = spread_over_units(units[line], amount) if runs is None else runs
            left[line] -= amount
        return Basket(
            prices=self.prices, units=units, left=left, shipping=self.shipping - cut.shipping
        )

    def spread(self, amount: int, lines: Sequence[int]) -> Cut:
        """`amount` taken from the lines at these positions, in proportion to what is left of each."""
        if not amount:
            return NOTHING
        if len(lines) == 1:
            return Cut((LineCut(lines[0], amount),))
        parts = allocate(amount, [self.left[line] for line in lines])
        return Cut(
            tuple(LineCut(line, part) for line, part in zip(lines, parts, strict=True) if part)
        )


def fill_basket(*, lines: Sequence[CartLine], shipping: int) -> Basket:
    """The cart as it came: nothing taken yet."""
    return Basket(
        prices=[line.unit_price for line in lines],
        units=[(Run(line.unit_price, line.quantity),) for line in lines],
        left=[line.subtotal for line in lines],
        shipping=shipping,
    )


def spread_over_units(units: Runs, amount: int) -> Runs:
    """The units after `amount` was taken from them all, in proportion to what is left of each.

    >>> spread_over_units((Run(1299, 2), Run(0, 1)), 5)
    (Run(each=1296, count=1), Run(each=1297, count=1), Run(each=0, count=1))
    """
    if len(units) == 1:
        each, count = units[0]
        share, extra = divmod(amount, count)
        return _run_cut(each, count, share, extra)
    total = sum(each * count for each, count in units)
    if amount == 0:
        return units
    shares, remainders = [], []
    for each, _ in units:
        share, remainder = divmod(amount * each, total)
        shares.append(share)
        remainders.append(remainder)
    extras = [0] * len(units)
    leftover = amount - sum(
        share * count for share, (_, count) in zip(shares, units, strict=True)
    )
    # sorted() is stable, so equal remainders go to the earlier units.
    for position in sorted(range(len(units)), key=lambda at: -remainders[at]):
        extras[position] = min(leftover, units[position].count)
        leftover -= extras[position]
    spread: list[Run] = []
    for (each, count), share, extra in zip(units, shares, extras, strict=True):
        spread += _run_cut(each, count, share, extra)
    return tuple(spread)


def _run_cut(each: int, count: int, share: int, extra: int) -> Runs:
    """A run of which every unit loses `share`, and the first `extra` units one more."""
    if not extra:
        return (Run(each - share, count),)
    if extra == count:
        return (Run(each - share - 1, count),)
    return (Run(each - share - 1, extra), Run(each - share, count - extra))
