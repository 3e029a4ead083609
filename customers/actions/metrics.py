"""Keeping each customer's running figures, in the transaction of the order that changes them.

The figures of one customer and currency are one row, locked after the order's row. Differences are
added to what stands there, so that orders of one customer may come at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from common.statements import Insert, Statement
from customers.domain.orders import Figures


@dataclass(frozen=True, slots=True)
class Change:
    """How one order changed. `placed_before` is None for a new one."""

    customer_key: int
    currency: str
    before: Figures
    after: Figures
    placed_before: datetime | None
    placed_at: datetime

    @property
    def is_new(self) -> bool:
        """Whether the order was not counted before; only then may the row be missing."""
        return self.placed_before is None

    @property
    def moves_ends(self) -> bool:
        """Whether the first or last order may be another one now, other than by adding this."""
        was_moved = self.placed_before is not None and self.placed_before != self.placed_at
        return was_moved or self.after.orders < self.before.orders


def keep(changes: Sequence[Change]) -> None:
    """Bring the figures up to date with `changes`; rows are locked sorted by customer and currency."""
    real = [c for c in changes if c.before != c.after or c.moves_ends]
    if not real:
        return
    with connection.cursor() as cursor:
        if len(real) > 1:
            _lock(cursor, real)
        _add_known(cursor, [c for c in real if not c.is_new])
        _add_new(cursor, [c for c in real if c.is_new])
        _find_ends(cursor, [c for c in real if c.moves_ends])


def lock(*, customer_key: int, currency: str) -> None:
    """Lock a customer's figures, which are there since their first order, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM customers_customermetrics WHERE customer_id = %s AND currency = %s"
            " FOR NO KEY UPDATE",
            [customer_key, currency],
        )


def first_count(
    *, customer_key: int, currency: str, figures: Figures, placed_at: datetime
) -> Insert:
    """What a new order adds to its customer's figures, for the caller to run."""
    new = Change(customer_key, currency, Figures(), figures, None, placed_at)
    return Insert(_FIGURES, _columns([new]))


_ADD_NEW = """
    INSERT INTO customers_customermetrics AS kept (
        customer_id, currency, orders_count, items_count, total_amount,
        first_placed_at, last_placed_at)
    SELECT customer_id, currency, sum(orders), sum(items), sum(amount),
           min(placed_at), max(placed_at)
    FROM unnest(%(customers)s::bigint[], %(currencies)s::text[], %(orders)s::int[],
                %(items)s::bigint[], %(amounts)s::bigint[], %(placed_at)s::timestamptz[])
        AS change (customer_id, currency, orders, items, amount, placed_at)
    GROUP BY customer_id, currency ORDER BY customer_id, currency
    ON CONFLICT (customer_id, currency) DO UPDATE SET
        orders_count = kept.orders_count + excluded.orders_count,
        items_count = kept.items_count + excluded.items_count,
        total_amount = kept.total_amount + excluded.total_amount,
        first_placed_at = least(kept.first_placed_at, excluded.first_placed_at),
        last_placed_at = greatest(kept.last_placed_at, excluded.last_placed_at)
"""
_FIGURES = Statement("figures", _ADD_NEW)


def _lock(cursor: CursorWrapper, changes: Sequence[Change]) -> None:
    cursor.execute(
        """
        SELECT 1 FROM customers_customermetrics
        WHERE (customer_id, currency) IN (SELECT * FROM unnest(%s::bigint[], %s::text[]))
        ORDER BY customer_id, currency FOR NO KEY UPDATE
        """,
        [[c.customer_key for c in changes], [c.currency for c in changes]],
    )


def _add_new(cursor: CursorWrapper, changes: Sequence[Change]) -> None:
    if not changes:
        return
    cursor.execute(_ADD_NEW, _columns(changes))


def _add_known(cursor: CursorWrapper, changes: Sequence[Change]) -> None:
    if not changes:
        return
    cursor.execute(
        """
        UPDATE customers_customermetrics AS kept SET
            orders_count = kept.orders_count + change.orders,
            items_count = kept.items_count + change.items,
            total_amount = kept.total_amount + change.amount
        FROM (
            SELECT customer_id, currency, sum(orders) AS orders, sum(items) AS items,
                   sum(amount) AS amount
            FROM unnest(%(customers)s::bigint[], %(currencies)s::text[], %(orders)s::int[],
                        %(items)s::bigint[], %(amounts)s::bigint[], %(placed_at)s::timestamptz[])
                AS change (customer_id, currency, orders, items, amount, placed_at)
            GROUP BY customer_id, currency
        ) AS change
        WHERE kept.customer_id = change.customer_id AND kept.currency = change.currency
        """,
        _columns(changes),
    )


def _find_ends(cursor: CursorWrapper, changes: Sequence[Change]) -> None:
    """Look for the first and last order again: the rows are locked, so nothing is missed.

    An order that another transaction has written but not yet counted here will widen the ends
    when it gets the lock.
    """
    if not changes:
        return
    cursor.execute(
        """
        UPDATE customers_customermetrics AS kept SET
            first_placed_at = found.first, last_placed_at = found.last
        FROM (
            SELECT asked.customer_id, asked.currency, min(placed_at) AS first,
                   max(placed_at) AS last
            FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::text[]))
                AS asked (customer_id, currency)
            LEFT JOIN customers_order AS placed
                ON placed.customer_id = asked.customer_id AND placed.currency = asked.currency
                AND placed.status <> 'cancelled'
            GROUP BY asked.customer_id, asked.currency
        ) AS found
        WHERE kept.customer_id = found.customer_id AND kept.currency = found.currency
        """,
        [[c.customer_key for c in changes], [c.currency for c in changes]],
    )


def _columns(changes: Sequence[Change]) -> dict[str, list[Any]]:
    differences = [c.after.less(c.before) for c in changes]
    return {
        "customers": [c.customer_key for c in changes],
        "currencies": [c.currency for c in changes],
        "orders": [d.orders for d in differences],
        "items": [d.items for d in differences],
        "amounts": [d.amount for d in differences],
        "placed_at": [c.placed_at for c in changes],
    }
