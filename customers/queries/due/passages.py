"""Who has come into a segment."""

from customers.queries.due.rows import DueRows, is_within


def passages(*, segment_id: str) -> DueRows:
    """Each time that a customer came into the dynamic segment with this id of the shop's, as its filling
    saw it. Whoever was in when it was filled for the first time has not come in.
    """
    sql = f"""
        SELECT passage.customer_id, 'segment:' || passage.id AS occurrence, NULL::date AS local_date,
            passage.at AS at, NULL::bigint AS subject
        FROM customers_segmentpassage AS passage
        JOIN customers_segment AS segment ON segment.id = passage.segment_id
        JOIN customers_customer AS customer ON customer.id = passage.customer_id
        WHERE segment.reference = %(segment_id)s::text AND passage.entered
            AND {is_within("passage.at")} AND customer.erased_at IS NULL
    """
    return DueRows(sql, {"segment_id": segment_id})
