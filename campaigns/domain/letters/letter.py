"""A letter: compiled once per content and language, then filled for each recipient."""

from dataclasses import dataclass
from typing import Literal

from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.letters.blocks import Body, Cashback, Code, Inline, Products
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.colours import day, night
from campaigns.domain.letters.look import METAS, head
from campaigns.domain.letters.markup import parse_body
from campaigns.domain.letters.panels import Panels
from campaigns.domain.letters.plain import plain_letter
from campaigns.domain.letters.programs import (
    Program,
    as_typed,
    in_attribute,
    joined,
    plain_words,
    run,
)  # fmt: skip
from campaigns.domain.letters.sheet import Sheet
from campaigns.domain.letters.shell import Places
from campaigns.domain.letters.subjects import read_subject
from campaigns.domain.letters.values import Reading, RenderFailed, Values, one_line
from campaigns.domain.letters.walking import beginning, names_in, variables_in
from campaigns.domain.letters.wording import WORDING
from common.money import Language

Purpose = Literal["marketing", "transactional"]

#: Bytes of HTML. Mail programs cut off what lies beyond, and with it the way out.
LARGEST = 100_000
#: Beside the subject: blanks, so that the letter's next words are not shown there too.
_FILLER = "&#847;&zwnj;&nbsp;" * 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """One recipient's letter. The subject is one line."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What `compile_letter` made. `variables` and the rest say what `render` will ask for."""

    subject: Program
    html: Program
    text: Program
    brand: Brand
    is_marketing: bool
    variables: frozenset[str]
    #: How many products it can show at most.
    products: int
    shows_code: bool
    shows_cashback: bool

    def render(self, values: Values) -> Rendered:
        """The letter for one recipient.

        Raises:
            RenderFailed: a variable without fallback has no value, a marketing letter would have no
                way out ("unsubscribe", "preferences"), the subject would be empty ("subject"), or
                the HTML would be larger than mail programs show ("size").
        """
        if self.is_marketing:
            _check_ways_out(values)
        known = {"shop.name": self.brand.shop_name} | values.known()
        reading = Reading(values, known, own_pages(self.brand))
        subject = one_line(run(self.subject, reading)).strip()
        if not subject:
            raise RenderFailed("subject")
        html = run(self.html, reading)
        if len(html) > LARGEST or len(html.encode()) > LARGEST:
            raise RenderFailed("size")
        return Rendered(subject, html, run(self.text, reading))


class BodyInvalid(ValueError):
    """Content that `content_errors` does not let through."""


def compile_letter(
    subject: str, body: str, *, language: Language, purpose: Purpose, brand: Brand
) -> Letter:
    """The letter of a campaign's content in one language; about a millisecond.

    Raises:
        BodyInvalid: the content has mistakes.
    """
    read = parse_body(body)
    title, problems = read_subject(subject)
    for problem in (*problems, *read.problems):
        raise BodyInvalid(problem.detail)
    return letter_of(title, read, language=language, purpose=purpose, brand=brand)


def letter_of(
    subject: Inline, body: Body, *, language: Language, purpose: Purpose, brand: Brand
) -> Letter:
    """As `compile_letter`, from what was read."""
    is_marketing = purpose == "marketing"
    places, palette, wording = Places(), day(brand.colour), WORDING[language]
    panels = Panels(places=places, wording=wording, palette=palette)
    sheet = Sheet(places=places, panels=panels, brand=brand, wording=wording, palette=palette)
    top = head(
        title=places.put(plain_words(subject, in_attribute)),
        preview=places.put([*plain_words(beginning(body.blocks), in_attribute), _FILLER]),
        day=palette,
        night=night(brand.colour),
    )
    inside = sheet.mjml(body.blocks, is_marketing=is_marketing)
    paper = f'css-class="paper" background-color="{palette.paper}"'
    html = places.compiled(
        f'<mjml lang="{language}">{top}<mj-body {paper}>{inside}</mj-body></mjml>',
        metas=METAS,
    )
    text = plain_letter(body.blocks, brand=brand, wording=wording, is_marketing=is_marketing)
    counts = [block.count for block in body.blocks if isinstance(block, Products)]
    return Letter(
        subject=joined(plain_words(subject, as_typed)),
        html=html,
        text=text,
        brand=brand,
        is_marketing=is_marketing,
        variables=frozenset(variables_in(body.blocks) | names_in(subject)),
        products=max(counts, default=0),
        shows_code=any(isinstance(block, Code) for block in body.blocks),
        shows_cashback=any(isinstance(block, Cashback) for block in body.blocks),
    )


def _check_ways_out(values: Values) -> None:
    for name, address in (
        ("unsubscribe", values.links.unsubscribe),
        ("preferences", values.links.preferences),
    ):
        if not is_web_address(address or ""):
            raise RenderFailed(name)


def own_pages(brand: Brand) -> tuple[str, ...]:
    """What begins the addresses of the customer's own pages."""
    if not brand.public_url:
        return ()
    return tuple(
        f"{brand.public_url}/{page}/" for page in ("u", "preferences", "account", "confirm")
    )
