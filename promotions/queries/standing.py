"""Reads: how a promotion stands at this moment, in one statement."""

from dataclasses import dataclass

from django.db import connection


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
    """The promotion with this id of the shop's."""
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
