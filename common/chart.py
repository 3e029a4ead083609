"""Plain bars in a row, as an inline SVG draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: Units of the drawing: a bar with its gap, and the height.
STEP, HEIGHT = 10, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or week; the tooltip says it in words."""

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
    values: Sequence[tuple[str, int]],
    *,
    name: str,
    label: str,
    shown: Callable[[int], str],
) -> Chart:
    """The chart of one figure, each value with what it is of; below zero nothing is drawn."""
    amounts = [max(amount, 0) for _, amount in values]
    highest = max(amounts, default=0)
    bars = []
    for at, ((of, _), amount) in enumerate(zip(values, amounts, strict=True)):
        height = round(amount * HEIGHT / highest, 2) if highest else 0
        # Something is never drawn as nothing.
        height = max(height, 1.5) if amount else 0
        bars.append(Bar(at * STEP, HEIGHT - height, height, f"{of}: {shown(amount)}"))
    return Chart(
        name=name,
        label=label,
        total=shown(sum(amounts)),
        highest=shown(highest),
        first=values[0][0] if values else "",
        last=values[-1][0] if values else "",
        bars=bars,
    )
