"""A note: a letter's words without its clothes, compiled once, then filled for each recipient.

The shop shows it in its own look, so that it is told in parts: a title, words, a picture, a way on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct

from campaigns.domain.letters import cards
from campaigns.domain.letters.blocks import (
    Block,
    Body,
    Bold,
    Button,
    Code,
    Header,
    Inline,
    Italic,
    Link,
    Paragraphs,
    Text,
    Variable,
    Words,
)
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.cards import shown
from campaigns.domain.letters.letter import BodyInvalid, own_pages
from campaigns.domain.letters.markup import parse_body
from campaigns.domain.letters.plain import paragraphs_text
from campaigns.domain.letters.programs import (
    Program,
    Segment,
    address_of,
    as_typed,
    in_attribute,
    in_html,
    joined,
    link_to,
    plain_words,
    run,
    value,
    where,
)  # fmt: skip
from campaigns.domain.letters.subjects import read_subject
from campaigns.domain.letters.values import Reading, RenderFailed, Values, one_line
from campaigns.domain.letters.walking import names_in, variables_in


class NoteImage(Struct, frozen=True):
    """A picture, and what it shows in words."""

    url: str
    alt: str


class NoteLink(Struct, frozen=True):
    """Where the message leads, and the words on the button."""

    url: str
    text: str


class Told(Struct, frozen=True, kw_only=True):
    """A note as one recipient gets it. `html` holds only `p`, `strong`, `em`, `code`, `br` and `a` with
    an address of http or https; everything else in it is escaped.
    """

    title: str
    text: str
    html: str
    image: NoteImage | None = None
    link: NoteLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What `compile_note` made. `variables` and the rest say what `render` will ask for."""

    title: Program
    text: Program
    html: Program
    image: tuple[Segment, str] | None
    link: tuple[Segment, Program] | None
    brand: Brand
    variables: frozenset[str]
    products: int = 0
    shows_cashback: bool = False

    def render(self, values: Values) -> Told:
        """The note for one recipient.

        Raises:
            RenderFailed: a variable without fallback has no value, or the title would be empty
                ("subject").
        """
        known = {"shop.name": self.brand.shop_name} | values.known()
        reading = Reading(values, known, own_pages(self.brand))
        title = one_line(run(self.title, reading)).strip()
        if not title:
            raise RenderFailed("subject")
        image = link = None
        if self.image is not None:
            image = NoteImage(run([self.image[0]], reading), self.image[1])
        if self.link is not None:
            link = NoteLink(run([self.link[0]], reading), one_line(run(self.link[1], reading)))
        return Told(
            title=title,
            text=run(self.text, reading).strip(),
            html=run(self.html, reading),
            image=image,
            link=link,
        )


def compile_note(subject: str, body: str, *, brand: Brand) -> Note:
    """The note of a campaign's content in one language.

    Raises:
        BodyInvalid: the content has mistakes.
    """
    read = parse_body(body)
    title, problems = read_subject(subject)
    for problem in (*problems, *read.problems):
        raise BodyInvalid(problem.detail)
    return note_of(title, read, brand=brand)


def note_of(subject: Inline, body: Body, *, brand: Brand) -> Note:
    """As `compile_note`, from what was read; of several pictures or buttons the last one counts."""
    image: tuple[Segment, str] | None = None
    link: tuple[Segment, Program] | None = None
    for block in body.blocks:
        if isinstance(block, Header) and block.picture is not None:
            # A picture is shown, not followed: it never goes by way of the tracking.
            image = address_of(block.picture.address), block.picture.alt
        if isinstance(block, Button):
            words = joined(plain_words(block.inside, as_typed))
            link = link_to(block.address, as_typed), words
    return Note(
        title=joined(plain_words(subject, as_typed)),
        text=joined(part for block in body.blocks for part in _block_text(block)),
        html=joined(part for block in body.blocks for part in _block_html(block)),
        image=image,
        link=link,
        brand=brand,
        variables=frozenset(variables_in(body.blocks) | names_in(subject)),
    )


def _block_text(block: Block) -> Iterator[Segment]:
    match block:
        case Header(heading=heading):
            yield from [*plain_words(heading, as_typed), "\n\n"]
        case Text(paragraphs=paragraphs):
            yield from paragraphs_text(paragraphs)
        case Code(paragraphs=paragraphs):
            card: Program = (*paragraphs_text(paragraphs), shown(cards.code, one_line), "\n\n")
            yield where(cards.code, card)


def _block_html(block: Block) -> Iterator[Segment]:
    match block:
        case Header(heading=heading):
            yield from ["<p><strong>", *_inline(heading), "</strong></p>"]
        case Text(paragraphs=paragraphs):
            yield from _paragraphs(paragraphs)
        case Code(paragraphs=paragraphs):
            code: Program = ("<p><code>", shown(cards.code, in_html), "</code></p>")
            yield where(cards.code, joined([*_paragraphs(paragraphs), *code]))


def _paragraphs(paragraphs: Paragraphs) -> list[Segment]:
    return [part for each in paragraphs for part in ["<p>", *_inline(each), "</p>"]]


def _inline(nodes: Inline) -> list[Segment]:
    parts: list[Segment] = []
    for node in nodes:
        match node:
            case Words(text=text):
                parts.append(in_html(text))
            case Variable():
                parts.append(value(node, in_html))
            case Bold(inside=inside):
                parts += ["<strong>", *_inline(inside), "</strong>"]
            case Italic(inside=inside):
                parts += ["<em>", *_inline(inside), "</em>"]
            case Link(inside=inside, address=address):
                parts += ['<a href="', link_to(address, in_attribute), '">']
                parts += [*_inline(inside), "</a>"]
    return parts
