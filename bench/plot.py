"""Lines over two axes as SVG, by hand: no library for four plots."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 44, 44, 52
COLOURS = ("#0b7a5b", "#b4540a", "#3b5bb5")
_STYLE = """<style>
  text { font: 13px system-ui, sans-serif; fill: #333 } .title text { font-size: 15px; font-weight: 600 }
  .grid { stroke: #ddd } path { fill: none; stroke-width: 2 } .page { fill: #fff }
</style>"""


@dataclass(frozen=True, slots=True)
class Series:
    """One line; x above 0 on a logarithmic axis."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns values into places on the page."""

    x_from: float
    x_to: float
    y_to: float
    is_log: bool

    def x(self, value: float) -> float:
        low, high, here = self.x_from, self.x_to, value
        if self.is_log:
            low, high, here = log10(low), log10(high), log10(here)
        return LEFT + (WIDTH - LEFT - RIGHT) * (here - low) / (high - low)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.y_to


def plot(*, title: str, x_label: str, y_label: str, series: Sequence[Series], is_log: bool) -> str:
    """The whole picture; y begins at 0, x is logarithmic if `is_log`."""
    xs = [x for one in series for x, _ in one.points]
    highest = max(y for one in series for _, y in one.points)
    steps = y_steps(highest)
    frame = _Frame(min(xs), max(xs), steps[-1], is_log)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>{_STYLE}",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<g class="title">{_text(title, x=LEFT, y=22)}</g>',
        *(_y_tick(frame, step) for step in steps),
        *(_x_tick(frame, x) for x in sorted(set(xs))),
        _text(x_label, x=(LEFT + WIDTH) / 2, y=HEIGHT - 10, anchor="middle"),
        _text(y_label, x=LEFT, y=TOP - 6),
        *(_line(frame, one, COLOURS[at % len(COLOURS)], at) for at, one in enumerate(series)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def y_steps(highest: float) -> list[float]:
    """Round marks from 0 to above the highest value.

    >>> y_steps(7.3)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    rough = highest / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [number * step for number in range(ceil(highest / step) + 1)]


def _y_tick(frame: _Frame, value: float) -> str:
    y = frame.y(value)
    line = f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _text(f"{value:g}", x=LEFT - 8, y=y + 4, anchor="end")


def _x_tick(frame: _Frame, value: float) -> str:
    return _text(f"{value:,.0f}", x=frame.x(value), y=HEIGHT - BOTTOM + 18, anchor="middle")


def _text(text: str, *, x: float, y: float, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(frame: _Frame, series: Series, colour: str, nth: int) -> str:
    places = [(frame.x(x), frame.y(y)) for x, y in series.points]
    path = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    return (
        f'<path d="{path}" stroke="{colour}"/><g fill="{colour}">{dots}</g>'
        f'<text x="{WIDTH - RIGHT - 110 * (nth + 1)}" y="22" style="fill:{colour}">'
        f"● {escape(series.name)}</text>"
    )
