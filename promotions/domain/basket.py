"""What is left of a cart while promotions take from it, to the single unit.

Units are kept as runs, so that 10,000 equal units cost as much as one. A basket never changes:
taking from it gives a new one that shares all untouched lines, so trying combinations is cheap.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.cart import CartLine
from common.money import allocate


class Run(NamedTuple):
    """Neighbouring units of a line, each with the same amount left."""

    #: Minor units left of each unit.
    each: int
    units: int


Runs = tuple[Run, ...]


class LineCut(NamedTuple):
    """What one promotion takes from one line."""

    #: Position of the line in the cart.
    line: int
    amount: int
    #: The line's units afterwards, where the effect decided that; `None`: to be spread.
    units: Runs | None = None


class Cut(NamedTuple):
    """What one promotion takes: from lines, in any order, and from shipping. Minor units."""

    lines: tuple[LineCut, ...] = ()
    #: The lines' amounts together.
    items: int = 0
    shipping: int = 0

    @property
    def total(self) -> int:
        """What counts against a budget."""
        return self.items + self.shipping


NOTHING = Cut()


def cut_lines(cuts: Iterable[LineCut]) -> Cut:
    """A cut of these lines; those that lose nothing are left out."""
    lines = tuple([cut for cut in cuts if cut.amount])
    return Cut(lines, sum([cut.amount for cut in lines]))


class Basket:
    """The amounts left: of each unit, each line and the shipping. Never changed once made.

    What was taken from a line is spread over its units only when somebody asks for the units.
    """

    __slots__ = ("_pending", "_units", "left", "lines", "shipping")

    def __init__(
        self,
        *,
        lines: Sequence[CartLine],
        left: list[int],
        shipping: int,
        units: dict[int, Runs] | None = None,
        pending: dict[int, tuple[int, ...]] | None = None,
    ) -> None:
        #: As they came.
        self.lines = lines
        #: Of each line, minor units: the sum of its units.
        self.left = left
        self.shipping = shipping
        # Of lines whose units differ from those that came, and what is still to be spread.
        self._units = units or {}
        self._pending = pending or {}

    def units(self, line: int) -> Runs:
        """The units of a line, in their order."""
        if line not in self._units:
            came = self.lines[line]
            self._units[line] = (Run(came.unit_price, came.quantity),)
        for amount in self._pending.pop(line, ()):
            self._units[line] = spread_over_units(self._units[line], amount)
        return self._units[line]

    def after(self, cut: Cut) -> "Basket":
        """What is left after the cut, which must not take more than there is."""
        left, units, pending = self.left.copy(), self._units.copy(), self._pending.copy()
        for line, amount, runs in cut.lines:
            left[line] -= amount
            if runs is None:
                pending[line] = (*pending.get(line, ()), amount)
            else:
                units[line] = runs
                pending.pop(line, None)
        return Basket(
            lines=self.lines,
            left=left,
            shipping=self.shipping - cut.shipping,
            units=units,
            pending=pending,
        )

    def spread(self, amount: int, lines: Sequence[int]) -> Cut:
        """`amount` taken from the lines at these positions, in proportion to what is left of each."""
        if not amount:
            return NOTHING
        if len(lines) == 1:
            return Cut((LineCut(lines[0], amount),), amount)
        parts = allocate(amount, [self.left[line] for line in lines])
        cuts = [LineCut(line, part) for line, part in zip(lines, parts, strict=True) if part]
        return Cut(tuple(cuts), amount)


def fill_basket(*, lines: Sequence[CartLine], shipping: int) -> Basket:
    """The cart as it came: nothing taken yet."""
    return Basket(lines=lines, left=[line.subtotal for line in lines], shipping=shipping)


def spread_over_units(units: Runs, amount: int) -> Runs:
    """The units after `amount` was taken from them all, in proportion to what is left of each.

    >>> spread_over_units((Run(1299, 2), Run(0, 1)), 5)
    (Run(each=1296, units=1), Run(each=1297, units=1), Run(each=0, units=1))
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
    leftover = amount - sum(share * count for share, (_, count) in zip(shares, units, strict=True))
    # sorted() is stable, so equal remainders go to the earlier units.
    for position in sorted(range(len(units)), key=lambda at: -remainders[at]):
        extras[position] = min(leftover, units[position].units)
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
