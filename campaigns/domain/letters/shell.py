"""MJML with places for text: what people typed and what recipients have never passes through MJML.

Each place is a mark in the MJML; in the HTML that comes out, the mark is replaced by its program.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mjml import mjml2html

from campaigns.domain.letters.programs import Program, Segment, joined, where
from campaigns.domain.letters.values import Reading

_MARK = re.compile(r"__(\d+)([()]?)__")


@dataclass(slots=True)
class Places:
    """The marks of one letter."""

    _programs: list[Program] = field(default_factory=list)
    _wrappers: dict[int, Callable[[Program], Segment]] = field(default_factory=dict)

    def put(self, program: Program) -> str:
        """A mark for a text, anywhere; in attributes too."""
        self._programs.append(program)
        return f"__{len(self._programs) - 1}__"

    def around(self, wrapper: Callable[[Program], Segment], inside: str) -> str:
        """MJML elements whose HTML becomes what `wrapper` makes of it."""
        self._programs.append(())
        number = len(self._programs) - 1
        self._wrappers[number] = wrapper
        return f"<mj-raw>__{number}(__</mj-raw>{inside}<mj-raw>__{number})__</mj-raw>"

    def only(self, holds: Callable[[Reading], object], inside: str) -> str:
        """MJML elements for those for whom it holds."""
        return self.around(lambda program: where(holds, program), inside)

    def compiled(self, mjml: str, *, metas: str) -> Program:
        """The HTML of the whole letter, with these elements in its head.

        Fonts from elsewhere are never loaded.
        """
        # This MJML leaves out what stands raw in a head.
        html = mjml2html(mjml, fonts={}).replace("</title>", f"</title>{metas}", 1)
        open_parts: list[list[Segment]] = [[]]
        end = 0
        for mark in _MARK.finditer(html):
            open_parts[-1].append(html[end : mark.start()])
            end = mark.end()
            number = int(mark[1])
            if mark[2] == "(":
                open_parts.append([])
            elif mark[2] == ")":
                inside = joined(open_parts.pop())
                open_parts[-1].append(self._wrappers[number](inside))
            else:
                open_parts[-1] += self._programs[number]
        open_parts[-1].append(html[end:])
        return joined(open_parts[-1])
