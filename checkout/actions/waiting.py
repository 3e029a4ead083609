"""Decisions of validate: they wait in Redis until somebody writes them down, many at once.

Prices are asked for all the time, and hardly anybody asks why. A row by itself costs PostgreSQL more
than all that was read for the price; among a thousand others, a fifth of that. Whoever reads decisions
has them written down first, and so has the tick. Redis may lose those of the last seconds: no
promise, count of uses or money rests on them.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from checkout.domain.why import Why, kept
from checkout.models import Decision
from checkout.queries.decisions import instant_of, written_of
from common.ids import new_id
from common.redis import ask, tell

#: Rows that are written together.
PIECE = 1_000
#: So many wait at most, about, where nothing else writes them down: some megabytes.
MOST_WAITING = 5_000
#: One call in so many looks how many wait.
_LOOKED_AFTER = 256

_NULL = "\\N"

_COPY = (
    "COPY checkout_decision (id, made_at, kind, customer_key, content, findings) FROM STDIN",
    "COPY checkout_uncounted (decision_id, decided_at) FROM STDIN",
)


def put_aside(*, why: Why, customer_key: int | None) -> UUID | None:
    """Leave the decision to be written down; its id, or None while Redis is away.

    Where too many wait, as when no worker runs, this call writes them down.
    """
    decision_id = new_id()
    place = _place()
    if tell("HSET", place, decision_id.bytes, why.waiting(customer_key)) is None:
        return None
    looks = decision_id.int % _LOOKED_AFTER == 0 and not connection.in_atomic_block
    if looks and (ask("HLEN", place) or 0) > MOST_WAITING:
        write_down()
    return decision_id


def write_down() -> int:
    """Write down what waits; how many rows there were.

    Opens its own transactions. May be stopped anywhere and run by many at once: a row goes from
    Redis once it is committed, and is written once.
    """
    place, position, written = _place(), 0, 0
    while (found := _some(place, position)) is not None:
        position, rows = found
        if rows:
            _write(rows)
            _forget(place, rows)
            written += len(rows)
        if not position:
            break
    return written


def _some(place: str, position: int) -> tuple[int, dict[bytes, bytes]] | None:
    """About a piece of what waits, from a position on, and the next one: 0 after the last."""
    answer = ask("HSCAN", place, position, "COUNT", PIECE)
    if answer is None:
        return None
    following, rows = answer
    return int(following), dict(zip(rows[::2], rows[1::2], strict=True))


def _forget(place: str, ids: Iterable[bytes]) -> None:
    ask("HDEL", place, *ids)


def _write(rows: Mapping[bytes, bytes]) -> None:
    """In the order of the ids, so that of two who write the same rows the second waits for the first.

    It is then told of them, and leaves them out.
    """
    left = dict(sorted(rows.items()))
    while left:
        try:
            with transaction.atomic():
                _copy(left)
        except IntegrityError:
            for decision_id in written_of([UUID(bytes=raw) for raw in left]):
                left.pop(decision_id.bytes, None)
        else:
            return


def _copy(rows: Mapping[bytes, bytes]) -> None:
    # Both tables begin with these two.
    keys = [f"{one}\t{instant_of(one).isoformat()}" for one in (UUID(bytes=raw) for raw in rows)]
    decisions = [_line(key, waiting) for key, waiting in zip(keys, rows.values(), strict=True)]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        for statement, lines in zip(_COPY, (decisions, keys), strict=True):
            cursor.copy_expert(statement, BytesIO("\n".join(lines).encode()))


def _line(key: str, waiting: bytes) -> str:
    """The row as COPY reads it. JSON has no tabs and no ends of lines of its own."""
    customer_key, summary, findings = kept(waiting)
    cells = (
        key,
        Decision.Kind.VALIDATE.value,
        _NULL if customer_key is None else str(customer_key),
        summary.replace("\\", "\\\\"),
        _NULL if findings is None else f"\\\\x{findings.hex()}",
    )
    return "\t".join(cells)


def _place() -> str:
    """A Redis may serve several databases."""
    return f"promotions:decisions:{settings.DATABASES['default']['NAME']}"
