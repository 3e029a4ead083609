"""Plain bars, a day each, as an inline SVG draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checkout.admin.words import day
from checkout.queries.reports import Day

#: Units of the drawing: a bar with its gap, and the height.
STEP, HEIGHT = 10, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; the tooltip says it in words."""

    x: int
    y: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one figure; the highest fills the height."""

    name: str
    label: str
    total: str
    highest: str
    first: str
    last: str
    bars: Sequence[Bar]

    @property
    def width(self) -> int:
        return len(self.bars) * STEP

    @property
    def height(self) -> int:
        return HEIGHT


def chart_of(
    days: Sequence[Day],
    *,
    name: str,
    label: str,
    value: Callable[[Day], int],
    shown: Callable[[int], str],
) -> Chart:
    """The chart of one figure of `days`; what is below zero is drawn as nothing."""
    values = [max(value(each), 0) for each in days]
    highest = max(values, default=0)
    bars = []
    for at, (each, amount) in enumerate(zip(days, values, strict=True)):
        height = round(amount * HEIGHT / highest, 2) if highest else 0
        # Something is never drawn as nothing.
        height = max(height, 1.5) if amount else 0
        text = f"{day(each.day)}: {shown(amount)}"
        bars.append(Bar(at * STEP, HEIGHT - height, height, text))
    return Chart(
        name=name,
        label=label,
        total=shown(sum(values)),
        highest=shown(highest),
        first=day(days[0].day) if days else "",
        last=day(days[-1].day) if days else "",
        bars=bars,
    )
