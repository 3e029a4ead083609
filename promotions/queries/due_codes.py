"""Whose personal code is about to end unused, as a part of its reader's statement."""

from customers.queries.due.rows import (
    CUSTOMER_ZONE,
    DueRows,
    is_near_days,
    is_on_days,
    last_day,
    shop_zone,
)

_BEFORE = "%(days_before)s::integer"
#: A code ends with its promotion, where that is earlier; `least` passes over a null.
_LAST_DAY = last_day("least(code.valid_until, promotion.ends_at)", zone=CUSTOMER_ZONE)


def expiring_codes(*, days_before: int) -> DueRows:
    """Each personal code that can still be used, so many days before its last day, where the customer is.

    A code that ends later after all is the same occurrence.
    """
    sql = f"""
        SELECT code.customer_id, 'code:' || code.id AS occurrence,
            {_LAST_DAY} - {_BEFORE} AS local_date, NULL::timestamptz AS at, code.id AS subject
        FROM promotions_code AS code
        JOIN promotions_promotion AS promotion ON promotion.id = code.promotion_id
        JOIN customers_customer AS customer ON customer.id = code.customer_id
        -- An array and no subquery, so that both ways lead over an index.
        WHERE ({is_near_days("code.valid_until", offset=_BEFORE)}
                OR code.promotion_id = ANY (ARRAY(
                    SELECT ending.id FROM promotions_promotion AS ending
                    WHERE {is_near_days("ending.ends_at", offset=_BEFORE)})))
            AND {is_on_days(_LAST_DAY, offset=_BEFORE)}
            AND code.status = 'active' AND promotion.status = 'active'
            AND code.used + code.held
                < coalesce(code.max_redemptions, promotion.per_code_limit, 1)
            AND customer.erased_at IS NULL
    """
    return DueRows(sql, {"days_before": days_before, **shop_zone()})
