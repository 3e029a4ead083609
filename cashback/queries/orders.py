"""Reads: what orders earned, and what was paid with cashback."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from cashback.queries.lots import rows_of
from common.statements import Statement, text_array, value_array

_BY_LINE = Statement(
    "cashback_earned_by_line",
    """
    SELECT share.line_id, sum(share.amount)::bigint,
        max(coalesce((lot.terms #>> ARRAY['returned', share.line_id])::int, 0))
    FROM cashback_lot AS lot JOIN cashback_lotshare AS share ON share.lot_id = lot.id
    WHERE lot.order_id = %(order)s::bigint GROUP BY share.line_id
    """,
)
_OF_ORDERS = Statement(
    "cashback_of_orders",
    """
    SELECT asked.id, coalesce(earned.amount, 0)::bigint, coalesce(earned.taken_back, 0)::bigint,
        coalesce(paid.spent, 0)::bigint, coalesce(paid.restored, 0)::bigint,
        earned.available_at
    FROM unnest(%(orders)s::bigint[]) AS asked (id)
    LEFT JOIN LATERAL (
        SELECT sum(share.amount) AS amount, sum(share.taken_back) AS taken_back,
            min(lot.available_at) AS available_at
        FROM cashback_lot AS lot JOIN cashback_lotshare AS share ON share.lot_id = lot.id
        WHERE lot.order_id = asked.id) AS earned ON true
    LEFT JOIN LATERAL (
        SELECT sum(transfer.amount) FILTER (WHERE posting.kind = 'spend') AS spent,
            sum(transfer.amount) FILTER (WHERE posting.kind = 'restore') AS restored
        FROM cashback_posting AS posting
        JOIN cashback_transfer AS transfer ON transfer.posting_id = posting.id
        WHERE posting.order_id = asked.id AND posting.kind IN ('spend', 'restore')) AS paid ON true
    WHERE earned.amount IS NOT NULL OR paid.spent IS NOT NULL
    """,
)


_THAT_EARNED = Statement(
    "cashback_orders_that_earned",
    """
    SELECT placed.id, wallet.customer_id, wallet.currency, placed.paid_at, placed.delivered_at,
        placed.status = 'cancelled',
        bool_or(account.kind = 'pending' AND lot.remaining > 0)
    FROM customers_order AS placed
    JOIN cashback_lot AS lot ON lot.order_id = placed.id
    JOIN cashback_lotshare AS share ON share.lot_id = lot.id AND share.taken_back < share.amount
    JOIN cashback_account AS account ON account.id = lot.account_id
    JOIN cashback_wallet AS wallet ON wallet.id = lot.wallet_id
    WHERE placed.reference = ANY (%(orders)s::text[])
    GROUP BY placed.id, wallet.id
    ORDER BY wallet.id, placed.id
    """,
)


class EarnedLine(NamedTuple):
    """What a line has earned, minor units, whatever was taken back since."""

    amount: int = 0
    #: Its first units, which came back before it earned.
    unearning: int = 0


class OrderCashback(NamedTuple):
    """An order's cashback, minor units."""

    earned: int
    taken_back: int
    spent: int
    restored: int
    #: From when on the first of what it earned may be spent; None until payment or delivery is told.
    available_at: datetime | None


class OrderThatEarned(NamedTuple):
    """An order with cashback that was not taken back, and what is told of it."""

    order_key: int
    customer_key: int
    currency: str
    paid_at: datetime | None
    delivered_at: datetime | None
    is_cancelled: bool
    #: Something of it is not available yet.
    is_pending: bool


NOTHING_EARNED = EarnedLine()


def earned_by_line(order_key: int) -> dict[str, EarnedLine]:
    """What each line of an order has earned; lines that earned nothing are left out. 1 statement."""
    return {
        line_id: EarnedLine(amount, unearning)
        for line_id, amount, unearning in rows_of(_BY_LINE, {"order": order_key})
    }


def cashback_of_orders(order_keys: Collection[int]) -> dict[int, OrderCashback]:
    """Of those orders that earned or were paid with cashback. 1 statement."""
    rows = rows_of(_OF_ORDERS, {"orders": value_array(order_keys)})
    return {key: OrderCashback(*row) for key, *row in rows}


def orders_that_earned(references: Collection[str]) -> list[OrderThatEarned]:
    """Those of the shop's orders that earned what they still have, sorted by wallet. 1 statement."""
    rows = rows_of(_THAT_EARNED, {"orders": text_array(references)})
    return [OrderThatEarned(*row) for row in rows]
