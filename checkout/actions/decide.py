"""Keeping decisions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from checkout.queries.decisions import instant_of
from common.ids import new_id
from common.statements import Insert, Statement

_TEXT = """
    INSERT INTO checkout_decision (id, made_at, kind, customer_key, content)
    SELECT %(decision_id)s::uuid, %(made_at)s::timestamptz, %(kind)s::text, %(customer)s::bigint,
        %(content)s::jsonb"""
_INSERT = Statement("decision", _TEXT)
_INSERT_IN_PASSING = Statement(
    "decision_in_passing",
    f"WITH hurry AS (SELECT set_config('synchronous_commit', 'off', true)) {_TEXT} FROM hurry",
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and its row, which is still to be inserted."""

    decision_id: UUID
    insert: Insert


def decision_insert(*, kind: str, content: dict[str, Any], customer_key: int | None) -> Decided:
    """Why a call is answered as it is, for the caller to write in its transaction."""
    decision_id = new_id()
    parameters = {
        "decision_id": decision_id,
        "made_at": instant_of(decision_id),
        "kind": kind,
        "customer": customer_key,
        "content": msgspec.json.encode(content).decode(),
    }
    return Decided(decision_id, Insert(_INSERT, parameters))


def keep_decision_in_passing(
    *, kind: str, content: dict[str, Any], customer_key: int | None
) -> UUID:
    """Write a decision without waiting for the disk; its id.

    A crash may lose the last moments: nothing rests on what is kept in this way.
    """
    decided = decision_insert(kind=kind, content=content, customer_key=customer_key)
    with connection.cursor() as cursor:
        _INSERT_IN_PASSING.run(cursor, decided.insert.parameters)
    return decided.decision_id
