"""The blocks of a body, read: what each holds."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that each recipient has of their own; `fallback` stands in where it is missing."""

    name: str
    fallback: str | None = None


#: Parts of a web address. A variable alone is an address of its own; within one, it is encoded.
Address = tuple[str | Variable, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is to be read; "\\n" is a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    inside: "Inline"


@dataclass(frozen=True, slots=True)
class Italic:
    inside: "Inline"


@dataclass(frozen=True, slots=True)
class Link:
    inside: "Inline"
    address: Address


Node = Words | Variable | Bold | Italic | Link
Inline = tuple[Node, ...]
Paragraphs = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    alt: str
    address: Address


@dataclass(frozen=True, slots=True)
class Header:
    """A heading, and a picture above it."""

    heading: Inline
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Text:
    paragraphs: Paragraphs


@dataclass(frozen=True, slots=True)
class Code:
    """The personal code with its last day, below the words; nothing where there is no code."""

    paragraphs: Paragraphs


@dataclass(frozen=True, slots=True)
class Products:
    """Up to `count` recommendations below the words; nothing where there are none."""

    paragraphs: Paragraphs
    count: int


@dataclass(frozen=True, slots=True)
class Cashback:
    """The cashback to spend and what of it expires; nothing where there is none."""

    paragraphs: Paragraphs


@dataclass(frozen=True, slots=True)
class Button:
    inside: Inline
    address: Address


@dataclass(frozen=True, slots=True)
class Footer:
    """Small print above what the law asks for, wherever in the body it was written."""

    paragraphs: Paragraphs


Block = Header | Text | Code | Products | Cashback | Button | Footer

#: The names of the blocks, each with an example as it is typed.
BLOCKS: Mapping[str, str] = {
    "header": ":::header\n![A pot of tea](https://shop.example/tea.jpg)\nHappy birthday!\n:::",
    "text": ":::text\nJust **words**.\n:::",
    "code": ":::code\nYour personal code:\n:::",
    "products": ":::products 3\nYou may like:\n:::",
    "cashback": ":::cashback\nYour cashback:\n:::",
    "button": ":::button\n[To the shop](https://shop.example/tea)\n:::",
    "footer": ":::footer\n{{ promotion.terms }}\n:::",
}
#: The same in German.
GERMAN_BLOCKS: Mapping[str, str] = {
    "header": ":::header\n![Eine Kanne Tee](https://shop.example/tee.jpg)\nAlles Gute!\n:::",
    "text": ":::text\nNur **Worte**.\n:::",
    "code": ":::code\nIhr persönlicher Code:\n:::",
    "products": ":::products 3\nDas könnte Ihnen gefallen:\n:::",
    "cashback": ":::cashback\nIhr Cashback:\n:::",
    "button": ":::button\n[Zum Shop](https://shop.example/tee)\n:::",
    "footer": ":::footer\n{{ promotion.terms }}\n:::",
}

MAX_PRODUCTS = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a body: the line counts from 1, and `detail` names it."""

    line: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body as read. With `problems` it is no letter."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
