"""What a checkout call must know of the customer, as parts of its one statement.

The statement binds `customer` (the shop's id; null is a guest), `order` (the shop's id of the order
that is being placed, or null), `now` and `segments` (the shop's ids of those that matter).
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

#: A scalar: those of `segments` that the customer is in; null for none.
SEGMENTS = """(
        SELECT array_agg(segment.reference)
        FROM customers_segmentmember AS member
        JOIN customers_segment AS segment ON segment.id = member.segment_id
        WHERE member.customer_id = (SELECT id FROM who)
          AND segment.reference = ANY(%(segments)s::text[])
    )"""
