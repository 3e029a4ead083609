"""What a checkout call must know of the customer, as parts of its one statement.

The statement binds `customer` (the shop's id; null is a guest), `order` (the shop's id of the order
that is being placed, or null) and `now`.
"""

from collections.abc import Sequence

from django.db import connection

from common.statements import Statement

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

_SEGMENTS = Statement(
    "customers_segments_of",
    """
    SELECT segment.reference
    FROM customers_segmentmember AS member
    JOIN customers_segment AS segment ON segment.id = member.segment_id
    WHERE member.customer_id = %(customer)s::bigint AND segment.reference = ANY(%(among)s::text[])
    """,
)


def segments_of(*, customer_key: int, among: Sequence[str]) -> frozenset[str]:
    """Those of the segments `among` (the shop's ids) that the customer is in."""
    with connection.cursor() as cursor:
        _SEGMENTS.run(cursor, {"customer": customer_key, "among": list(among)})
        return frozenset(reference for (reference,) in cursor.fetchall())
