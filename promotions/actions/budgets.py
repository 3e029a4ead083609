"""Acts: tell when so much of a budget is spent."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from journal.actions import record_event
from promotions.models import Promotion

#: Percent of `discount_budget` at which the shop is told.
THRESHOLDS = [50, 80, 100]

#: The unique constraint decides who tells: a second teller waits for the first, and is silent.
_PASS = """
    INSERT INTO promotions_budgetthreshold
        (promotion_id, budget, percent, spent, reached_at, is_told)
    SELECT promotion.id, promotion.discount_budget, threshold, counter.spent, %(now)s, true
    FROM promotions_promotion AS promotion
    JOIN promotions_promotioncounter AS counter ON counter.promotion_id = promotion.id
    CROSS JOIN unnest(%(thresholds)s::int[]) AS threshold
    WHERE counter.spent > 0 AND counter.spent * 100 >= promotion.discount_budget * threshold
        AND NOT EXISTS (SELECT FROM promotions_budgetthreshold AS passed
            WHERE passed.promotion_id = promotion.id
                AND passed.budget = promotion.discount_budget AND passed.percent = threshold)
    ORDER BY promotion.id, threshold
    ON CONFLICT (promotion_id, budget, percent) DO NOTHING
    RETURNING promotion_id, budget, percent, spent
"""

_PASS_OVER = """
    INSERT INTO promotions_budgetthreshold
        (promotion_id, budget, percent, spent, reached_at, is_told)
    SELECT counter.promotion_id, %(budget)s, passed.percent, counter.spent, %(now)s, false
    FROM promotions_budgetthreshold AS passed
    JOIN promotions_promotioncounter AS counter USING (promotion_id)
    WHERE passed.promotion_id = %(promotion)s AND passed.budget = %(former)s
        AND counter.spent * 100 >= %(budget)s * passed.percent
    ON CONFLICT (promotion_id, budget, percent) DO NOTHING
"""


def announce_budgets(*, now: datetime) -> int:
    """Write `promotion.budget_threshold` for each threshold that the spent discount has reached; how
    many there were.

    Opens its own transaction; many may run it at once. Each threshold is told once per budget: what
    cancels give back takes no event back, and spending it again tells nothing new. What is only held
    counts once it is redeemed.
    """
    with transaction.atomic():
        passed = _run(_PASS, {"thresholds": THRESHOLDS, "now": now})
        promotions = Promotion.objects.only("reference", "currency").in_bulk(
            [promotion_key for promotion_key, *_ in passed]
        )
        for promotion_key, budget, percent, spent in passed:
            promotion = promotions[promotion_key]
            payload = {
                "promotion_id": promotion.reference,
                "percent": percent,
                "budget": budget,
                "spent": spent,
                "currency": promotion.currency,
            }
            record_event(type="promotion.budget_threshold", payload=payload, now=now)
    return len(passed)


def pass_over(promotion: Promotion, *, former: int | None, now: datetime) -> None:
    """Of a budget that has just become another, keep silent about what the former one told already.

    So a raise has told again only what is ahead of it now. Part of the edit, under its lock.
    """
    if former is not None and promotion.discount_budget is not None:
        values: dict[str, Any] = {
            "promotion": promotion.pk,
            "budget": promotion.discount_budget,
            "former": former,
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(_PASS_OVER, values)


def _run(statement: str, values: dict[str, Any]) -> list[tuple[int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
