"""Reads: what the shop owes its customers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from cashback.domain.balances import ExpiringMonth, Liability
from cashback.queries.standing import lots_sql, wallets_sql

_ALL = "SELECT * FROM cashback_wallet"
_SUMS = f"""
    SELECT currency, sum(available)::bigint, sum(pending)::bigint, sum(held)::bigint,
        sum(debt)::bigint
    FROM ({wallets_sql(wallets=_ALL, at="%(at)s")}) AS wallet
    GROUP BY currency ORDER BY currency
"""
_EXPIRING = f"""
    SELECT wallet.currency, to_char(lot.expires_at AT TIME ZONE %(zone)s - interval '1 microsecond',
        'YYYY-MM'), sum(lot.available)::bigint
    FROM ({lots_sql(wallets=_ALL, at="%(at)s")}) AS lot
    JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
    WHERE lot.available > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""


def liability(*, at: datetime) -> Sequence[Liability]:
    """Per currency, at this instant: always the sum of what `balances` tells of all customers.

    Both statements in the caller's transaction; a month is that of the last day by the shop's clocks.
    """
    months: dict[str, list[ExpiringMonth]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRING, {"at": at, "zone": settings.SHOP_TIME_ZONE})
        for currency, month, amount in cursor.fetchall():
            months[currency].append(ExpiringMonth(month, amount))
        cursor.execute(_SUMS, {"at": at})
        return [
            Liability(currency, outstanding, pending, held, debt, months[currency])
            for currency, outstanding, pending, held, debt in cursor.fetchall()
        ]
