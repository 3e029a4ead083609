"""Reads: what orders have earned, and what is on its way to a customer."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from common.statements import Statement, value_array

_OF_ORDERS = Statement(
    "cashback_earned_by_orders",
    """
    SELECT lot.order_id, sum(lot.amount)::bigint, sum(share.taken_back)::bigint,
        bool_or(account.kind = 'pending' AND lot.remaining > 0),
        min(lot.available_at) FILTER (WHERE account.kind = 'pending' AND lot.remaining > 0),
        coalesce(sum(lot.remaining) FILTER (WHERE account.kind = 'pending'), 0)::bigint
    FROM cashback_lot AS lot
    JOIN cashback_account AS account ON account.id = lot.account_id
    CROSS JOIN LATERAL (SELECT coalesce(sum(taken_back), 0) AS taken_back
        FROM cashback_lotshare WHERE lot_id = lot.id) AS share
    WHERE lot.order_id = ANY (%(orders)s::bigint[]) AND lot.origin_id IS NULL
    GROUP BY lot.order_id
    """,
)
_COMING = Statement(
    "cashback_coming",
    """
    SELECT wallet.currency, lot.available_at, sum(lot.remaining)::bigint, min(lot.pending_days)
    FROM cashback_wallet AS wallet
    JOIN cashback_lot AS lot ON lot.wallet_id = wallet.id AND lot.remaining > 0
    JOIN cashback_account AS account ON account.id = lot.account_id AND account.kind = 'pending'
    WHERE wallet.customer_id = %(customer)s::bigint
    GROUP BY wallet.currency, lot.available_at ORDER BY wallet.currency, lot.available_at
    """,
)


class EarnedByOrder(NamedTuple):
    """What an order has earned, minor units."""

    #: At first, and what of it was taken back by returns or a cancel.
    amount: int
    taken_back: int
    is_pending: bool
    #: When what is pending becomes available; None until that is known.
    available_at: datetime | None
    #: So much of it is pending.
    pending: int = 0

    @property
    def kept(self) -> int:
        """What the customer has of it, or had."""
        return self.amount - self.taken_back


class Coming(NamedTuple):
    """So much becomes available at that instant; None: once delivery or payment is told."""

    currency: str
    available_at: datetime | None
    amount: int
    #: After that.
    pending_days: int


def earned_by(order_keys: Sequence[int]) -> dict[int, EarnedByOrder]:
    """What these orders have earned; those that earned nothing are left out. 1 statement."""
    with connection.cursor() as cursor:
        _OF_ORDERS.run(cursor, {"orders": value_array(order_keys)})
        return {key: EarnedByOrder(*row) for key, *row in cursor.fetchall()}


def coming(*, customer_key: int) -> list[Coming]:
    """What is pending, by currency and by when it becomes available, the earliest first. 1 statement.

    Only what was booked: touch the wallet before.
    """
    with connection.cursor() as cursor:
        _COMING.run(cursor, {"customer": customer_key})
        return [Coming(*row) for row in cursor.fetchall()]
