"""What was bought and kept, as parts of its reader's statement."""


def kept_lines() -> str:
    """SQL of the lines of which a unit at least was kept, of orders that were not cancelled.

    Columns: `order_id` and `customer_id` (keys; a guest's is null), `placed_at`, `sku`, `categories`.
    """
    return """
        SELECT bought.id AS order_id, bought.customer_id, bought.placed_at, line.sku, line.categories
        FROM customers_order AS bought JOIN customers_orderline AS line ON line.order_id = bought.id
        WHERE bought.status <> 'cancelled' AND line.quantity > line.returned_quantity
    """


#: A scalar: the key of the order with the shop's id `order`, if it is that of `who`
#: (`customers.queries.facts`).
ORDER_OF_WHO = """(
        SELECT id FROM customers_order
        WHERE reference = %(order)s::text AND customer_id = (SELECT id FROM who)
    )"""


def stamp_of_few_orders() -> str:
    """SQL of one text that changes whenever orders placed by `now` do; null where there are more than
    `few` of them. Reads no more than that.
    """
    return """
        SELECT CASE WHEN count(*) <= %(few)s::int
            THEN count(*) || '/' || coalesce(sum(revision), 0) || '/' || coalesce(max(id), 0) END
        FROM (SELECT id, revision FROM customers_order WHERE placed_at <= %(now)s::timestamptz
            LIMIT %(few)s::int + 1) AS few
    """
