"""What is left of a cart while promotions take from it, to the single unit.

Units are kept as runs, so that 10,000 equal units cost as much as one. A basket never changes:
taking from it gives a new one that shares all untouched lines, so trying combinations is cheap.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from common.cart import CartLine
from common.money import allocate

#: What the cashback rules earn on each line, told what is left of each line; minor units.
Earnings = Callable[[Sequence[int]], Sequence[int]]


class Run(NamedTuple):
    """Neighbouring units of a line, each with the same amount left."""

    #: Minor units left of each unit.
    each: int
    units: int
    #: Whether a promotion that counts units has counted these, so that no other may.
    counted: bool = False


Runs = tuple[Run, ...]


class LineCut(NamedTuple):
    """What one promotion takes from one line."""

    #: Position of the line in the cart.
    line: int
    amount: int
    #: The line's units afterwards, where the effect decided that; `None`: to be spread.
    units: Runs | None = None


class GiftItem(NamedTuple):
    """An item that is added free of charge; `unit_price` is its value, minor units."""

    sku: str
    quantity: int
    unit_price: int


class Cut(Struct, frozen=True):
    """What one promotion takes, from lines in any order and from shipping, or adds. Minor units."""

    lines: tuple[LineCut, ...] = ()
    #: The lines' amounts together.
    items: int = 0
    shipping: int = 0
    gift: GiftItem | None = None
    #: Cashback on top of what the rules earn.
    bonus: int = 0

    @property
    def total(self) -> int:
        """What counts against a budget."""
        return self.items + self.shipping

    @property
    def benefit(self) -> int:
        """What combinations are compared by: the discount and the value of the gift."""
        if self.gift is None:
            return self.items + self.shipping
        return self.items + self.shipping + self.gift.quantity * self.gift.unit_price

    @property
    def has_effect(self) -> bool:
        """Money, a gift, or a bonus above zero."""
        return bool(self.items or self.shipping or self.gift or self.bonus)


NOTHING = Cut()


def nothing_earned(left: Sequence[int]) -> Sequence[int]:
    """The earnings where there are no cashback rules."""
    return [0] * len(left)


def cut_lines(cuts: Iterable[LineCut]) -> Cut:
    """A cut of these lines; those that lose nothing are left out."""
    lines = tuple([cut for cut in cuts if cut.amount])
    return Cut(lines, sum([cut.amount for cut in lines]))


class Basket:
    """The amounts left: of each unit, each line and the shipping. Never changed once made.

    What was taken from a line is spread over its units only when somebody asks for the units.
    """

    __slots__ = ("_earnings", "_pending", "_units", "left", "lines", "shipping")

    def __init__(
        self,
        *,
        lines: Sequence[CartLine],
        left: list[int],
        shipping: int,
        earnings: Earnings,
        units: dict[int, Runs] | None = None,
        pending: dict[int, tuple[int, ...]] | None = None,
    ) -> None:
        #: As they came.
        self.lines = lines
        #: Of each line, minor units: the sum of its units.
        self.left = left
        self.shipping = shipping
        self._earnings = earnings
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
            earnings=self._earnings,
            units=units,
            pending=pending,
        )

    def earned(self, lines: Sequence[int]) -> int:
        """What the cashback rules earn on these lines by what is left of the cart, minor units."""
        earned = self._earnings(self.left)
        return sum([earned[line] for line in lines])

    def spread(self, amount: int, lines: Sequence[int]) -> Cut:
        """`amount` taken from the lines at these positions, in proportion to what is left of each."""
        if not amount:
            return NOTHING
        if len(lines) == 1:
            return Cut((LineCut(lines[0], amount),), amount)
        parts = allocate(amount, [self.left[line] for line in lines])
        cuts = [LineCut(line, part) for line, part in zip(lines, parts, strict=True) if part]
        return Cut(tuple(cuts), amount)


def fill_basket(
    *, lines: Sequence[CartLine], shipping: int, earnings: Earnings = nothing_earned
) -> Basket:
    """The cart as it came: nothing taken yet."""
    left = [line.subtotal for line in lines]
    return Basket(lines=lines, left=left, shipping=shipping, earnings=earnings)


def dearest_first(lines: Sequence[CartLine], positions: Sequence[int]) -> tuple[int, ...]:
    """Positions of lines in the one order of units: by unit price as it came, then as they came."""
    # sorted() is stable, so equal prices keep the order of the lines.
    return tuple(sorted(positions, key=lambda line: -lines[line].unit_price))


def spread_over_units(units: Runs, amount: int) -> Runs:
    """The units after `amount` was taken from them all, in proportion to what is left of each.

    >>> spread_over_units((Run(1299, 2), Run(0, 1)), 5)[:2]
    (Run(each=1296, units=1, counted=False), Run(each=1297, units=1, counted=False))
    """
    if amount == 0:
        return units
    if len(units) == 1:
        share, extra = divmod(amount, units[0].units)
        return _run_cut(units[0], share, extra)
    return tuple([run for runs in spread_over_runs(units, amount) for run in runs])


def spread_over_runs(units: Sequence[Run], amount: int) -> list[Runs]:
    """As `spread_over_units`, with what becomes of each run by itself."""
    total = sum([run.each * run.units for run in units])
    if amount == 0:
        return [(run,) for run in units]
    shares, remainders = [], []
    for run in units:
        share, remainder = divmod(amount * run.each, total)
        shares.append(share)
        remainders.append(remainder)
    extras = [0] * len(units)
    leftover = amount - sum([share * run.units for share, run in zip(shares, units, strict=True)])
    # sorted() is stable, so equal remainders go to the earlier units.
    for position in sorted(range(len(units)), key=lambda at: -remainders[at]):
        extras[position] = min(leftover, units[position].units)
        leftover -= extras[position]
    return [
        _run_cut(run, share, extra) for run, share, extra in zip(units, shares, extras, strict=True)
    ]


def _run_cut(run: Run, share: int, extra: int) -> Runs:
    """A run of which every unit loses `share`, and the first `extra` units one more."""
    each, count, counted = run
    if not extra:
        return (Run(each - share, count, counted),)
    if extra == count:
        return (Run(each - share - 1, count, counted),)
    return (
        Run(each - share - 1, extra, counted),
        Run(each - share, count - extra, counted),
    )
