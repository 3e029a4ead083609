"""Acts: write down what came of messages that were handed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from campaigns.actions.claiming import Claim
from campaigns.actions.ready import Ready
from campaigns.domain.replies import MOST_ATTEMPTS, Reply, pause_after
from common import faults
from common.statements import text_array, value_array
from customers.actions.suppress import suppress
from promotions.actions.personal import disable_codes

_RECORD = """
    UPDATE campaigns_delivery AS delivery SET state = told.state, reason = told.reason,
        lease = NULL, leased_until = NULL, attempts = delivery.attempts + 1,
        not_before = coalesce(told.again_at, delivery.not_before),
        passed_at = CASE WHEN told.state = 'pending' THEN NULL ELSE delivery.passed_at END,
        submitted_at = CASE WHEN told.state = 'pending' THEN NULL ELSE delivery.submitted_at END,
        closed_at = CASE WHEN told.state = 'pending' THEN NULL ELSE %(now)s::timestamptz END
    FROM unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[],
        %(again)s::timestamptz[]) AS told (id, state, reason, again_at)
    WHERE delivery.id = told.id AND {which}
    RETURNING delivery.id
"""
_OURS = "delivery.lease = %(lease)s AND delivery.state = 'submitting'"
# Whose lease ended meanwhile: nobody else has touched it since, and now it is known.
_GIVEN_UP = "delivery.state = 'unknown' AND delivery.reason = 'worker_lost'"


class _End(NamedTuple):
    ready: Ready
    state: str
    reason: str
    again_at: datetime | None


def record(
    claimed: Claim, ready: Sequence[Ready], replies: Mapping[int, Reply], *, now: datetime
) -> None:
    """The end of each row that has an answer, or when it is tried again. Opens its own transaction.

    The code of a message that was refused is disabled, and an address that does not exist suppressed.
    """
    told = [each for each in ready if each.delivery_key in replies]
    if not told:
        return
    ends = [_end_of(each, replies[each.delivery_key], now=now) for each in told]
    with transaction.atomic():
        written = _write(ends, _OURS, lease=claimed.lease, now=now)
        late = [end for end in ends if end.ready.delivery_key not in written]
        if late:
            if not _goes_on(claimed.campaign_key):
                late = [_given_up(end, replies[end.ready.delivery_key]) for end in late]
            written |= _write(late, _GIVEN_UP, lease=claimed.lease, now=now)
            ends = [end for end in ends if end not in late] + late
        failed = [end.ready for end in ends if end.state == "failed"]
        failed = [each for each in failed if each.delivery_key in written]
        disable_codes([each.code_key for each in failed if each.code_key is not None])
        for each in failed:
            is_gone = replies[each.delivery_key].reason == "no_such_address"
            if is_gone and each.channel == "email":
                suppress(each.recipient, reason="bounced", now=now)
    faults.point("recorded")


def _write(ends: Sequence[_End], which: str, *, lease: UUID, now: datetime) -> set[int]:
    """The keys of those rows that are such."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD.format(which=which),
            {
                "keys": value_array(end.ready.delivery_key for end in ends),
                "states": text_array(end.state for end in ends),
                "reasons": text_array(end.reason for end in ends),
                "again": value_array(end.again_at and end.again_at.isoformat() for end in ends),
                "lease": lease,
                "now": now,
            },
        )
        return {key for (key,) in cursor.fetchall()}


def _goes_on(campaign_key: int | None) -> bool:
    """Whether a row that is let wait is ever sent; held so until the transaction ends."""
    if campaign_key is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status IN ('running', 'paused') FROM campaigns_campaign WHERE id = %s FOR SHARE",
            [campaign_key],
        )
        return bool(cursor.fetchone()[0])


def _given_up(end: _End, reply: Reply) -> _End:
    """A campaign that is over tries nothing again."""
    return end if end.state != "pending" else _End(end.ready, "failed", reply.reason, None)


def _end_of(each: Ready, reply: Reply, *, now: datetime) -> _End:
    match reply.outcome:
        case "accepted":
            return _End(each, "accepted", "", None)
        case "unknown":
            return _End(each, "unknown", reply.reason, None)
        case "refused":
            return _End(each, "failed", reply.reason, None)
    attempts = each.attempts + 1
    again_at = now + max(pause_after(attempts), reply.rest or timedelta(0))
    # A server that ends the connection turns away everybody: that is waited for as long as it may be.
    is_enough = attempts >= MOST_ATTEMPTS and not reply.ends_connection
    if is_enough or (each.expires_at is not None and again_at >= each.expires_at):
        return _End(each, "failed", reply.reason, None)
    return _End(each, "pending", "", again_at)
