"""Of whom the shop has told an event."""

from customers.queries.due.rows import DueRows, is_within

_DELAY = "make_interval(mins => %(delay_minutes)s::integer)"


def events(*, name: str, delay_minutes: int) -> DueRows:
    """Each event of this name so many minutes after it happened."""
    sql = f"""
        SELECT event.customer_id, 'event:' || event.id AS occurrence, NULL::date AS local_date,
            event.occurred_at + {_DELAY} AS at, event.id AS subject
        FROM customers_event AS event
        JOIN customers_customer AS customer ON customer.id = event.customer_id
        WHERE {is_within("event.occurred_at", _DELAY)}
            AND event.name = %(name)s::text AND customer.erased_at IS NULL
    """
    return DueRows(sql, {"name": name, "delay_minutes": delay_minutes})
