"""A letter as plain text, from the same blocks."""

from collections.abc import Sequence

from campaigns.domain.letters import cards
from campaigns.domain.letters.blocks import (
    Address,
    Block,
    Bold,
    Button,
    Cashback,
    Code,
    Footer,
    Header,
    Inline,
    Link,
    Paragraphs,
    Products,
    Variable,
    Words,
)  # fmt: skip
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.cards import rows, shown
from campaigns.domain.letters.programs import (
    Program,
    Segment,
    as_typed,
    joined,
    link_to,
    plain_words,
    run,
    value,
    where,
)  # fmt: skip
from campaigns.domain.letters.values import Reading, one_line
from campaigns.domain.letters.wording import Wording

_WIDEST_RULE = 60


def plain_letter(
    blocks: Sequence[Block], *, brand: Brand, wording: Wording, is_marketing: bool
) -> Program:
    """The whole text; parts are two line breaks apart."""
    segments: list[Segment] = [f"{one_line(brand.shop_name)}\n\n\n"]
    for block in blocks:
        if not isinstance(block, Footer):
            segments += _block(block, wording)
    segments.append("-- \n")
    for block in blocks:
        if isinstance(block, Footer):
            segments += paragraphs_text(block.paragraphs)
    segments += _legal(brand, wording, is_marketing=is_marketing)
    return joined(segments)


def _block(block: Block, wording: Wording) -> list[Segment]:
    if isinstance(block, Header):
        return [_heading(block.heading), "\n\n"]
    if isinstance(block, Button):
        return [
            *plain_words(block.inside, one_line),
            ":\n",
            link_to(block.address, as_typed),
            "\n\n",
        ]
    if isinstance(block, Code):
        return [where(cards.code, joined([*paragraphs_text(block.paragraphs), *_code(wording)]))]
    if isinstance(block, Cashback):
        return [where(cards.cashback, joined(_cashback(block.paragraphs, wording)))]
    if isinstance(block, Products):
        inside = [*paragraphs_text(block.paragraphs), _products(block.count), "\n"]
        return [where(cards.has_products(block.count), joined(inside))]
    return paragraphs_text(block.paragraphs)


def _heading(nodes: Inline) -> Segment:
    """Underlined, as long as it is."""
    words = joined(plain_words(nodes, as_typed))

    def written(reading: Reading) -> str:
        text = run(words, reading)
        longest = max(len(line) for line in text.split("\n"))
        return f"{text}\n{'=' * min(longest, _WIDEST_RULE)}"

    return written


def paragraphs_text(paragraphs: Paragraphs) -> list[Segment]:
    """Each with an empty line behind it."""
    return [part for paragraph in paragraphs for part in [*_inline(paragraph), "\n\n"]]


def _inline(nodes: Inline) -> list[Segment]:
    parts: list[Segment] = []
    for node in nodes:
        if isinstance(node, Words):
            parts.append(node.text)
        elif isinstance(node, Variable):
            parts.append(value(node, as_typed))
        elif isinstance(node, Link):
            parts += _link(node.inside, node.address)
        else:
            mark = "*" if isinstance(node, Bold) else ""
            parts += [mark, *_inline(node.inside), mark]
    return parts


def _link(nodes: Inline, address: Address) -> list[Segment]:
    """Words and address; once where they are the same."""
    target = link_to(address, as_typed)
    if nodes == address or [node.text for node in nodes if isinstance(node, Words)] == [*address]:
        return [target]
    return [*_inline(nodes), " <", target, ">"]


def _code(wording: Wording) -> list[Segment]:
    before, after = wording.valid_until.split("{}")
    until: Program = (f"    {before}", shown(cards.code_until, one_line), f"{after}\n")
    return ["    ", shown(cards.code, one_line), "\n", where(cards.code_until, until), "\n"]


def _cashback(paragraphs: Paragraphs, wording: Wording) -> list[Segment]:
    before, after = wording.use_until.split("{}")
    last_day = shown(cards.expires_at, one_line)
    part: Program = (before, last_day, f"{after}: ", shown(cards.expiring, one_line), "\n")
    words = paragraphs_text(paragraphs) or [f"{wording.cashback}\n\n"]
    return [*words, "    ", shown(cards.cashback, one_line), "\n", _indented(part), "\n"]


def _indented(part: Program) -> Segment:
    return where(cards.expiring, ("    ", *part))


def _products(count: int) -> Segment:
    price = where(cards.price_of(0), (", ", shown(cards.price_of(0), one_line)))
    name = shown(cards.name_of(0), one_line)
    each: Program = ("- ", name, price, "\n  ", shown(cards.page_of(0), as_typed), "\n")
    return rows(count, [each])


def _legal(brand: Brand, wording: Wording, *, is_marketing: bool) -> list[Segment]:
    if not is_marketing:
        return [brand.imprint, "\n"]
    return [
        wording.reason.format(one_line(brand.shop_name)),
        f"\n\n{wording.unsubscribe}: ",
        lambda reading: reading.values.links.unsubscribe or "",
        f"\n{wording.preferences}: ",
        lambda reading: reading.values.links.preferences or "",
        f"\n\n{brand.imprint}\n",
    ]
