"""Acts: put messages into the customers' inboxes in the shop, and clear them away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import connection

from campaigns.domain.notes.note import Told
from campaigns.models import Delivery, InboxMessage
from common.statements import value_array

#: What a campaign sets no end to is shown for so long.
SHOWN_FOR = timedelta(days=365)
_BATCH = 5_000
_DELIVER = """
    UPDATE campaigns_delivery AS delivery SET state = 'delivered', reason = '', lease = NULL,
        leased_until = NULL, passed_at = %(now)s, submitted_at = %(now)s, closed_at = %(now)s,
        code_id = told.code
    FROM unnest(%(keys)s::bigint[], %(codes)s::bigint[]) AS told (id, code)
    WHERE delivery.id = told.id
"""


def put_into_inboxes(
    rows: Sequence[Delivery],
    told: Mapping[int, Told],
    *,
    codes: Mapping[int, int],
    now: datetime,
) -> None:
    """Deliver these messages, by the keys of their rows, which the caller's transaction holds.

    Nothing leaves the house: what is committed has arrived. `codes` are the keys of personal codes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _DELIVER,
            {
                "keys": value_array(row.pk for row in rows),
                "codes": value_array(codes.get(row.pk) for row in rows),
                "now": now,
            },
        )
        assert cursor.rowcount == len(rows), "the rows are locked"
    InboxMessage.objects.bulk_create(
        InboxMessage(
            delivery=row,
            customer_id=row.customer_id,
            content=msgspec.to_builtins(told[row.pk]),
            sent_at=now,
            expires_at=row.expires_at or now + SHOWN_FOR,
        )
        for row in rows
    )


def forget_messages(*, now: datetime) -> int:
    """Delete what is not shown any more; how many. In batches, safe to repeat and to run by several."""
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM campaigns_inboxmessage WHERE id = ANY (ARRAY(
                    SELECT id FROM campaigns_inboxmessage WHERE expires_at <= %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [now, _BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < _BATCH:
            return forgotten
