"""What came back, as parts of its owner's statement."""


def returns() -> str:
    """SQL of every return. Columns: `key`, `order_id` (the order's key), `units`, `refunded` (minor
    units, shipping included), `is_first` (the order's first return of any units).
    """
    return """
        SELECT back.id AS key, back.order_id, back.refund_amount AS refunded,
            (SELECT coalesce(sum(quantity), 0) FROM customers_orderreturnline
                WHERE order_return_id = back.id) AS units,
            EXISTS (SELECT FROM customers_orderreturnline WHERE order_return_id = back.id)
            AND NOT EXISTS (SELECT FROM customers_orderreturn AS earlier
                JOIN customers_orderreturnline AS line ON line.order_return_id = earlier.id
                WHERE earlier.order_id = back.order_id AND earlier.id < back.id) AS is_first
        FROM customers_orderreturn AS back
    """


def returned_of_orders() -> str:
    """SQL of what came back of each order by now, counted from the order's own lines. Columns:
    `order_id` (the order's key), `units`, `refunded`. Orders without a return are not among them.
    """
    return """
        SELECT back.order_id, sum(back.refund_amount) AS refunded,
            (SELECT sum(returned_quantity) FROM customers_orderline AS line
                WHERE line.order_id = back.order_id) AS units
        FROM customers_orderreturn AS back GROUP BY back.order_id
    """
