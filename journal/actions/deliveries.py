"""Acts on deliveries: queue what has happened, replay it, forget what is over."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from common.errors import DomainError, FieldError, ValidationFailed
from journal.actions.endpoints import audit, lock_endpoint
from journal.domain.retries import TRIED_FOR
from journal.models import WebhookEndpoint

#: So long the log has what is over.
LOG_KEPT_FOR = timedelta(days=30)
_FORGOTTEN_AT_ONCE = 10_000
_PATIENCE_SECONDS = 1.0


class EndpointDisabled(DomainError):
    """Nothing is sent to an endpoint that is disabled."""

    code = "webhook_endpoint_disabled"


# Queued is a prefix of the transactions, ended behind which all others are: no event that is still
# to be committed belongs before one that is queued. And a prefix of the events' own order, too: an
# event that came of another one was written after that, but maybe by a transaction of a lower number.
_QUEUE = """
    WITH recent AS (
        SELECT xid, min(id) AS lowest, max(id) AS highest
        FROM journal_outboxevent WHERE xid > %(after)s GROUP BY xid
    ), place AS (
        SELECT xid, max(highest) OVER (ORDER BY xid) AS before,
            min(lowest) OVER (ORDER BY xid ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS behind
        FROM recent
    ), cut AS (
        SELECT max(xid) AS xid FROM place
        WHERE xid < txid_snapshot_xmin(txid_current_snapshot()) AND (behind IS NULL OR before < behind)
    ), moved AS (
        UPDATE journal_webhookendpoint AS endpoint SET queued_through = cut.xid
        FROM cut WHERE endpoint.id = ANY(%(endpoints)s) AND endpoint.queued_through < cut.xid
    )
    INSERT INTO journal_webhookdelivery
        (endpoint_id, event_id, is_replay, state, attempts, due_at, give_up_at)
    SELECT endpoint.id, event.id, false, 'waiting', 0, due.at, due.at + %(tried_for)s
    FROM cut
    JOIN journal_outboxevent AS event ON event.xid > %(after)s AND event.xid <= cut.xid
    JOIN journal_webhookendpoint AS endpoint ON endpoint.id = ANY(%(endpoints)s)
        AND event.xid > endpoint.queued_through AND event.type = ANY(endpoint.event_types)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN %(simulated)s THEN event.occurred_at ELSE %(now)s END AS at
    ) AS due
    ORDER BY event.id
    ON CONFLICT (endpoint_id, event_id) WHERE NOT is_replay DO NOTHING
"""

_REPLAY = """
    INSERT INTO journal_webhookdelivery
        (endpoint_id, event_id, is_replay, state, attempts, due_at, give_up_at)
    SELECT endpoint.id, event.id, true, 'waiting', 0, %(now)s, %(now)s + %(tried_for)s
    FROM journal_webhookendpoint AS endpoint
    JOIN journal_outboxevent AS event ON event.type = ANY(endpoint.event_types)
        AND event.occurred_at >= %(since)s AND event.occurred_at < %(until)s
        -- What comes after is still to be queued, or waits already: it comes by itself.
        AND event.xid <= endpoint.queued_through
    WHERE endpoint.id = %(endpoint)s AND NOT EXISTS (
        SELECT FROM journal_webhookdelivery AS waiting
        WHERE waiting.endpoint_id = endpoint.id AND waiting.event_id = event.id
            AND waiting.state = 'waiting')
    ORDER BY event.id
