"""Reads: what share of the revenue came with discounts and cashback."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.domain.dependence import Bought, CurrencyDependence, Dependence
from customers.queries.takings import IS_PAID, kept_lines

_PARTS = ("true", "sold.discounted", "sold.credited", "sold.discounted OR sold.credited")
_FIGURES = ", ".join(
    f"count(*) FILTER (WHERE {part}), coalesce(sum(sold.revenue) FILTER (WHERE {part}), 0)::bigint"
    for part in _PARTS
)
# Whoever is a member of several segments counts in each.
_DEPENDENCE = f"""
    WITH picked AS MATERIALIZED (
        SELECT placed.id, placed.customer_id, placed.currency, placed.shipping_discount > 0 AS shipped_for_less,
            placed.shipping_cashback > 0 AS shipped_on_credit,
            to_char(placed.placed_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month
        FROM customers_order AS placed
        WHERE placed.placed_at >= %(since)s AND placed.placed_at < %(until)s
            AND placed.placed_at <= %(now)s AND {IS_PAID}
    ), sold AS MATERIALIZED (
        SELECT picked.customer_id, picked.currency, picked.month, kept.revenue,
            kept.discounted OR picked.shipped_for_less AS discounted,
            kept.credited OR picked.shipped_on_credit AS credited
        FROM picked JOIN (
            SELECT order_id, sum(paid) AS revenue, bool_or(is_discounted) AS discounted,
                bool_or(is_on_credit) AS credited
            FROM ({{lines}}) AS line GROUP BY order_id
        ) AS kept ON kept.order_id = picked.id
    )
    SELECT sold.currency, sold.month, NULL AS segment, {_FIGURES} FROM sold
    GROUP BY GROUPING SETS ((sold.currency), (sold.currency, sold.month))
    UNION ALL
    SELECT sold.currency, NULL, segment.reference, {_FIGURES}
    FROM sold
    JOIN customers_segmentmember AS member ON member.customer_id = sold.customer_id
    JOIN customers_segment AS segment ON segment.id = member.segment_id
    GROUP BY sold.currency, segment.reference
    ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
"""


def dependence(*, since: datetime, until: datetime, now: datetime) -> list[CurrencyDependence]:
    """Paid orders placed from `since` to before `until`, by currency. 1 statement.

    Segments are those of now, with their members as of when they were evaluated last; guests are in none.
    """
    binds: dict[str, Any] = {
        "since": since,
        "until": until,
        "now": now,
        "zone": settings.SHOP_TIME_ZONE,
    }
    found: dict[str, dict[str, list[tuple[str, Dependence]]]] = defaultdict(
        lambda: {"total": [], "months": [], "segments": []}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _DEPENDENCE.format(lines=kept_lines("sold.id IN (SELECT id FROM picked)")), binds
        )
        for currency, month, segment, *figures in cursor.fetchall():
            part = "months" if month else "segments" if segment else "total"
            found[currency][part].append((month or segment or "", _figures(figures)))
    return [
        CurrencyDependence(
            currency=currency,
            total=parts["total"][0][1],
            months=parts["months"],
            segments=parts["segments"],
        )
        for currency, parts in found.items()
    ]


def _figures(row: Sequence[int]) -> Dependence:
    whole, discounted, credited, either = (
        Bought(row[at], row[at + 1]) for at in range(0, len(row), 2)
    )
    return Dependence(
        all=whole, with_discount=discounted, with_cashback=credited, with_either=either
    )
