"""Writing orders as a file told them: line by line as it stands, without a detour over Python."""

import io
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from common.statements import text_array
from customers.domain.order_files import OrderRows
from customers.domain.order_lines import HEAD, LINE

_NUMBERS = ("shipping_amount", "unit_price", "list_price", "discount_amount")
_TYPES = {
    **dict.fromkeys(("placed_at", "paid_at", "shipped_at", "delivered_at"), "timestamptz"),
    **dict.fromkeys(_NUMBERS, "bigint"),
    "quantity": "int",
    "discountable": "boolean",
}
_TABLE = f"""
    CREATE TEMPORARY TABLE customers_told (
        position int, {", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in HEAD + LINE)}
    ) ON COMMIT DROP
"""
_INSERT = """
    WITH made AS (
        INSERT INTO customers_order (reference, customer_id, currency, status, placed_at, paid_at,
            shipped_at, delivered_at, cancelled_at, channel, partner_reference, shipping_amount,
            shipping_discount, shipping_cashback, shipping_refunded, tracking_url, is_redeemed,
            is_history, created_at, revision)
        SELECT order_id, known.key, currency, coalesce(status, 'placed'),
            coalesce(placed_at, %(now)s),
            coalesce(paid_at, CASE status WHEN 'paid' THEN %(now)s END),
            coalesce(shipped_at, CASE status WHEN 'shipped' THEN %(now)s END),
            coalesce(delivered_at, CASE status WHEN 'delivered' THEN %(now)s END),
            CASE status WHEN 'cancelled' THEN %(now)s END,
            coalesce(channel, ''), coalesce(partner_id, ''), shipping_amount, 0, 0, false,
            coalesce(tracking_url, ''), false, true, %(now)s, 1
        FROM customers_told AS told
        LEFT JOIN unnest(%(customers)s::text[], %(keys)s::bigint[]) AS known (name, key)
            ON known.name = told.customer_id
        WHERE position = 0
        ORDER BY order_id COLLATE "C"
        ON CONFLICT (reference) DO NOTHING
        RETURNING id, reference
    ), filled AS (
        INSERT INTO customers_orderline (order_id, position, line_id, sku, name, categories, brand,
            tags, quantity, unit_price, list_price, discountable, discount_amount, cashback_amount,
            returned_quantity, is_redeemed)
        SELECT made.id, position, line_id, sku, coalesce(name, ''),
            coalesce(string_to_array(categories, '|'), '{}'), coalesce(brand, ''),
            coalesce(string_to_array(tags, '|'), '{}'), quantity, unit_price, list_price,
            discountable, discount_amount, 0, 0, false
        FROM customers_told AS told JOIN made ON made.reference = told.order_id
    )
    SELECT reference FROM made
"""


_COUNT = """
    INSERT INTO customers_customermetrics AS kept (
        customer_id, currency, orders_count, items_count, total_amount, first_placed_at,
        last_placed_at)
    SELECT known.key, currency, count(*), sum(items), sum(amount), min(placed_at), max(placed_at)
    FROM (
        SELECT min(customer_id) AS customer, min(currency) AS currency,
            coalesce(min(placed_at), %(now)s) AS placed_at, sum(quantity) AS items,
            sum(quantity * unit_price - discount_amount) AS amount
        FROM customers_told
        WHERE status <> 'cancelled' AND order_id <> ALL (%(others)s::text[])
        GROUP BY order_id
    ) AS told
    JOIN unnest(%(customers)s::text[], %(keys)s::bigint[]) AS known (name, key)
        ON known.name = told.customer
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (customer_id, currency) DO UPDATE SET
        orders_count = kept.orders_count + excluded.orders_count,
        items_count = kept.items_count + excluded.items_count,
        total_amount = kept.total_amount + excluded.total_amount,
        first_placed_at = least(kept.first_placed_at, excluded.first_placed_at),
        last_placed_at = greatest(kept.last_placed_at, excluded.last_placed_at)
"""


def insert_told(
    orders: Mapping[str, OrderRows], *, customers: Mapping[str, int], now: datetime
) -> list[str]:
    """Insert the orders that nobody has inserted meanwhile; their ids. They are not counted yet.

    Part of the caller's transaction; `customers` are the keys of all that are named.
    """
    told = io.StringIO(
        "".join(
            f"{position},{row.text}\n"
            for order in orders.values()
            for position, row in enumerate(order.rows)
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.copy_expert("COPY customers_told FROM STDIN (FORMAT csv)", told)
        cursor.execute(_INSERT, {"now": now, **_arrays(customers)})
        return [reference for (reference,) in cursor.fetchall()]


def count_told(*, customers: Mapping[str, int], others: Collection[str], now: datetime) -> None:
    """Add what `insert_told` has just written to the figures of its customers, and forget its rows.

    `others` were given to it, but not inserted. Called once all orders are locked, since
    figures come after them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"others": text_array(others), "now": now, **_arrays(customers)})
        cursor.execute("DROP TABLE customers_told")


def _arrays(customers: Mapping[str, int]) -> dict[str, str]:
    return {
        "customers": text_array(customers),
        "keys": text_array(map(str, customers.values())),
    }
