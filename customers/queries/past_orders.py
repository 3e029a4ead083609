"""Reads: orders of a time gone by, to be priced once more."""

from array import array
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection
from msgspec import Struct

from common.cart import CartLine
from customers.queries.segment_book import SegmentBook
from customers.queries.segment_sql import segments_of_many_sql


class PastOrder(Struct, frozen=True):
    """An order as its cart was; `customer_key` is None of a guest."""

    reference: str
    customer_key: int | None
    customer_id: str | None
    is_registered: bool
    #: The customer's orders placed before it, cancelled ones apart.
    earlier_orders: int
    currency: str
    channel: str | None
    shipping_amount: int
    placed_at: datetime
    lines: Sequence[CartLine]


def past_order_keys(*, since: datetime, until: datetime) -> "array[int]":
    """The keys of the orders placed in the period that were not cancelled, in the order of time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM customers_order
            WHERE status <> 'cancelled' AND placed_at >= %s AND placed_at < %s
            ORDER BY placed_at, id
            """,
            [since, until],
        )
        return array("q", (key for (key,) in cursor.fetchall()))


def past_orders(keys: Sequence[int]) -> list[PastOrder]:
    """These orders, in this order. A gift that was added has no price, and was not in the cart."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, {"keys": list(keys)})
        rows = cursor.fetchall()
    return [
        PastOrder(*[*row[:-1], msgspec.json.decode(row[-1], type=list[CartLine])])
        for row in rows
        if row[-1] is not None
    ]


_ORDERS = """
    SELECT placed.reference, placed.customer_id, customer.reference,
        customer.registered_at IS NOT NULL,
        (SELECT count(*) FROM customers_order AS earlier
         WHERE earlier.customer_id = placed.customer_id AND earlier.status <> 'cancelled'
           AND earlier.placed_at < placed.placed_at),
        placed.currency, nullif(placed.channel, ''), placed.shipping_amount, placed.placed_at,
        (SELECT json_agg(json_build_object(
            'line_id', line.line_id, 'sku', line.sku, 'quantity', line.quantity,
            'unit_price', line.unit_price, 'categories', line.categories,
            'brand', nullif(line.brand, ''), 'tags', line.tags, 'list_price', line.list_price,
            'discountable', line.discountable) ORDER BY line.position)::text
         FROM customers_orderline AS line
         WHERE line.order_id = placed.id AND (line.unit_price > 0 OR NOT placed.is_redeemed))
    FROM unnest(%(keys)s::bigint[]) WITH ORDINALITY AS asked (key, nth)
    JOIN customers_order AS placed ON placed.id = asked.key
    LEFT JOIN customers_customer AS customer ON customer.id = placed.customer_id
    ORDER BY asked.nth
"""


def segments_of_many(
    references: Sequence[str], *, book: SegmentBook, customer_keys: Sequence[int], now: datetime
) -> dict[int, frozenset[str]]:
    """Those of the segments that each of the customers is in at `now`, by the customer's key."""
    if not references or not customer_keys:
        return {}
    sql = segments_of_many_sql(references, book.by_reference)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"customers": list(customer_keys), "now": now})
        return {key: frozenset(names) for key, names in cursor.fetchall()}
