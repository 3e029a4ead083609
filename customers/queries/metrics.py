"""Reads: customers' figures, counted again from their orders."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

#: What a line adds: the units kept, each less its share of the line's discount. Leftover minor
#: units of the discount lie on the first units, which go back first.
_RECOUNT = """
    WITH per_order AS (
        SELECT placed.id, placed.customer_id, placed.currency, placed.placed_at,
               sum(quantity - returned_quantity) AS items,
               sum((quantity - returned_quantity)
                       * (unit_price - discount_amount / quantity)
                   - greatest(discount_amount % quantity - returned_quantity, 0)) AS amount
        FROM customers_order AS placed JOIN customers_orderline AS line ON line.order_id = placed.id
        WHERE placed.customer_id IS NOT NULL AND placed.status <> 'cancelled'
        GROUP BY placed.id
    ), counted AS (
        SELECT customer_id, currency, count(*) AS orders, sum(items) AS items,
               sum(amount) AS amount, min(placed_at) AS first, max(placed_at) AS last
        FROM per_order GROUP BY customer_id, currency
    )
    SELECT customer_id, currency,
           coalesce(orders_count, 0), coalesce(items_count, 0), coalesce(total_amount, 0),
           first_placed_at, last_placed_at,
           coalesce(orders, 0), coalesce(items, 0)::bigint, coalesce(amount, 0)::bigint,
           first, last
    FROM customers_customermetrics FULL JOIN counted USING (customer_id, currency)
    WHERE (coalesce(orders_count, 0), coalesce(items_count, 0), coalesce(total_amount, 0),
           first_placed_at, last_placed_at)
        IS DISTINCT FROM (coalesce(orders, 0), coalesce(items, 0), coalesce(amount, 0), first, last)
    ORDER BY customer_id, currency
"""

Counted = tuple[int, int, int, datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class MetricsBreach:
    """Figures that are not what the orders say: number, units, amount, first and last order."""

    customer_key: int
    currency: str
    kept: Counted
    counted: Counted


def metrics_breaches() -> list[MetricsBreach]:
    """Every customer's figures in one snapshot that differ from a recount; none, if all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        return [
            MetricsBreach(key, currency, tuple(figures[:5]), tuple(figures[5:]))
            for key, currency, *figures in cursor.fetchall()
        ]
