"""Bodies as they are typed: paragraphs, and blocks between a line `:::name` and a line `:::`."""

import re
from dataclasses import dataclass, field

from campaigns.domain.letters.block_readers import Typed, read_block
from campaigns.domain.letters.blocks import BLOCKS, Block, Body, Text
from campaigns.domain.letters.inline import InlineReader

#: More would not be read: the first ones are put right first.
_PROBLEMS_TOLD = 20
_FENCE = re.compile(r":::\s*(?P<name>\S*)\s*(?P<beside>.*)")
#: Control characters, halves of characters, and marks that turn the direction of writing.
_NOT_SENT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def parse_body(text: str) -> Body:
    """The blocks of a body, and what is wrong with it, by lines.

    >>> parse_body("Dear all,\\n\\n:::code\\nYour code:\\n:::").blocks[1].paragraphs
    ((Words(text='Your code:'),),)
    >>> parse_body(":::cody\\n:::").problems[0].detail[:38]
    'Line 1: there is no block “cody”. Ther'
    """
    reader = _Reader()
    for number, line in enumerate(lines_of(text), start=1):
        reader.take(line, number)
    return reader.end()


def lines_of(text: str) -> list[str]:
    """The lines, however the text box ended them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def has_controls(text: str) -> bool:
    """Whether it holds what no letter can show; tabs and line feeds are fine."""
    return _NOT_SENT.search(text) is not None


@dataclass(slots=True)
class _Reader:
    inline: InlineReader = field(default_factory=InlineReader)
    blocks: list[Block] = field(default_factory=list)
    #: Lines outside any block, and the block that is open.
    loose: Typed = field(default_factory=lambda: Typed("text", "", 1))
    opened: Typed | None = None

    def take(self, line: str, number: int) -> None:
        if has_controls(line):
            self._complain(number, f"Line {number}: control characters cannot be sent.")
            return
        fence = _FENCE.fullmatch(line.strip())
        if fence is None:
            (self.opened or self.loose).lines.append((number, line))
        elif fence["name"]:
            self._begin(fence["name"], fence["beside"], number)
        elif self.opened is None:
            self._complain(number, f"Line {number}: no block is open that “:::” could close.")
        else:
            self._keep(read_block(self.opened, self.inline))
            self.opened = None

    def end(self) -> Body:
        if self.opened is not None:
            line = self.opened.line
            self._complain(line, f"Line {line}: this block is not closed. A line “:::” closes it.")
        self._paragraphs()
        problems = sorted(self.inline.problems, key=lambda problem: problem.line)
        return Body(tuple(self.blocks), tuple(problems[:_PROBLEMS_TOLD]))

    def _begin(self, typed: str, beside: str, number: int) -> None:
        self._paragraphs()
        name = typed.lower()
        if self.opened is not None:
            first = self.opened.line
            self._complain(
                number, f"Line {number}: blocks do not nest. First close that of line {first}."
            )
        elif name not in BLOCKS:
            known = ", ".join(BLOCKS)
            told = f"Line {number}: there is no block “{typed[:80]}”. There are: {known}."
            self._complain(number, told, "unknown")
        elif beside and name != "products":
            self._complain(
                number, f"Line {number}: the words of a block stand below its first line."
            )
        self.opened = Typed(name, beside, number)

    def _paragraphs(self) -> None:
        if any(line.strip() for _, line in self.loose.lines):
            self._keep(read_block(self.loose, self.inline))
        self.loose = Typed("text", "", 1)

    def _keep(self, block: Block | None) -> None:
        if block is None:
            return
        former = self.blocks[-1] if self.blocks else None
        if isinstance(block, Text) and isinstance(former, Text):
            self.blocks[-1] = Text(former.paragraphs + block.paragraphs)
        else:
            self.blocks.append(block)

    def _complain(self, line: int, detail: str, code: str = "invalid") -> None:
        self.inline.complain(line, detail, code)
