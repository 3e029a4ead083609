"""Acts: take deliveries that are due, hand back what was not worked on, and find what a dead worker left.

A claim is a lease of a minute and a half. Nothing has left the house while a row is `claimed`, so one
whose lease has ended waits again; one that was `submitting` may have been taken by the mail server, and is
`unknown` from then on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from common import faults
from common.ids import new_id

#: Whose worker has said nothing for so long is dead: one message takes less, and it is renewed before each
#: that comes late.
LEASE = timedelta(seconds=90)
AT_ONCE = 200

#: `urgent`: what customers wait for. It is never behind `bulk`.
Lane = Literal["urgent", "bulk"]

_PURPOSE: Mapping[Lane, str] = {"urgent": "transactional", "bulk": "marketing"}
_WAITS = "delivery.state = 'pending' AND delivery.not_before <= %(now)s"
# Mail that asks for a consent is of no campaign, and comes first.
_DUE = f"""
    SELECT id FROM (
        SELECT campaign.id, campaign.priority FROM campaigns_campaign AS campaign
        WHERE campaign.status = 'running' AND campaign.purpose = %(purpose)s AND EXISTS (
            SELECT FROM campaigns_delivery AS delivery
            WHERE delivery.campaign_id = campaign.id AND {_WAITS})
        UNION ALL
        SELECT NULL, {2**31 - 1} WHERE %(purpose)s = 'transactional' AND EXISTS (
            SELECT FROM campaigns_delivery AS delivery
            WHERE delivery.campaign_id IS NULL AND {_WAITS})
    ) AS due ORDER BY priority DESC, id
"""
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM campaigns_delivery
        WHERE {campaign} AND state = 'pending' AND not_before <= %(now)s
            AND ({always} OR EXISTS (
                SELECT FROM campaigns_campaign WHERE id = %(campaign)s AND status = 'running'))
        ORDER BY not_before LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE campaigns_delivery SET state = 'claimed', lease = %(lease)s, leased_until = %(leased_until)s
    WHERE id = ANY(ARRAY(SELECT id FROM due))
    RETURNING id
"""


class Claim(NamedTuple):
    """Rows that are ours until the lease ends, all of one campaign; None: mail of no campaign."""

    campaign_key: int | None
    lease: UUID
    keys: Sequence[int]


def claim(*, lane: Lane, now: datetime, wall: datetime, most: int = AT_ONCE) -> Claim | None:
    """Take the next due rows, those of the highest priority first; None where none is due.

    `now` is what is due, `wall` the real clock, of leases. Opens its own transaction.
    """
    for campaign_key in _due(lane, now=now):
        lease = new_id()
        parameters = {
            "campaign": campaign_key,
            "now": now,
            "most": most,
            "lease": lease,
            "leased_until": wall + LEASE,
        }
        of_none = campaign_key is None
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                _CLAIM.format(
                    campaign="campaign_id IS NULL" if of_none else "campaign_id = %(campaign)s",
                    always="true" if of_none else "false",
                ),
                parameters,
            )
            keys = [key for (key,) in cursor.fetchall()]
        if keys:
            faults.point("claimed")
            return Claim(campaign_key, lease, sorted(keys))
    return None


def renew(claim: Claim, keys: Sequence[int], *, wall: datetime) -> frozenset[int]:
    """Say that these rows are still worked on; those that still are ours to send.

    None is where the campaign does not run any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE campaigns_delivery SET leased_until = %(leased_until)s
            WHERE id = ANY(%(keys)s) AND lease = %(lease)s AND state IN ('claimed', 'submitting')
                AND (campaign_id IS NULL OR EXISTS (
                    SELECT FROM campaigns_campaign WHERE id = campaign_id AND status = 'running'))
            RETURNING id
            """,
            {"keys": list(keys), "lease": claim.lease, "leased_until": wall + LEASE},
        )
        return frozenset(key for (key,) in cursor.fetchall())


def hand_back(claim: Claim, keys: Sequence[int], *, not_before: datetime | None = None) -> int:
    """Let rows wait again that were claimed and not sent, `not_before` a later instant; how many."""
    if not keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE campaigns_delivery SET state = 'pending', lease = NULL, leased_until = NULL,
                passed_at = NULL, submitted_at = NULL,
                not_before = greatest(not_before, %(not_before)s::timestamptz)
            WHERE id = ANY(%(keys)s) AND lease = %(lease)s AND state IN ('claimed', 'submitting')
            """,
            {"keys": list(keys), "lease": claim.lease, "not_before": not_before},
        )
        return cursor.rowcount


def sweep(*, wall: datetime, now: datetime) -> int:
    """Let wait again what a dead worker had claimed, and note what it was just handing over; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH dead AS MATERIALIZED (
                SELECT id FROM campaigns_delivery
                WHERE state IN ('claimed', 'submitting') AND leased_until < %(wall)s
                ORDER BY id LIMIT 10000 FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE campaigns_delivery AS delivery SET
                state = CASE delivery.state WHEN 'claimed' THEN 'pending' ELSE 'unknown' END,
                reason = CASE delivery.state WHEN 'claimed' THEN '' ELSE 'worker_lost' END,
                closed_at = CASE delivery.state WHEN 'claimed' THEN NULL ELSE %(now)s::timestamptz END,
                lease = NULL, leased_until = NULL
            WHERE delivery.id = ANY(ARRAY(SELECT id FROM dead))
            """,
            {"wall": wall, "now": now},
        )
        return cursor.rowcount


def _due(lane: Lane, *, now: datetime) -> list[int | None]:
    """The campaigns of which something is due; None is mail of no campaign."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"purpose": _PURPOSE[lane], "now": now})
        return [key for (key,) in cursor.fetchall()]
