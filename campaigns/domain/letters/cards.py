"""What the blocks of code, cashback and products show of a recipient; empty where there is nothing."""

from collections.abc import Callable, Iterator, Sequence

from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.letters.programs import Pen, Program, Segment, run
from campaigns.domain.letters.values import ProductCard, Reading, cleaned

#: One text of a recipient's.
Fact = Callable[[Reading], str]


def shown(fact: Fact, pen: Pen) -> Segment:
    """Writes it."""
    return lambda reading: pen(fact(reading))


def code(reading: Reading) -> str:
    """The personal code."""
    card = reading.values.code
    return cleaned(card.code) if card else ""


def code_until(reading: Reading) -> str:
    """Its last day."""
    card = reading.values.code
    return cleaned(card.valid_until or "") if card else ""


def cashback(reading: Reading) -> str:
    """The cashback to spend."""
    card = reading.values.cashback
    return cleaned(card.available) if card else ""


def expiring(reading: Reading) -> str:
    """The part that expires next; nothing without its last day."""
    card = reading.values.cashback
    return cleaned(card.expiring or "") if card and card.expires_at else ""


def expires_at(reading: Reading) -> str:
    """The last day of that part."""
    card = reading.values.cashback
    return cleaned(card.expires_at or "") if card else ""


def account(reading: Reading) -> str:
    """The customer's own pages."""
    address = reading.values.links.account or ""
    return address if is_web_address(address) else ""


def products(reading: Reading, count: int) -> list[ProductCard]:
    """So many products that a letter can link to."""
    cards = [card for card in reading.values.products if is_web_address(card.url)]
    return cards[:count]


def has_products(count: int) -> Callable[[Reading], bool]:
    """Whether there are any to show."""
    return lambda reading: bool(products(reading, count))


def name_of(place: int) -> Fact:
    """The product at the place in the row."""
    return lambda reading: cleaned(reading.row[place].name)


def price_of(place: int) -> Fact:
    """Its price."""
    return lambda reading: cleaned(reading.row[place].price)


def page_of(place: int) -> Fact:
    """Where it is sold."""

    def written(reading: Reading) -> str:
        url = reading.row[place].url
        return reading.link(url, shared=url)

    return written


def picture_of(place: int) -> Fact:
    """Its picture."""

    def found(reading: Reading) -> str:
        address = reading.row[place].image_url or ""
        return address if is_web_address(address) else ""

    return found


def rows(count: int, templates: Sequence[Program]) -> Segment:
    """Writes the products in rows; `templates` are rows of one, two, ... of them."""

    def written(reading: Reading) -> str:
        parts = []
        for row in _in_rows(products(reading, count), len(templates)):
            reading.row = row
            parts.append(run(templates[len(row) - 1], reading))
        return "".join(parts)

    return written


def _in_rows(cards: Sequence[ProductCard], widest: int) -> Iterator[Sequence[ProductCard]]:
    """As few rows as there can be, as even as they can be, the fuller ones first."""
    left = -(-len(cards) // widest)
    at = 0
    while left:
        width = -(-(len(cards) - at) // left)
        yield cards[at : at + width]
        at, left = at + width, left - 1
