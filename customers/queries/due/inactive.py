"""Who has not ordered for some time."""

from customers.queries.due.rows import SHOP_ZONE, DueRows, is_near_days, is_on_days, shop_zone

_BACK = "(-%(days)s::integer)"
_DAY = f"(placed.placed_at AT TIME ZONE {SHOP_ZONE})::date"


def inactive(*, days: int) -> DueRows:
    """Each customer so many days after the last order, by the shop's days; about that order.

    Cancelled orders do not count. Who has never ordered is not among them, and of a pause only the day on
    which it has come to `days` is: whoever was inactive long before is left in peace.
    """
    sql = f"""
        SELECT placed.customer_id, 'inactive:' || placed.id AS occurrence,
            {_DAY} + %(days)s::integer AS local_date, NULL::timestamptz AS at, placed.id AS subject
        FROM customers_order AS placed
        JOIN customers_customer AS customer ON customer.id = placed.customer_id
        WHERE {is_near_days("placed.placed_at", offset=_BACK)}
            AND {is_on_days(_DAY, offset=_BACK)}
            AND placed.status <> 'cancelled' AND customer.erased_at IS NULL
            AND NOT EXISTS (
                SELECT FROM customers_order AS later
                WHERE later.customer_id = placed.customer_id AND later.status <> 'cancelled'
                    AND later.placed_at >= placed.placed_at
                    AND later.placed_at <= %(until)s::timestamptz
                    AND (later.placed_at > placed.placed_at OR later.id > placed.id))
    """
    return DueRows(sql, {"days": days, **shop_zone()})
