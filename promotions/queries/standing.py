"""Reads: how a promotion stands at this moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from promotions.domain.refusal import Reason
from promotions.models import BudgetThreshold, Promotion, PromotionCounter


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a promotion without looking at its codes and uses; minor units."""

    currency: str | None
    #: None: no limit.
    discount_budget: int | None
    spent: int
    held: int
    #: Codes that were ever made.
    issued: int


def standing_of(promotion_id: str) -> Standing | None:
    """The promotion with this id of the shop's, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT promotion.currency, promotion.discount_budget, coalesce(counter.spent, 0),
                coalesce(counter.held_amount, 0),
                (SELECT coalesce(sum(codes), 0)::bigint FROM promotions_issuedcodes
                    WHERE promotion_id = promotion.id)
            FROM promotions_promotion AS promotion
            LEFT JOIN promotions_promotioncounter AS counter ON counter.promotion_id = promotion.id
            WHERE promotion.reference = %s
            """,
            [promotion_id],
        )
        row = cursor.fetchone()
    return Standing(*row) if row else None


@dataclass(frozen=True, slots=True)
class Named:
    """A promotion by its names."""

    key: int
    promotion_id: str
    name: str
    ends_at: datetime | None


def named(promotion_id: str) -> Named | None:
    """The promotion with this id of the shop's."""
    rows = Promotion.objects.filter(reference=promotion_id)
    row = rows.values_list("pk", "reference", "name", "ends_at").first()
    return Named(*row) if row else None


def is_given_out(promotion: Promotion, *, now: datetime) -> bool:
    """Whether a code of it is of any use, now or later."""
    is_over = promotion.ends_at is not None and promotion.ends_at <= now
    return promotion.status == Promotion.Status.ACTIVE and not is_over


def used_up(promotion: Promotion) -> Reason | None:
    """Why a new code of it would be refused for good, unless something is given back; what is only held may
    come back. 1 statement where it has a limit or a budget, none otherwise.
    """
    if promotion.redemptions_limit is None and promotion.discount_budget is None:
        return None
    counter = PromotionCounter.objects.filter(promotion=promotion).first()
    used, spent = (counter.used, counter.spent) if counter else (0, 0)
    if promotion.redemptions_limit is not None and used >= promotion.redemptions_limit:
        return Reason.USAGE_LIMIT_REACHED
    if promotion.discount_budget is not None and spent >= promotion.discount_budget:
        return Reason.BUDGET_EXHAUSTED
    return None


def thresholds_of(promotion_key: int, *, budget: int) -> list[tuple[int, datetime]]:
    """Percents of this budget that were told, and when."""
    rows = BudgetThreshold.objects.filter(
        promotion_id=promotion_key, budget=budget, is_told=True
    ).order_by("percent")
    return list(rows.values_list("percent", "reached_at"))
