"""Decisions of validate: they wait in Redis until somebody writes them down, many at once.

Prices are asked for all the time, and hardly anybody asks why. A row by itself costs PostgreSQL more
than all that was read for the price; among a thousand others, a fifth of that. Whoever reads decisions
has them written down first, and so has the tick. Redis may lose those of the last seconds: no
promise, count of uses or money rests on them.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from django.db import connection, transaction

from checkout.domain.why import Why
from checkout.models import Decision
from checkout.queries.decisions import instant_of
from common.ids import new_id
from common.redis import ask

#: Rows that are written together.
PIECE = 1_000
#: So many wait at most, about, where nothing else writes them down: some megabytes.
MOST_WAITING = 5_000
#: One call in so many looks how many wait.
_LOOKED_AFTER = 256

_WRITE = """
    WITH kept AS (
        INSERT INTO checkout_decision (id, made_at, kind, customer_key, content, findings)
        SELECT id, made_at, %(kind)s, customer_key, content::jsonb, findings
        FROM unnest(%(ids)s::uuid[], %(made_at)s::timestamptz[], %(customers)s::bigint[],
            %(contents)s::text[], %(findings)s::bytea[])
            AS waiting (id, made_at, customer_key, content, findings)
        ON CONFLICT DO NOTHING RETURNING id, made_at
    )
    INSERT INTO checkout_uncounted (decision_id, decided_at) SELECT id, made_at FROM kept
"""


class _Waiting(msgspec.Struct, frozen=True, array_like=True):
    customer_key: int | None
    content: str
    findings: bytes | None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Waiting).decode


def put_aside(*, why: Why, customer_key: int | None) -> UUID | None:
    """Leave the decision to be written down; its id, or None while Redis is away.

    Where too many wait, as when no worker runs, this call writes them down.
    """
    decision_id = new_id()
    row = _encode(_Waiting(customer_key, why.content(), why.packed()))
    place = _place()
    if ask("HSET", place, decision_id.bytes, row) is None:
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
            _write(sorted(rows.items()))
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


def _write(rows: Sequence[tuple[bytes, bytes]]) -> None:
    """By id, so that of two who write the same rows one waits for the other, and never both."""
    ids = [UUID(bytes=decision_id) for decision_id, _ in rows]
    waiting = [_decode(row) for _, row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "kind": Decision.Kind.VALIDATE.value,
                "ids": ids,
                "made_at": [instant_of(decision_id) for decision_id in ids],
                "customers": [row.customer_key for row in waiting],
                "contents": [row.content for row in waiting],
                "findings": [row.findings for row in waiting],
            },
        )


def _place() -> str:
    """A Redis may serve several databases."""
    return f"promotions:decisions:{connection.settings_dict['NAME']}"
