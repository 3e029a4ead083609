"""What is typed within a block, read by the block's own rule."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from campaigns.domain.letters.addresses import read_address
from campaigns.domain.letters.blocks import (
    MAX_PRODUCTS,
    Block,
    Button,
    Cashback,
    Code,
    Footer,
    Header,
    Link,
    Paragraphs,
    Picture,
    Products,
    Text,
    Words,
)  # fmt: skip
from campaigns.domain.letters.inline import InlineReader

_PICTURE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\((?P<target>.*)\)")
_PRODUCTS = 3


@dataclass(slots=True)
class Typed:
    """A block as it stands there: what is beside its name, and its lines with their numbers."""

    name: str
    beside: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)


def read_block(typed: Typed, inline: InlineReader) -> Block | None:
    """The block; None where it is none, and `inline` knows why."""
    reader = _READERS.get(typed.name)
    return reader(typed, inline) if reader else None


def paragraphs(typed: Typed, inline: InlineReader) -> Paragraphs:
    """Blank lines part them; a single line break stays one."""
    found = []
    held: list[tuple[int, str]] = []
    for number, line in [*typed.lines, (0, "")]:
        if line.strip():
            held.append((number, line.strip()))
        elif held:
            found.append(inline.read("\n".join(text for _, text in held), line=held[0][0]))
            held = []
    return tuple(found)


def _header(typed: Typed, inline: InlineReader) -> Block | None:
    picture = None
    left = []
    for number, line in typed.lines:
        if picture is None and line.strip().startswith("!["):
            picture = _picture(line.strip(), number, inline)
            if picture is None:
                return None
        else:
            left.append((number, line))
    read = paragraphs(Typed(typed.name, "", typed.line, left), inline)
    if not read:
        return _needs_words(typed, inline)
    first, *others = read
    heading = first + tuple(node for other in others for node in (Words("\n"), *other))
    return Header(heading, picture)


def _picture(text: str, line: int, inline: InlineReader) -> Picture | None:
    found = _PICTURE.fullmatch(text)
    address = found and read_address(
        found["target"].strip(), lambda braces: inline.variable(braces, line=line)
    )
    if not found or not address or not found["alt"].strip():
        detail = "a picture is written ![what it shows](https://shop.example/tea.jpg)"
        inline.complain(line, f"Line {line}: {detail}.")
        return None
    return Picture(found["alt"].strip(), address)


def _text(typed: Typed, inline: InlineReader) -> Block | None:
    read = paragraphs(typed, inline)
    return Text(read) if read else _needs_words(typed, inline)


def _code(typed: Typed, inline: InlineReader) -> Block:
    return Code(paragraphs(typed, inline))


def _products(typed: Typed, inline: InlineReader) -> Block | None:
    if not re.fullmatch(r"([1-9][0-9]?)?", typed.beside) or int(typed.beside or 1) > MAX_PRODUCTS:
        detail = (
            f"Line {typed.line}: beside “:::products” stands how many, from 1 to {MAX_PRODUCTS}."
        )
        inline.complain(typed.line, detail)
        return None
    return Products(paragraphs(typed, inline), int(typed.beside or _PRODUCTS))


def _cashback(typed: Typed, inline: InlineReader) -> Block:
    return Cashback(paragraphs(typed, inline))


def _button(typed: Typed, inline: InlineReader) -> Block | None:
    problems = len(inline.problems)
    read = paragraphs(typed, inline)
    nodes = [node for paragraph in read for node in paragraph]
    if len(nodes) == 1 and isinstance(nodes[0], Link):
        return Button(nodes[0].inside, nodes[0].address)
    if len(inline.problems) == problems:
        line = typed.line
        inline.complain(
            line, f"Line {line}: a button holds one link: [words](https://shop.example)."
        )
    return None


def _footer(typed: Typed, inline: InlineReader) -> Block | None:
    read = paragraphs(typed, inline)
    return Footer(read) if read else _needs_words(typed, inline)


def _needs_words(typed: Typed, inline: InlineReader) -> Block | None:
    line = typed.line
    inline.complain(line, f"Line {line}: the block “{typed.name}” needs words.")
    return None


_READERS: Mapping[str, Callable[[Typed, InlineReader], Block | None]] = {
    "header": _header,
    "text": _text,
    "code": _code,
    "products": _products,
    "cashback": _cashback,
    "button": _button,
    "footer": _footer,
}
