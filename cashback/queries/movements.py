"""Reads: what was moved in a period. It looks at all postings: for finance, by the month."""

from datetime import datetime

from django.db import connection

from cashback.domain.movements import Moved, Movements
from cashback.domain.movements import movements as summed

_MOVED = """
    SELECT transfer.currency, posting.kind, debit.kind, credit.kind, sum(transfer.amount)::bigint
    FROM cashback_posting AS posting
    JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
    JOIN cashback_account AS debit ON debit.id = transfer.debit_account_id
    JOIN cashback_account AS credit ON credit.id = transfer.credit_account_id
    WHERE posting.at >= %s AND posting.at < %s AND posting.wallet_id IS NOT NULL
    GROUP BY 1, 2, 3, 4
"""


def movements(*, since: datetime, until: datetime) -> list[Movements]:
    """What was booked of a period, by currency. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [since, until])
        return summed(Moved(*row) for row in cursor.fetchall())
