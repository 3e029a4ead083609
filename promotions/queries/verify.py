"""Recounting: the counters against the uses that they count, and those that an import brought."""

from django.db import connection

_BREACHES = """
    SELECT 'promotion ' || p.reference,
        format('used %s, held %s, spent %s, held amount %s', c.used, c.held, c.spent, c.held_amount),
        format('used %s, held %s, spent %s, held amount %s',
            u.used, u.held, u.spent, u.held_amount)
    FROM promotions_promotion p
    LEFT JOIN promotions_promotioncounter c ON c.promotion_id = p.id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status = 'used') AS used,
            count(*) FILTER (WHERE status = 'held') AS held,
            coalesce(sum(amount) FILTER (WHERE status = 'used'), 0) AS spent,
            coalesce(sum(amount) FILTER (WHERE status = 'held'), 0) AS held_amount
        FROM promotions_promotionuse WHERE promotion_id = p.id) u
    WHERE (c.used, c.held, c.spent, c.held_amount)
        IS DISTINCT FROM (u.used, u.held, u.spent::bigint, u.held_amount::bigint)
    UNION ALL
    SELECT 'code ' || c.id || ' of promotion ' || p.reference,
        format('used %s, held %s', c.used, c.held),
        format('used %s, held %s', c.used_before + coalesce(u.used, 0), coalesce(u.held, 0))
    FROM promotions_code c
    JOIN promotions_promotion p ON p.id = c.promotion_id
    LEFT JOIN (
        SELECT code_id, count(*) FILTER (WHERE status = 'used') AS used,
            count(*) FILTER (WHERE status = 'held') AS held
        FROM promotions_promotionuse WHERE code_id IS NOT NULL GROUP BY code_id) u
        ON u.code_id = c.id
    WHERE c.used <> c.used_before + coalesce(u.used, 0) OR c.held <> coalesce(u.held, 0)
    UNION ALL
    SELECT 'customer ' || coalesce(c.customer_id, u.customer_id) || ' at promotion ' || p.reference,
        format('used %s, held %s', coalesce(c.used, 0), coalesce(c.held, 0)),
        format('used %s, held %s', coalesce(u.used, 0), coalesce(u.held, 0))
    FROM promotions_customercount c
    FULL JOIN (
        SELECT customer_id, promotion_id, count(*) FILTER (WHERE status = 'used') AS used,
            count(*) FILTER (WHERE status = 'held') AS held
        FROM promotions_promotionuse WHERE customer_id IS NOT NULL
        GROUP BY customer_id, promotion_id) u
        ON u.customer_id = c.customer_id AND u.promotion_id = c.promotion_id
    JOIN promotions_promotion p ON p.id = coalesce(c.promotion_id, u.promotion_id)
    WHERE coalesce(c.used, 0) <> coalesce(u.used, 0)
        OR coalesce(c.held, 0) <> coalesce(u.held, 0)
"""


def limit_breaches() -> list[tuple[str, str, str]]:
    """Rows whose counters differ from their uses: the row, what it says, what was counted."""
    with connection.cursor() as cursor:
        cursor.execute(_BREACHES)
        return cursor.fetchall()


def reservations_with_holds() -> str:
    """SQL that lists the reservations with uses that are held, for a join by their owner."""
    return "SELECT DISTINCT reservation_id FROM promotions_promotionuse WHERE status = 'held'"


def issued_differences() -> list[tuple[str, int, int]]:
    """Promotions that note another number of codes than there are: id, noted, counted.

    Reads every code.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT promotion.reference, coalesce(noted.codes, 0)::bigint, coalesce(made.codes, 0)
            FROM promotions_promotion AS promotion
            LEFT JOIN (SELECT promotion_id, sum(codes) AS codes FROM promotions_issuedcodes
                GROUP BY promotion_id) AS noted ON noted.promotion_id = promotion.id
            LEFT JOIN (SELECT promotion_id, count(*) AS codes FROM promotions_code
                GROUP BY promotion_id) AS made ON made.promotion_id = promotion.id
            WHERE coalesce(noted.codes, 0) <> coalesce(made.codes, 0)
            ORDER BY promotion.reference
            """
        )
        return cursor.fetchall()
