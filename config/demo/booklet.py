"""The codes of the former till, as its spreadsheet wrote them: with semicolons, and a few slips."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from config.demo.people import Person
from promotions.domain.codes import ALPHABET
from promotions.domain.imports import COLUMNS

SEED = 27
#: One customer in so many bought a booklet.
_ONE_IN = 16
_CODES_EACH = 3


def booklet(everybody: Sequence[Person], *, today: datetime) -> io.BytesIO:
    """The file, ready to be read."""
    rows = [";".join(COLUMNS), *_rows(everybody, today=today), *_slips(everybody[0])]
    return io.BytesIO("\r\n".join(rows).encode())


def _rows(everybody: Sequence[Person], *, today: datetime) -> Iterator[str]:
    """Most are good for once; some were used already, some are too old, some are anybody's."""
    random = Random(SEED)
    old = (today - timedelta(days=30)).isoformat()
    for person in everybody[::_ONE_IN]:
        holder = person.customer_id if random.random() < 0.8 else ""
        ends = old if random.random() < 0.1 else ""
        for _ in range(_CODES_EACH):
            code = f"HEFT-{''.join(random.choices(ALPHABET, k=8))}"
            used = 1 if random.random() < 0.25 else 0
            yield f"{code};{holder};;{ends};1;{used}"


def _slips(person: Person) -> Iterator[str]:
    yield ";;;;1;0"
    yield f"HEFT-12;{person.customer_id};;Weihnachten;1;0"
    yield f"HEFT-2345-6789;{person.customer_id};;;eins;0"
    yield f"HEFT-3456-7892;{person.customer_id};;;1;0;0"
    yield "GRUEN2;;;;1;0"
