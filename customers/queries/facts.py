"""What a checkout call must know of the customer, as parts of its one statement.

The statement binds `customer` (the shop's id; null is a guest), `order` (the shop's id of the order
that is being placed, or null) and `now`. Its segments come from `segment_book.audience_sql`.
"""

#: A CTE of at most one row: `id` and `is_registered`; none for a guest and for a stranger.
WHO = """who AS (
        SELECT id, registered_at IS NOT NULL AS is_registered
        FROM customers_customer WHERE reference = %(customer)s::text
    )"""

#: A scalar: the customer's orders before `now`, cancelled ones and `order` itself apart.
EARLIER_ORDERS = """(
        SELECT count(*) FROM customers_order
        WHERE customer_id = (SELECT id FROM who) AND status <> 'cancelled'
          AND placed_at < %(now)s::timestamptz AND reference IS DISTINCT FROM %(order)s::text
    )"""
