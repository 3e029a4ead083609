"""What came out: figures with their targets, as JSON and as a table."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stack.paths import CHECKOUT, Folders

PUBLISHED = CHECKOUT / "docs" / "benchmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. Without a target it is only told; `at_least` targets are floors, others ceilings."""

    name: str
    value: float
    unit: str = ""
    target: float | None = None
    aim: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the target is kept; always, where there is none."""
        if self.target is None:
            return True
        return self.value >= self.target if self.at_least else self.value <= self.target

    def row(self) -> list[str]:
        """Cells of the table."""
        sign = "≥" if self.at_least else "≤"
        return [
            self.name,
            f"{_short(self.value)} {self.unit}".strip(),
            "" if self.target is None else f"{sign} {_short(self.target)}",
            "" if self.aim is None else f"{sign} {_short(self.aim)}",
            "" if self.target is None else "holds" if self.holds else "FAILS",
        ]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a benchmark found; `detail` holds every round, and anything else worth keeping."""

    name: str
    figures: Sequence[Figure]
    detail: dict[str, Any] = field(default_factory=dict)
    #: SVG by file name.
    plots: dict[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        return all(figure.holds for figure in self.figures)

    def write(self, folder: Path, *, scale: float, versions: dict[str, str]) -> Path:
        """As `<name>.json`, with the plots beside it."""
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "name": self.name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "scale": scale,
            "versions": versions,
            "figures": [asdict(figure) | {"holds": figure.holds} for figure in self.figures],
            "remarks": list(self.remarks),
            "detail": self.detail,
        }
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(_rounded(content), indent=1) + "\n", encoding="utf-8")
        for name, svg in self.plots.items():
            (folder / name).write_text(svg, encoding="utf-8")
        return path


def folder_for(*, is_published: bool) -> Path:
    """Published figures are kept with the documentation, all others out of the way."""
    return PUBLISHED if is_published else Folders.from_environment().data_dir / "benchmarks"


def table(reports: Sequence[Report]) -> str:
    """All figures as a table of Markdown."""
    head = ["figure", "measured", "target", "aim", ""]
    rows = [head, *(figure.row() for report in reports for figure in report.figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    lines += [f"\n{report.name}: {remark}" for report in reports for remark in report.remarks]
    return "\n".join(lines)


def versions(postgres: str) -> dict[str, str]:
    """Of what was measured, and where."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "postgres": postgres,
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _short(value: float) -> str:
    """Three figures that matter.

    >>> _short(0.25), _short(1234567), _short(12.345), _short(4)
    ('0.25', '1,234,567', '12.3', '4')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
