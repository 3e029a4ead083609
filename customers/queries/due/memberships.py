"""Whose membership is about to end."""

from customers.queries.due.rows import (
    CUSTOMER_ZONE,
    DueRows,
    is_near_days,
    is_on_days,
    last_day,
    shop_zone,
)

_BEFORE = "%(days_before)s::integer"
_LAST_DAY = last_day("held.ends_at", zone=CUSTOMER_ZONE)


def memberships(*, days_before: int) -> DueRows:
    """Each membership so many days before its last day, where the customer is.

    Once it is prolonged its new end is another occurrence. What was never held does not end.
    """
    sql = f"""
        SELECT held.customer_id, 'membership:' || held.id || ':' || {_LAST_DAY} AS occurrence,
            {_LAST_DAY} - {_BEFORE} AS local_date, NULL::timestamptz AS at, held.id AS subject
        FROM customers_membership AS held
        JOIN customers_customer AS customer ON customer.id = held.customer_id
        WHERE {is_near_days("held.ends_at", offset=_BEFORE)}
            AND {is_on_days(_LAST_DAY, offset=_BEFORE)}
            AND held.ends_at > held.starts_at AND customer.erased_at IS NULL
    """
    return DueRows(sql, {"days_before": days_before, **shop_zone()})
