"""Programs: texts cut at their variables once, so that a recipient's letter is one join."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from urllib.parse import quote

from campaigns.domain.letters.blocks import Address, Inline, Node, Variable, Words
from campaigns.domain.letters.values import Reading, one_line
from campaigns.domain.tracking import CODE_PLACE

#: Text that is the same for everybody, or what writes it for one.
Segment = str | Callable[[Reading], str]
Program = Sequence[Segment]
#: How a value is written where it stands.
Pen = Callable[[str], str]


def run(program: Program, reading: Reading) -> str:
    """The text for one recipient."""
    return "".join([part if isinstance(part, str) else part(reading) for part in program])


def joined(segments: Iterable[Segment]) -> Program:
    """Neighbours that are the same for everybody become one.

    >>> joined(["a", "b", str, "c"])
    ('ab', <class 'str'>, 'c')
    """
    parts: list[Segment] = []
    for segment in segments:
        if isinstance(segment, str) and parts and isinstance(parts[-1], str):
            parts[-1] += segment
        elif segment != "":
            parts.append(segment)
    return tuple(parts)


def in_html(text: str) -> str:
    """Between tags.

    >>> in_html("<b>\\nA & B")
    '&lt;b&gt;<br>A &amp; B'
    """
    return escape(text).replace("\n", "<br>")


def in_attribute(text: str) -> str:
    """Between quotation marks, and wherever there are no lines."""
    return escape(one_line(text))


def as_typed(text: str) -> str:
    """In plain text."""
    return text


def value(variable: Variable, pen: Pen) -> Segment:
    """Writes the variable."""

    def written(reading: Reading) -> str:
        return pen(reading.value(variable))

    return written


def plain_words(nodes: Inline, pen: Pen) -> list[Segment]:
    """The words alone, without emphasis or links."""
    return [part for node in nodes for part in _plain_node(node, pen)]


def _plain_node(node: Node, pen: Pen) -> list[Segment]:
    if isinstance(node, Words):
        return [pen(node.text)]
    if isinstance(node, Variable):
        return [value(node, pen)]
    return plain_words(node.inside, pen)


def address_of(address: Address) -> Callable[[Reading], str]:
    """Fills an address: a variable within it is encoded, one that is all of it is taken whole."""
    if len(address) == 1 and isinstance(whole := address[0], Variable):
        return lambda reading: reading.value(whole)

    def filled(reading: Reading) -> str:
        return "".join(
            [
                part if isinstance(part, str) else quote(reading.value(part), safe="")
                for part in address
            ]
        )

    return filled


def link_to(address: Address, pen: Pen) -> Segment:
    """Writes the address as it is sent. One that is a value itself is somebody else's, and left alone."""
    filled = address_of(address)
    if not isinstance(address[0], str):
        return lambda reading: pen(filled(reading))
    shared = _shared(address)
    return lambda reading: pen(reading.link(filled(reading), shared=shared))


def _shared(address: Address) -> str | None:
    """As it is for everybody; None where it holds more of a person than the code."""
    names = {part.name for part in address if isinstance(part, Variable)}
    if names - {"code"}:
        return None
    return "".join([part if isinstance(part, str) else CODE_PLACE for part in address])


def where(holds: Callable[[Reading], object], inside: Program) -> Segment:
    """The part is left out for those for whom it does not hold."""
    return lambda reading: run(inside, reading) if holds(reading) else ""
