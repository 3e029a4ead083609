"""What orders came to, as parts of their reader's statement. They bind `now`."""

from customers.queries.fields.orders import units_back

#: Of the row `placed`: whether it is paid for. What was told as shipped is.
IS_PAID = "placed.status IN ('paid', 'shipped', 'delivered')"


def kept_lines(which: str) -> str:
    """SQL of the lines of orders, as far as they were kept by now. `which` orders: a condition on `sold`.

    Columns: `order_id`, `currency`, `sku`; `units` that were not returned; `gross`, their price before
    discount, and `paid`, what they cost after it, before cashback paid for part of it (minor units);
    `is_discounted`, and `is_on_credit` where cashback paid for part of it.
    Leftover minor units of a discount lie on the first units, which go back first.
    """
    return f"""
        SELECT sold.id AS order_id, sold.currency, line.sku, kept.units,
            kept.units * line.unit_price AS gross, line.discount_amount > 0 AS is_discounted,
            line.cashback_amount > 0 AS is_on_credit,
            kept.units * (line.unit_price - line.discount_amount / line.quantity)
                - greatest(mod(line.discount_amount, line.quantity)
                    - (line.quantity - kept.units), 0) AS paid
        FROM customers_order AS sold
        JOIN customers_orderline AS line ON line.order_id = sold.id
        CROSS JOIN LATERAL (SELECT line.quantity - {units_back()} AS units) AS kept
        WHERE {which} AND kept.units > 0
    """
