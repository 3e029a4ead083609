"""Keeping decisions, and noting that the reports have not counted them yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from checkout.domain.why import Why
from checkout.queries.decisions import instant_of
from common.ids import new_id
from common.statements import Insert, Statement, run_together

_TEXT = """
    INSERT INTO checkout_decision (id, made_at, kind, customer_key, content, findings)
    SELECT %(decision_id)s::uuid, %(made_at)s::timestamptz, %(kind)s::text, %(customer)s::bigint,
        %(content)s::jsonb, %(findings)s::bytea"""
_INSERT = Statement("decision", _TEXT)
_UNCOUNTED = Statement(
    "uncounted",
    """
    INSERT INTO checkout_uncounted (decision_id, decided_at, redemption_id)
    VALUES (%(decision_id)s::uuid, %(made_at)s::timestamptz, %(redemption)s::uuid)
    """,
)
_INSERT_IN_PASSING = Statement(
    "decision_in_passing",
    f"""
    WITH hurry AS (SELECT set_config('synchronous_commit', 'off', true)),
        kept AS ({_TEXT} FROM hurry RETURNING id, made_at)
    INSERT INTO checkout_uncounted (decision_id, decided_at) SELECT id, made_at FROM kept
    """,
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and its rows, which are still to be inserted."""

    decision_id: UUID
    inserts: tuple[Insert, ...]


def decide(
    *,
    kind: str,
    why: Why,
    customer_key: int | None,
    redemption_id: UUID | None = None,
) -> Decided:
    """Why a call is answered as it is, for the caller to write in its transaction. Of a redemption
    the reports hear here, too.
    """
    decision_id = new_id()
    made_at = instant_of(decision_id)
    row = _parameters(decision_id, made_at, kind, why, customer_key)
    uncounted = {"decision_id": decision_id, "made_at": made_at, "redemption": redemption_id}
    return Decided(decision_id, (Insert(_INSERT, row), Insert(_UNCOUNTED, uncounted)))


def keep_decision(*, kind: str, why: Why, customer_key: int | None) -> UUID:
    """Write a decision by itself, in the caller's transaction; its id."""
    decided = decide(kind=kind, why=why, customer_key=customer_key)
    run_together(decided.inserts)
    return decided.decision_id


def keep_decision_in_passing(*, kind: str, why: Why, customer_key: int | None) -> UUID:
    """Write a decision without waiting for the disk; its id.

    A crash may lose the last moments: nothing rests on what is kept in this way.
    """
    decision_id = new_id()
    row = _parameters(decision_id, instant_of(decision_id), kind, why, customer_key)
    with connection.cursor() as cursor:
        _INSERT_IN_PASSING.run(cursor, row)
    return decision_id


def _parameters(
    decision_id: UUID,
    made_at: datetime,
    kind: str,
    why: Why,
    customer_key: int | None,
) -> dict[str, Any]:
    return {
        "decision_id": decision_id,
        "made_at": made_at,
        "kind": kind,
        "customer": customer_key,
        "content": why.content(),
        "findings": why.packed(),
    }
