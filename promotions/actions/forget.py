"""Acts: let nobody use what was a customer's own, and forget holds that were given back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection


def forget(*, customer_key: int, now: datetime) -> None:
    """Disable the customer's codes. What they used stays counted, under the customer's key.

    Part of the caller's transaction. Locks codes in the order of their keys, the customer's counts
    before them, as checkouts do.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT FROM promotions_customercount WHERE customer_id = %s
            ORDER BY customer_id, promotion_id FOR NO KEY UPDATE
            """,
            [customer_key],
        )
        cursor.execute(
            """
            UPDATE promotions_code SET status = 'disabled', revision = revision + 1
            WHERE id IN (SELECT id FROM promotions_code
                WHERE customer_id = %s AND status = 'active' ORDER BY id FOR NO KEY UPDATE)
            """,
            [customer_key],
        )


def forget_released(*, reservation_ids: Sequence[UUID]) -> None:
    """Forget what reservations held that are over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM promotions_promotionuse"
            " WHERE reservation_id = ANY(%s::uuid[]) AND status = 'released'",
            [list(reservation_ids)],
        )
