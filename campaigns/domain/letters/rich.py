"""Paragraphs as HTML: escaped, with emphasis and links."""

from campaigns.domain.letters.blocks import Bold, Inline, Italic, Paragraphs, Variable, Words
from campaigns.domain.letters.colours import Palette
from campaigns.domain.letters.programs import (
    Segment,
    in_attribute,
    in_html,
    link_to,
    plain_words,
    value,
)  # fmt: skip


def paragraphs_html(paragraphs: Paragraphs, *, palette: Palette, gap: int = 16) -> list[Segment]:
    """Each in a `p`, so many pixels apart."""
    last = len(paragraphs) - 1
    return [
        part
        for at, paragraph in enumerate(paragraphs)
        for part in [
            f'<p style="margin:0 0 {0 if at == last else gap}px;">',
            *inline_html(paragraph, palette=palette),
            "</p>",
        ]
    ]


def inline_html(nodes: Inline, *, palette: Palette) -> list[Segment]:
    """What stands within a paragraph."""
    parts: list[Segment] = []
    for node in nodes:
        if isinstance(node, Words):
            parts.append(in_html(node.text))
        elif isinstance(node, Variable):
            parts.append(value(node, in_html))
        elif isinstance(node, Bold):
            parts += ["<strong>", *inline_html(node.inside, palette=palette), "</strong>"]
        elif isinstance(node, Italic):
            parts += ["<em>", *inline_html(node.inside, palette=palette), "</em>"]
        else:
            words = inline_html(node.inside, palette=palette)
            parts += anchor(link_to(node.address, in_attribute), words, palette=palette)
    return parts


def anchor(address: Segment, words: list[Segment], *, palette: Palette) -> list[Segment]:
    """A link in running text."""
    style = f"color:{palette.link};text-decoration:underline;"
    return ['<a href="', address, f'" class="link" style="{style}">', *words, "</a>"]


def words_only(paragraphs: Paragraphs) -> list[Segment]:
    """The first paragraph without emphasis, in one line, for the line beside the subject."""
    return plain_words(paragraphs[0], in_attribute) if paragraphs else []
