"""What was found beside what was expected."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from replay.plan import Count

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report."""

    name: str
    expected: int
    found: int

    @property
    def is_right(self) -> bool:
        return self.expected == self.found


class Tally:
    """Counts from all threads, and every answer that was another than the plan said."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: Counter[str] = Counter()
        self.deviations: list[str] = []

    def count(self, name: str, times: int = 1) -> None:
        """So many more of these were found."""
        with self._lock:
            self._found[str(name)] += times

    def deviate(self, text: str) -> None:
        """Something came out that the plan does not say."""
        with self._lock:
            self.deviations.append(text)

    def rows(self, expected: Mapping[Count, int]) -> list[Row]:
        """Expected and found, in the order of the report; what nobody expected comes last."""
        known = [Row(name.value, expected.get(name, 0), self._found[name.value]) for name in Count]
        others = sorted(set(self._found) - set(Count))
        return known + [Row(name, 0, self._found[name]) for name in others]


def is_right(rows: list[Row], deviations: list[str]) -> bool:
    """Whether all came out as planned."""
    return not deviations and all(row.is_right for row in rows)


def summary(rows: list[Row]) -> str:
    """What was found, in one sentence."""
    found = {row.name: row.found for row in rows}
    repeats = found[Count.REPEAT_OF_PERSONAL] + found[Count.REPEAT_OF_SHARED]
    outsiders = found[Count.OUTSIDER_PERSONAL] + found[Count.OUTSIDER_SHARED]
    return (
        f"{found[Count.PERSONAL_CODES]:,} personal codes; {found[Count.DROPPED_LINES]:,} lines"
        f" dropped; {found[Count.ORDERS]:,} orders; {found[Count.ACCEPTED]:,} redemptions accepted;"
        f" {repeats:,} repeats refused; before, refused {outsiders:,} times to an outsider,"
        f" {found[Count.DAY_BEFORE]:,} on the day before, {found[Count.DAY_AFTER]:,} on the day"
        f" after, {found[Count.NOTHING_COVERED]:,} without a covered product"
    )


def report(rows: list[Row], deviations: list[str], seconds: Mapping[str, float]) -> Iterator[str]:
    """The lines of the report."""
    width = max(len(row.name) for row in rows)
    yield f"{'':{width}}   expected      found"
    for row in rows:
        if row.expected or row.found:
            mark = "" if row.is_right else "  <- differs"
            yield f"{row.name:{width}} {row.expected:>10,} {row.found:>10,}{mark}"
    yield ""
    yield summary(rows)
    yield ""
    for stage, took in seconds.items():
        yield f"{stage:{width}} {took:>21.1f} s"
    yield f"{'in all':{width}} {sum(seconds.values()):>21.1f} s"
    yield ""
    for text in deviations[:SHOWN]:
        yield f"deviation: {text}"
    if len(deviations) > SHOWN:
        yield f"... and {len(deviations) - SHOWN} more deviations"
    yield "no deviation" if is_right(rows, deviations) else "IT DEVIATES"
