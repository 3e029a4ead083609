"""Giving back what nobody came for."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from cashback.actions import holds
from promotions.actions.counters import Changes
from promotions.actions.uses import release

BATCH = 500


def expire_due(*, now: datetime, reservation_id: UUID | None = None, waits: bool = False) -> int:
    """Expire every reservation that is due at `now` (or the one named); how many there were.

    Batches in transactions of their own. A reservation that somebody is busy with is left to them,
    unless the caller `waits`: he who came too late for it, say, looks at it, and gives nothing back.
    """
    expired = 0
    while True:
        count = _expire_batch(now, reservation_id, waits=waits)
        expired += count
        if count < BATCH:
            return expired


def _expire_batch(now: datetime, reservation_id: UUID | None, *, waits: bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE checkout_reservation SET status = 'expired', ended_at = %(now)s
            WHERE id = ANY (ARRAY(
                SELECT id FROM checkout_reservation
                WHERE status = 'active' AND expires_at <= %(now)s
                    AND (%(one)s::uuid IS NULL OR id = %(one)s::uuid)
                ORDER BY id LIMIT %(batch)s FOR UPDATE {"" if waits else "SKIP LOCKED"}))
            RETURNING id, (quote #>> '{{cashback,spent}}')::bigint > 0
            """,
            {"now": now, "one": reservation_id, "batch": BATCH},
        )
        ended = cursor.fetchall()
        ids = sorted(row[0] for row in ended)
        if ids:
            changes = Changes()
            release(changes, reservation_ids=ids, now=now)
            if spending := [row[0] for row in ended if row[1]]:
                holds.release(references=spending, now=now)
            changes.apply()()
    return len(ids)