"""


def queue_deliveries(*, now: datetime, simulated: bool) -> int:
    """Queue all that has happened since for each active endpoint that listens to it; how much.

    Opens its own transaction; many may run it at once. Stays behind the oldest transaction that is
    still open. On the test clock (`simulated`) an event is due at its own instant.
    """
    active = WebhookEndpoint.objects.filter(status=WebhookEndpoint.Status.ACTIVE)
    with transaction.atomic(), connection.cursor() as cursor:
        rows = active.select_for_update(no_key=True).order_by("pk")
        found = list(rows.values_list("pk", "queued_through"))
        if not found:
            return 0
        # Only now the statement's snapshot is taken, after whoever queued before has committed.
        parameters: dict[str, Any] = {
            "after": min(queued_through for _key, queued_through in found),
            "endpoints": [key for key, _queued_through in found],
            "simulated": simulated,
            "now": now,
            "tried_for": TRIED_FOR,
        }
        cursor.execute(_QUEUE, parameters)
        return cursor.rowcount


def queue_settled(*, now: datetime) -> int:
    """As `queue_deliveries` on the test clock, for a caller who wants all of it before the answer.

    Waits up to a second for transactions that are about to end; not in a transaction of its own,
    which it would wait for in vain.
    """
    queued = queue_deliveries(now=now, simulated=True)
    end = time.monotonic() + _PATIENCE_SECONDS
    while not connection.in_atomic_block and _is_any_left() and time.monotonic() < end:
        time.sleep(0.02)
        queued += queue_deliveries(now=now, simulated=True)
    return queued


def replay(*, reference: str, since: datetime, until: datetime, actor: str, now: datetime) -> int:
    """Queue again what occurred from `since` on and before `until`, behind what waits; how much.

    Only events that the endpoint listens to now; what waits anyway is not queued twice. Part of the
    caller's transaction.

    Raises:
        NotFound, EndpointDisabled
        ValidationFailed: the period is none.
    """
    if until <= since:
        detail = "The end must be after the start."
        raise ValidationFailed(errors=[FieldError("/until", "not_after_start", detail)])
    endpoint = lock_endpoint(reference)
    if endpoint.status == WebhookEndpoint.Status.DISABLED:
        raise EndpointDisabled
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "endpoint": endpoint.pk,
            "since": since,
            "until": until,
            "now": now,
            "tried_for": TRIED_FOR,
        }
        cursor.execute(_REPLAY, parameters)
        queued = cursor.rowcount
    after = {"from": since.isoformat(), "until": until.isoformat(), "queued": queued}
    audit(endpoint, "replayed", None, after, actor=actor, now=now)
    return queued


def forget_deliveries(*, now: datetime) -> int:
    """Drop from the log what was over 30 days ago, some thousands at a time; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH old AS (
                SELECT id FROM journal_webhookdelivery WHERE finished_at < %(before)s
                ORDER BY finished_at LIMIT %(at_once)s
            ), attempts AS (
                DELETE FROM journal_webhookattempt WHERE delivery_id IN (SELECT id FROM old)
            )
            DELETE FROM journal_webhookdelivery WHERE id IN (SELECT id FROM old)
            """,
            {"before": now - LOG_KEPT_FOR, "at_once": _FORGOTTEN_AT_ONCE},
        )
        return cursor.rowcount


def forget_answers(*, customer_key: int) -> int:
    """Erase what receivers answered to events about this customer; how many answers.

    All that the tables of webhooks hold of a person: the events hold ids only, and the body of a
    message is made when it is sent. Part of the caller's transaction, which waits for nobody here:
    whoever has such a row is just deleting it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE journal_webhookattempt SET answer = '' WHERE id = ANY (ARRAY(
                SELECT attempt.id FROM journal_outboxevent AS event
                JOIN journal_webhookdelivery AS delivery ON delivery.event_id = event.id
                JOIN journal_webhookattempt AS attempt ON attempt.delivery_id = delivery.id
                WHERE event.customer_key = %s AND attempt.answer <> ''
                FOR UPDATE OF attempt SKIP LOCKED))
            """,
            [customer_key],
        )
        return cursor.rowcount


def _is_any_left() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM journal_outboxevent WHERE xid > (
                SELECT min(queued_through) FROM journal_webhookendpoint WHERE status = 'active'))
            """
        )
        is_left: bool = cursor.fetchone()[0]
        return is_left
