"""How the walk looks in a terminal: plain words, a little colour where somebody looks."""

import json
import os
import textwrap
from collections.abc import Mapping
from typing import Any, Protocol

from config.demo.client import Exchange

WIDTH = 88

_BOLD, _FAINT, _RED, _GREEN, _CYAN = "1", "2", "31", "32", "36"


class Output(Protocol):
    """What is written to: a file, or a command's standard output."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...


class Screen:
    """Writes steps, calls and findings to `out`; colours only on a terminal without NO_COLOR."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._has_colours = out.isatty() and not os.environ.get("NO_COLOR")

    def heading(self, text: str) -> None:
        """The first line."""
        self._line(self._paint(text, _BOLD))

    def step(self, number: int, english: str, german: str) -> None:
        """What comes now, in both languages."""
        self._line()
        self._line(
            self._paint(f"{number:2}  {english}", _BOLD) + self._paint(f"  ·  {german}", _FAINT)
        )

    def call(self, exchange: Exchange, *, is_as_wanted: bool) -> None:
        """Method, address, status and time of one call."""
        method, path = exchange.method, exchange.path
        mark = "✓" if is_as_wanted else "✗"
        took = f"{exchange.milliseconds:5.0f} ms"
        gap = " " * max(2, WIDTH - 18 - len(method) - len(path))
        colour = _GREEN if is_as_wanted else _RED
        self._line(
            f"    {self._paint(method, _CYAN)} {path}{gap}"
            f"{self._paint(f'{mark} {exchange.status}', colour)} {self._paint(took, _FAINT)}"
        )

    def sent(self, telling: Mapping[str, Any]) -> None:
        """The telling part of a request."""
        first, *rest = textwrap.wrap(_compact(telling), WIDTH - 8)
        self._line(f"      {self._paint('→', _FAINT)} {first}")
        for line in rest:
            self._line(f"          {line}")

    def got(self, telling: Mapping[str, Any]) -> None:
        """The telling part of an answer, member by member."""
        for at, (name, value) in enumerate(telling.items()):
            arrow = "←" if at == 0 else " "
            shown = value if isinstance(value, str) else _compact(value)
            self._line(f"      {self._paint(arrow, _FAINT)} {name:<16} {shown}")

    def words(self, language: str, text: str) -> None:
        """What a shopper or a member of staff reads."""
        first, *rest = textwrap.wrap(text, WIDTH - 14)
        self._line(f"        {self._paint(language, _FAINT)}  {first}")
        for line in rest:
            self._line(f"            {line}")

    def holds(self, finding: str) -> None:
        """Something that was asserted and is so."""
        self._line(f"      {self._paint('✓', _GREEN)} {finding}")

    def fails(self, finding: str) -> None:
        """Something that was asserted and is not so."""
        self._line(f"      {self._paint('✗ ' + finding, _RED)}")

    def ending(self, text: str) -> None:
        """The last line."""
        self._line()
        self._line(self._paint(text, _BOLD))

    def _paint(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colours else text

    def _line(self, text: str = "") -> None:
        self._out.write(f"{text}\n")
        self._out.flush()


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
