"""Reads: what a customer has of cashback."""

from datetime import datetime

from django.db import connection

from cashback.domain.balances import Balance, ExpiringAmount
from cashback.queries.standing import lots_sql, wallets_sql
from common.statements import Statement

_OF_CUSTOMER = "SELECT * FROM cashback_wallet WHERE customer_id = %(customer)s::bigint"
_AT = "%(at)s::timestamptz"
_BALANCES = Statement(
    "cashback_balances",
    f"""
    SELECT wallet.currency, wallet.pending, wallet.available, wallet.held, wallet.debt,
        expiring.amounts, expiring.instants
    FROM ({wallets_sql(wallets=_OF_CUSTOMER, at=_AT)}) AS wallet
    LEFT JOIN (
        SELECT wallet_id, array_agg(amount ORDER BY expires_at) AS amounts,
            array_agg(expires_at ORDER BY expires_at) AS instants
        FROM (SELECT wallet_id, expires_at, sum(available)::bigint AS amount
            FROM ({lots_sql(wallets=_OF_CUSTOMER, at=_AT)}) AS lot
            WHERE available > 0 GROUP BY wallet_id, expires_at) AS by_instant
        GROUP BY wallet_id) AS expiring ON expiring.wallet_id = wallet.id
    ORDER BY wallet.currency
    """,
)


def balances(*, customer_key: int, at: datetime) -> list[Balance]:
    """The customer's balances at this instant, one of each currency that was ever touched. 1 statement.

    What is due by then counts, booked or not; nothing is written.
    """
    with connection.cursor() as cursor:
        _BALANCES.run(cursor, {"customer": customer_key, "at": at})
        return [
            Balance(
                currency,
                pending,
                available,
                held,
                debt,
                [ExpiringAmount(*row) for row in zip(amounts or (), instants or (), strict=True)],
            )
            for currency, pending, available, held, debt, amounts, instants in cursor.fetchall()
        ]
