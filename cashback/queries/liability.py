"""Reads: what the shop owes its customers."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from cashback.domain.balances import AgeingAmount, ExpiringMonth, Liability
from cashback.queries.standing import lots_sql, wallets_sql

#: The ages that are told apart: days since it became available, from this on.
AGES = (0, 31, 91, 181, 366)

_ALL = "SELECT * FROM cashback_wallet"
#: One statement, and so one snapshot. A month is that of the last day by the shop's clocks.
_LIABILITY = f"""
    WITH open AS MATERIALIZED (
        SELECT wallet.currency, lot.available AS amount,
            to_char(lot.expires_at AT TIME ZONE %(zone)s - interval '1 microsecond', 'YYYY-MM')
                AS month,
            width_bucket(%(at)s::timestamptz - origin.available_at, %(ages)s::interval[]) AS age
        FROM ({lots_sql(wallets=_ALL, at="%(at)s")}) AS lot
        JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
        JOIN cashback_lot AS origin ON origin.id = lot.lot_id
        WHERE lot.available > 0
    ), expiring AS (
        SELECT currency, array_agg(month ORDER BY month) AS months,
            array_agg(amount ORDER BY month) AS amounts
        FROM (SELECT currency, month, sum(amount)::bigint AS amount FROM open GROUP BY 1, 2) AS one
        GROUP BY currency
    ), ageing AS (
        SELECT currency, array_agg(age ORDER BY age) AS ages, array_agg(amount ORDER BY age) AS amounts
        FROM (SELECT currency, age, sum(amount)::bigint AS amount FROM open GROUP BY 1, 2) AS one
        GROUP BY currency
    )
    SELECT wallets.*, expiring.months, expiring.amounts, ageing.ages, ageing.amounts
    FROM (
        SELECT currency, sum(available)::bigint AS available, sum(pending)::bigint AS pending,
            sum(held)::bigint AS held, sum(debt)::bigint AS debt
        FROM ({wallets_sql(wallets=_ALL, at="%(at)s")}) AS wallet GROUP BY currency
    ) AS wallets
    LEFT JOIN expiring USING (currency)
    LEFT JOIN ageing USING (currency)
    ORDER BY currency
"""


def liability(*, at: datetime) -> Sequence[Liability]:
    """Per currency, at this instant: always the sum of what `balances` tells of all customers.

    1 statement over all wallets and what is open in them.
    """
    ages = [f"{days} days" for days in AGES]
    with connection.cursor() as cursor:
        cursor.execute(_LIABILITY, {"at": at, "zone": settings.SHOP_TIME_ZONE, "ages": ages})
        return [_liability(*row) for row in cursor.fetchall()]


def _liability(
    currency: str,
    outstanding: int,
    pending: int,
    held: int,
    debt: int,
    months: Sequence[str] | None,
    expiring: Sequence[int] | None,
    ages: Sequence[int] | None,
    ageing: Sequence[int] | None,
) -> Liability:
    """`ages` count the steps of `AGES` from 1."""
    return Liability(
        currency,
        outstanding,
        pending,
        held,
        debt,
        [ExpiringMonth(*row) for row in zip(months or (), expiring or (), strict=True)],
        [
            AgeingAmount(AGES[max(age, 1) - 1], amount)
            for age, amount in zip(ages or (), ageing or (), strict=True)
        ],
    )
