"""Whose order has come to a status."""

from customers.domain.orders import INSTANT_OF, Status
from customers.queries.due.rows import DueRows, is_within

_DELAY = "make_interval(mins => %(delay_minutes)s::integer)"


def orders(*, status: Status, delay_minutes: int) -> DueRows:
    """Each order of a customer so many minutes after the instant at which it came to the status.

    A step that was passed over has no instant. What is cancelled meanwhile is due for `cancelled` alone. What the shop
    last told as history sends nothing.
    """
    column = f"placed.{INSTANT_OF.get(status, 'cancelled_at')}"
    stands = "=" if status == "cancelled" else "<>"
    sql = f"""
        SELECT placed.customer_id, 'order:' || placed.id || ':' || %(status)s::text AS occurrence,
            NULL::date AS local_date, {column} + {_DELAY} AS at, placed.id AS subject
        FROM customers_order AS placed
        JOIN customers_customer AS customer ON customer.id = placed.customer_id
        WHERE {is_within(column, _DELAY)}
            AND placed.status {stands} 'cancelled' AND NOT placed.is_history
            AND customer.erased_at IS NULL
    """
    return DueRows(sql, {"status": status, "delay_minutes": delay_minutes})
