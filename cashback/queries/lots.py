"""Reads: lots of wallets that the caller has locked, and what orders earned of them.

Each is a statement of its own after the lock, and so has a snapshot in which nothing is missing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from cashback.domain.clawback import Share
from cashback.domain.lots import Lot
from common.statements import Statement, value_array

#: Of the row `lot`, without the id of its order.
OWN_LOT_COLUMNS = """
    lot.wallet_id, lot.id, lot.account_id, lot.amount, lot.remaining, lot.available_at,
    lot.expires_at, lot.pending_days, lot.expires_after_days, lot.clawback, lot.order_id,
    lot.partner_id, lot.partner_percent, lot.expiries, lot.absorbed"""
_COLUMNS = f"{OWN_LOT_COLUMNS}, placed.reference"
_FROM = """
    FROM cashback_lot AS lot
    LEFT JOIN customers_order AS placed ON placed.id = lot.order_id"""
_IS_OPEN = "lot.wallet_id = ANY (%(wallets)s::bigint[]) AND lot.remaining > 0"
_OPEN = Statement("cashback_open_lots", f"SELECT {_COLUMNS} {_FROM} WHERE {_IS_OPEN}")
#: Nothing of them is about to be told, so nobody asks by which order they came.
_OPEN_ALONE = Statement(
    "cashback_open_lots_alone",
    f"SELECT {OWN_LOT_COLUMNS}, NULL FROM cashback_lot AS lot WHERE {_IS_OPEN}",
)
_OPEN_OR_NAMED = Statement(
    "cashback_open_or_named_lots",
    f"""
    SELECT {_COLUMNS} {_FROM} WHERE {_IS_OPEN}
    UNION ALL
    SELECT {_COLUMNS} {_FROM} WHERE lot.id = ANY (%(lots)s::bigint[]) AND lot.remaining = 0
    """,
)
_SHARES = Statement(
    "cashback_shares_of_order",
    """
    SELECT share.lot_id, share.line_id, share.amount, share.taken_back
    FROM cashback_lot AS lot JOIN cashback_lotshare AS share ON share.lot_id = lot.id
    WHERE lot.order_id = %(order)s::bigint
    ORDER BY lot.id, share.position
    """,
)
#: Of a lot: what expired, less what was given back to it by taking back what had expired.
_EXPIRED = Statement(
    "cashback_expired_of_lots",
    """
    SELECT allocation.lot_id, -sum(allocation.amount)::bigint
    FROM cashback_allocation AS allocation
    JOIN cashback_posting AS posting ON posting.id = allocation.posting_id
    WHERE allocation.lot_id = ANY (%(lots)s::bigint[])
        AND (posting.kind = 'expire' OR posting.kind = 'take_back' AND allocation.amount > 0)
    GROUP BY allocation.lot_id
    """,
)
#: An aggregate over rows `lot`: what they gave, less what was taken back. What was absorbed stays given.
GIVEN_OF_LOTS = """sum(lot.absorbed + (
        SELECT sum(amount - taken_back) FROM cashback_lotshare WHERE lot_id = lot.id))::bigint"""
_GIVEN = Statement(
    "cashback_given_by_rules",
    f"""
    SELECT lot.wallet_id, lot.rule_id, {GIVEN_OF_LOTS}
    FROM cashback_lot AS lot
    WHERE lot.rule_id = ANY (%(rules)s::bigint[]) AND lot.wallet_id = ANY (%(wallets)s::bigint[])
        AND lot.created_at >= %(since)s::timestamptz AND lot.created_at < %(until)s::timestamptz
    GROUP BY lot.wallet_id, lot.rule_id
    """,
)


def open_lots(
    wallets: Mapping[int, int], *, named: Collection[int] = (), with_orders: bool = True
) -> dict[int, list[Lot]]:
    """Lots of which something remains, by wallet, and the `named` ones whatever remains of them.

    `wallets` are their keys, each with that of its account of what is available. Without `with_orders`
    open lots do not know by the order's id what they came of.
    """
    statement = _OPEN if with_orders else _OPEN_ALONE
    parameters = {"wallets": value_array(wallets)}
    if named:
        statement = _OPEN_OR_NAMED
        parameters["lots"] = value_array(named)
    found: dict[int, list[Lot]] = defaultdict(list)
    for row in rows_of(statement, parameters):
        found[row[0]].append(_lot(row, available=wallets.get(row[0])))
    return found


def lots_of(rows: Iterable[Sequence[Any]], *, available: int) -> list[Lot]:
    """The lots of rows with `OWN_LOT_COLUMNS` and the id of their order; a row without a lot is none.

    `available` is the key of their wallet's account of what is available.
    """
    return [_lot(row, available=available) for row in rows if row[1] is not None]


def shares_of_order(order_key: int) -> list[Share]:
    """What the order's lines have earned, by lot, in the order of lots and lines."""
    return [Share(*row) for row in rows_of(_SHARES, {"order": order_key})]


def expired_of(lot_keys: Collection[int]) -> dict[int, int]:
    """How much of each lot has expired and was not taken back since."""
    return {key: amount for key, amount in rows_of(_EXPIRED, {"lots": value_array(lot_keys)})}


def given_by_rules(
    rule_keys: Collection[int], wallet_keys: Collection[int], *, since: datetime, until: datetime
) -> dict[int, dict[int, int]]:
    """What rules gave in a period less what was taken back, by wallet and rule."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    parameters = {
        "rules": value_array(rule_keys),
        "wallets": value_array(wallet_keys),
        "since": since,
        "until": until,
    }
    for wallet_key, rule_key, given in rows_of(_GIVEN, parameters):
        found[wallet_key][rule_key] = given
    return found


def rows_of(statement: Statement, parameters: Mapping[str, Any]) -> list[Sequence[Any]]:
    """All rows of a prepared statement."""
    with connection.cursor() as cursor:
        statement.run(cursor, parameters)
        return cursor.fetchall()


def _lot(row: Sequence[Any], *, available: int | None) -> Lot:
    return Lot(
        key=row[1],
        is_available=row[2] == available,
        amount=row[3],
        remaining=row[4],
        available_at=row[5],
        expires_at=row[6],
        pending_days=row[7],
        expires_after_days=row[8],
        clawback=row[9],
        order_key=row[10],
        partner_key=row[11],
        partner_percent=row[12],
        expiries=row[13],
        absorbed=row[14],
        order_id=row[15],
    )
