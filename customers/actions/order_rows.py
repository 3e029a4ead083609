"""Writing the rows of orders: an order at once with its lines, or the lines of many orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from common.statements import Statement

#: The columns of a line that a write sets, with their types in PostgreSQL.
_LINE = {
    "position": "int",
    "line_id": "text",
    "sku": "text",
    "name": "text",
    "categories": "text[]",
    "brand": "text",
    "tags": "text[]",
    "quantity": "int",
    "unit_price": "bigint",
    "list_price": "bigint",
    "discountable": "boolean",
    "discount_amount": "bigint",
    "cashback_amount": "bigint",
    "is_redeemed": "boolean",
}
_ORDER = {
    "reference": "text",
    "customer_id": "bigint",
    "currency": "text",
    "status": "text",
    "placed_at": "timestamptz",
    "paid_at": "timestamptz",
    "shipped_at": "timestamptz",
    "delivered_at": "timestamptz",
    "cancelled_at": "timestamptz",
    "channel": "text",
    "partner_reference": "text",
    "shipping_amount": "bigint",
    "shipping_discount": "bigint",
    "shipping_cashback": "bigint",
    "tracking_url": "text",
    "is_redeemed": "boolean",
    "is_history": "boolean",
}
_ORDER_COLUMNS = ", ".join(_ORDER)
_ORDER_ROWS = ", ".join(f"{name} {kind}" for name, kind in _ORDER.items())
_LINE_COLUMNS = ", ".join(_LINE)
_LINE_ROWS = ", ".join(f"{name} {kind}" for name, kind in _LINE.items())
_LINE_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _LINE if name != "line_id")
_ORDER_CHANGES = ", ".join(
    f"{name} = change.{name}" for name in _ORDER if name not in {"reference", "customer_id"}
)

_INSERT_ORDERS = Statement(
    "insert_orders",
    f"""
    WITH made AS (
        INSERT INTO customers_order ({_ORDER_COLUMNS}, shipping_refunded, created_at, revision)
        SELECT {_ORDER_COLUMNS}, false, %(now)s::timestamptz, 1
        FROM json_to_recordset(%(orders)s::json) AS asked ({_ORDER_ROWS})
        ORDER BY reference
        ON CONFLICT (reference) DO NOTHING
        RETURNING id, reference
    ), filled AS (
        INSERT INTO customers_orderline (order_id, {_LINE_COLUMNS}, returned_quantity)
        SELECT made.id, {_LINE_COLUMNS}, 0
        FROM json_to_recordset(%(lines)s::json) AS line (reference text, {_LINE_ROWS})
        JOIN made USING (reference) ORDER BY made.id, position
    )
    SELECT reference, id FROM made
    """,
)


def insert_orders(
    orders: Sequence[Mapping[str, Any]],
    *,
    lines: Mapping[str, Sequence[Mapping[str, Any]]],
    now: datetime,
) -> dict[str, int]:
    """Insert orders with their `lines` (by reference) in one statement; the keys of those inserted.

    An order whose reference was taken meanwhile is not inserted and not among the keys.
    """
    with connection.cursor() as cursor:
        _INSERT_ORDERS.run(
            cursor,
            {
                "now": now,
                "orders": _json(orders),
                "lines": _json(
                    [
                        {"reference": reference, **line}
                        for reference, rows in lines.items()
                        for line in rows
                    ]
                ),
            },
        )
        return dict(cursor.fetchall())


def update_orders(orders: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the columns of known orders, by key; the rows are locked by the caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE customers_order AS kept SET {_ORDER_CHANGES}, revision = revision + 1
            FROM json_to_recordset(%s::json) AS change (key bigint, {_ORDER_ROWS})
            WHERE kept.id = change.key
            """,
            [_json([{"key": key, **row} for key, row in orders.items()])],
        )


def replace_lines(lines: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Make these the lines of known orders, by key; a line that stays keeps its row."""
    rows = [{"order_id": key, **line} for key, given in lines.items() for line in given]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM customers_orderline AS kept
            WHERE order_id = ANY(%(orders)s) AND NOT EXISTS (
                SELECT FROM json_to_recordset(%(lines)s::json) AS line (order_id bigint, line_id text)
                WHERE line.order_id = kept.order_id AND line.line_id = kept.line_id)
            """,
            {"orders": list(lines), "lines": _json(rows)},
        )
        cursor.execute(
            f"""
            INSERT INTO customers_orderline (order_id, {_LINE_COLUMNS}, returned_quantity)
            SELECT order_id, {_LINE_COLUMNS}, 0
            FROM json_to_recordset(%s::json) AS line (order_id bigint, {_LINE_ROWS})
            ON CONFLICT (order_id, line_id) DO UPDATE SET {_LINE_CHANGES}
            """,
            [_json(rows)],
        )


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()
