"""Acts: write down what came of messages that were handed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from campaigns.actions.claiming import Claim
from campaigns.actions.preparing import Ready
from campaigns.domain.replies import MOST_ATTEMPTS, Reply, pause_after
from common import faults
from common.statements import text_array, value_array
from customers.actions.suppress import suppress
from promotions.actions.personal import disable_codes

# A row whose lease ended meanwhile is `unknown`: now it is known.
_RECORD = """
    UPDATE campaigns_delivery AS delivery SET state = told.state, reason = told.reason,
        lease = NULL, leased_until = NULL, attempts = delivery.attempts + 1,
        not_before = coalesce(told.again_at, delivery.not_before),
        passed_at = CASE WHEN told.state = 'pending' THEN NULL ELSE delivery.passed_at END,
        submitted_at = CASE WHEN told.state = 'pending' THEN NULL ELSE delivery.submitted_at END,
        closed_at = CASE WHEN told.state = 'pending' THEN NULL ELSE %(now)s::timestamptz END
    FROM unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[],
        %(again)s::timestamptz[]) AS told (id, state, reason, again_at)
    WHERE delivery.id = told.id AND (delivery.lease = %(lease)s AND delivery.state = 'submitting'
        OR delivery.state = 'unknown' AND delivery.reason = 'worker_lost')
"""


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
        with connection.cursor() as cursor:
            cursor.execute(
                _RECORD,
                {
                    "keys": value_array(each.delivery_key for each in told),
                    "states": text_array(state for state, _, _ in ends),
                    "reasons": text_array(reason for _, reason, _ in ends),
                    "again": value_array(at and at.isoformat() for _, _, at in ends),
                    "lease": claimed.lease,
                    "now": now,
                },
            )
        failed = [each for each, (state, _, _) in zip(told, ends, strict=True) if state == "failed"]
        disable_codes([each.code_key for each in failed if each.code_key is not None])
        for each in failed:
            if replies[each.delivery_key].reason == "no_such_address":
                suppress(each.recipient, reason="bounced", now=now)
    faults.point("recorded")


def _end_of(each: Ready, reply: Reply, *, now: datetime) -> tuple[str, str, datetime | None]:
    """State, reason, and when it is tried again."""
    match reply.outcome:
        case "accepted":
            return "accepted", "", None
        case "unknown":
            return "unknown", reply.reason, None
        case "refused":
            return "failed", reply.reason, None
    attempts = each.attempts + 1
    again_at = now + pause_after(attempts)
    if attempts >= MOST_ATTEMPTS or (each.expires_at is not None and again_at >= each.expires_at):
        return "failed", reply.reason, None
    return "pending", "", again_at
