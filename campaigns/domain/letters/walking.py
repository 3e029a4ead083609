"""What stands in a body, wherever it stands."""

from collections.abc import Iterable, Iterator, Sequence

from campaigns.domain.letters.blocks import (
    Address,
    Block,
    Button,
    Header,
    Inline,
    Link,
    Node,
    Text,
    Variable,
    Words,
)  # fmt: skip

#: So many letters are shown beside the subject.
_SHOWN = 140


def variables_in(blocks: Iterable[Block]) -> set[str]:
    """The names of all variables, those of addresses too."""
    found: set[str] = set()
    for block in blocks:
        for nodes in _texts(block):
            found |= names_in(nodes)
        found |= _in_address(_address(block))
    return found


def names_in(nodes: Inline) -> set[str]:
    """The names of the variables of a text."""
    return {name for node in nodes for name in _in_node(node)}


def beginning(blocks: Sequence[Block]) -> Inline:
    """What tells most beside the subject: the first words that are no heading, else the heading."""
    texts = [block.paragraphs[0] for block in blocks if isinstance(block, Text)]
    headings = [block.heading for block in blocks if isinstance(block, Header)]
    first = [*texts, *headings][:1]
    return tuple(_cut(first[0])) if first else ()


def _cut(nodes: Inline) -> Iterator[Node]:
    left = _SHOWN
    for node in nodes:
        if left <= 0:
            return
        if isinstance(node, Words):
            yield Words(node.text[:left])
            left -= len(node.text)
        else:
            yield node


def _texts(block: Block) -> Sequence[Inline]:
    if isinstance(block, Header):
        return [block.heading]
    if isinstance(block, Button):
        return [block.inside]
    return block.paragraphs


def _address(block: Block) -> Address:
    if isinstance(block, Button):
        return block.address
    if isinstance(block, Header) and block.picture is not None:
        return block.picture.address
    return ()


def _in_address(address: Address) -> set[str]:
    return {part.name for part in address if isinstance(part, Variable)}


def _in_node(node: Node) -> set[str]:
    if isinstance(node, Words):
        return set()
    if isinstance(node, Variable):
        return {node.name}
    inside = names_in(node.inside)
    return inside | _in_address(node.address) if isinstance(node, Link) else inside
