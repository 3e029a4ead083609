"""Whose cashback can be spent from now on, or is about to expire, as parts of their reader's statement.

Both ask how wallets stand at the window's end, whether or not what is due by then has been booked.
"""

from cashback.queries.standing import lots_sql
from customers.queries.due.rows import (
    SHOP_ZONE,
    DueRows,
    is_near_days,
    is_on_days,
    is_within,
    last_day,
    shop_zone,
)

_BEFORE = "%(days_before)s::integer"
_LAST_DAY = last_day("lot.expires_at", zone=SHOP_ZONE)
_AVAILABLE_ON = f"(lot.available_at AT TIME ZONE {SHOP_ZONE})::date"


def available_credit() -> DueRows:
    """Each customer when something that an order earned has matured and, debt repaid, can be spent.

    All of one of the shop's days is one occurrence, at its first instant in the window.
    """
    sql = f"""
        SELECT wallet.customer_id, 'cashback:' || {_AVAILABLE_ON} AS occurrence,
            NULL::date AS local_date, min(lot.available_at) AS at, NULL::bigint AS subject
        {_standing(is_within("lot.available_at"))}
            AND {is_within("lot.available_at")} AND lot.order_id IS NOT NULL AND lot.origin_id IS NULL
        GROUP BY wallet.customer_id, {_AVAILABLE_ON}
    """
    return DueRows(sql, shop_zone())


def expiring_credit(*, days_before: int) -> DueRows:
    """Each customer so many days before the last day, by the shop's clocks, of something that can be spent.

    All that has the same last day is one occurrence.
    """
    sql = f"""
        SELECT wallet.customer_id, 'cashback:' || {_LAST_DAY} AS occurrence,
            {_LAST_DAY} - {_BEFORE} AS local_date, NULL::timestamptz AS at, NULL::bigint AS subject
        {_standing(is_near_days("lot.expires_at", offset=_BEFORE))}
            AND {is_on_days(_LAST_DAY, offset=_BEFORE)}
        GROUP BY wallet.customer_id, {_LAST_DAY}
    """
    return DueRows(sql, {"days_before": days_before, **shop_zone()})


def _standing(condition: str) -> str:
    """FROM and WHERE: the lots of which something can be spent, of wallets with a lot that fulfils the
    condition. It may be empty now: what a reservation holds comes back.
    """
    wallets = f"""
        SELECT wallet.* FROM cashback_wallet AS wallet WHERE wallet.id IN (
            SELECT lot.wallet_id FROM cashback_lot AS lot WHERE {condition})"""
    return f"""
        FROM ({lots_sql(wallets=wallets, at="%(until)s::timestamptz")}) AS standing
        JOIN cashback_lot AS lot ON lot.id = standing.lot_id
        JOIN cashback_wallet AS wallet ON wallet.id = standing.wallet_id
        JOIN customers_customer AS customer ON customer.id = wallet.customer_id
        WHERE standing.available > 0 AND customer.erased_at IS NULL"""
