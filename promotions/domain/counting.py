"""Units that one promotion counts, so that no other of the combination may count them again."""

from collections.abc import Iterable, Sequence

from common.money import percent_of
from promotions.domain.basket import Basket, Cut, LineCut, Run, Runs, spread_over_runs


class UnitCount:
    """Counts units of a basket, step by step; `cut` then tells what was taken from whom.

    Lines are given dearest first, so that positions among their free units are the policy's one
    order of units. Counted units are no longer free.
    """

    __slots__ = ("_basket", "_changed")

    def __init__(self, basket: Basket) -> None:
        self._basket = basket
        self._changed: dict[int, Runs] = {}

    def free(self, lines: Iterable[int]) -> int:
        """How many units of these lines nobody has counted."""
        return sum([run.units for line in lines for run in self._runs(line) if not run.counted])

    def count(self, lines: Iterable[int], *, start: int, stop: int, percent: int = 0) -> None:
        """Count the free units from position `start` up to `stop`, each losing `percent`
        (ten-thousandths of a percent) of what is left of it, rounded half up.
        """
        position = 0
        for line in lines:
            if position >= stop:
                return
            runs: list[Run] = []
            for run in self._runs(line):
                if run.counted:
                    runs.append(run)
                    continue
                before, inside, after = _split(run.units, start - position, stop - position)
                position += run.units
                if before:
                    runs.append(Run(run.each, before))
                if inside:
                    runs.append(Run(run.each - percent_of(run.each, percent), inside, counted=True))
                if after:
                    runs.append(Run(run.each, after))
            self._changed[line] = tuple(runs)

    def bundle(self, lines: Sequence[int], *, quantity: int, price: int, most: int) -> None:
        """Count full groups of `quantity` free units, at most `most`, each at `price`.

        What a group is above its price is spread over its units.
        """
        groups = min(self.free(lines) // quantity, most)
        group = _Group(quantity, price)
        for line in lines:
            if groups == 0 and group.is_empty:
                break
            for run in self._runs(line):
                if run.counted or groups == 0:
                    group.pass_by(line, run)
                    continue
                groups -= group.add(line, run, groups)
        for line, runs in group.written.items():
            self._changed[line] = tuple(runs)

    def cut(self) -> Cut:
        """What all this takes; lines whose units were only counted are named with 0."""
        left = self._basket.left
        cuts = tuple(
            [
                LineCut(line, left[line] - sum([run.each * run.units for run in runs]), runs)
                for line, runs in self._changed.items()
            ]
        )
        return Cut(cuts, sum([cut.amount for cut in cuts]))

    def _runs(self, line: int) -> Runs:
        runs = self._changed.get(line)
        return self._basket.units(line) if runs is None else runs


def _split(units: int, start: int, stop: int) -> tuple[int, int, int]:
    """How many of the units lie before, inside and after the positions from `start` to `stop`."""
    before = min(max(start, 0), units)
    inside = min(max(stop, 0), units) - before
    return before, inside, units - before - inside


class _Group:
    """Makes groups of units that come in order, and writes them down by line in the same order."""

    def __init__(self, quantity: int, price: int) -> None:
        self._quantity = quantity
        self._price = price
        #: Runs of the group that is not full yet, and those in between that are counted already.
        self._open: list[tuple[int, Run]] = []
        self._missing = quantity
        self.written: dict[int, list[Run]] = {}

    @property
    def is_empty(self) -> bool:
        return not self._open

    def pass_by(self, line: int, run: Run) -> None:
        """A run that keeps its place and belongs to no group."""
        if self._open:
            self._open.append((line, run))
        else:
            self._write(line, (run,))

    def add(self, line: int, run: Run, groups: int) -> int:
        """Put a run into the open group and as many further ones as it fills, at most `groups`;
        how many became full.
        """
        full = 0
        units = run.units
        while units and full < groups:
            if self.is_empty and units >= self._quantity:
                alike = min(units // self._quantity, groups - full)
                self._write(line, self._alike(run.each, alike))
                units -= alike * self._quantity
                full += alike
                continue
            taken = min(units, self._missing)
            self._open.append((line, Run(run.each, taken)))
            self._missing -= taken
            units -= taken
            if not self._missing:
                self._close()
                full += 1
        if units:
            self._write(line, (Run(run.each, units),))
        return full

    def _alike(self, each: int, groups: int) -> Runs:
        """So many groups of equal units."""
        discount = max(each * self._quantity - self._price, 0)
        group = spread_over_runs([Run(each, self._quantity, counted=True)], discount)[0]
        if len(group) == 1:
            return (group[0]._replace(units=self._quantity * groups),)
        return group * groups

    def _close(self) -> None:
        inside = [
            Run(run.each, run.units, counted=True) for _, run in self._open if not run.counted
        ]
        discount = max(sum([run.each * run.units for run in inside]) - self._price, 0)
        spread = iter(spread_over_runs(inside, discount))
        for line, run in self._open:
            self._write(line, (run,) if run.counted else next(spread))
        self._open = []
        self._missing = self._quantity

    def _write(self, line: int, runs: Runs) -> None:
        self.written.setdefault(line, []).extend(runs)
