"""Acts: forget a customer's checkouts; forget reservations that are long over."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from cashback.actions import holds
from checkout.actions.waiting import write_down
from promotions.actions.counters import Changes
from promotions.actions.forget import forget as forget_codes
from promotions.actions.forget import forget_released
from promotions.actions.uses import release

BATCH = 500


def hold_reservations(customer_key: int) -> None:
    """Wait for whoever is busy with the customer's reservations, and have all others wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT FROM checkout_reservation
            WHERE customer_id = %s AND (status = 'active' OR cart ?| ARRAY['customer_id', 'codes'])
            ORDER BY id FOR UPDATE
            """,
            [customer_key],
        )


def forget(*, customer_key: int, now: datetime) -> Callable[[], None]:
    """Give back what the customer's reservations hold, and blank their carts and decisions.

    The reservations are held already; one that was made since, and that somebody is busy with, is
    left for the next time. Redemptions keep their sums, and decisions what the reports count. Here, and not by themselves,
    the customer's codes are disabled: counts and codes are locked in one order with what is
    released. Part of the caller's transaction; the closing statement.
    """
    # What waits in Redis would be written down after all is forgotten.
    write_down()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE checkout_reservation SET status = 'released', ended_at = %s
            WHERE id IN (SELECT id FROM checkout_reservation
                WHERE customer_id = %s AND status = 'active' ORDER BY id FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            [now, customer_key],
        )
        released = sorted(row[0] for row in cursor.fetchall())
        cursor.execute(
            """
            UPDATE checkout_reservation SET cart = cart - 'customer_id' - 'codes'
            WHERE id IN (SELECT id FROM checkout_reservation
                WHERE customer_id = %s AND cart ?| ARRAY['customer_id', 'codes']
                ORDER BY id FOR UPDATE SKIP LOCKED)
            """,
            [customer_key],
        )
        cursor.execute(
            """
            UPDATE checkout_decision SET customer_key = NULL, findings = NULL,
                content = jsonb_build_object('at', content->'at')
                    || CASE WHEN content ? 'outcomes'
                        THEN jsonb_build_object('outcomes', content->'outcomes') ELSE '{}' END
            WHERE customer_key = %s
            """,
            [customer_key],
        )
    changes = Changes()
    release(changes, reservation_ids=released, now=now)
    if released:
        holds.release(references=released, now=now)
    forget_codes(customer_key=customer_key, now=now)
    return changes.apply()


def forget_reservations(*, before: datetime) -> int:
    """Forget reservations that ended before then and became no order; how many there were.

    Batches in transactions of their own; safe to repeat, and to run by many at once.
    """
    forgotten = 0
    while True:
        count = _forget_batch(before)
        forgotten += count
        if count < BATCH:
            return forgotten


def _forget_batch(before: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM checkout_reservation WHERE id = ANY (ARRAY(
                SELECT id FROM checkout_reservation
                WHERE status IN ('released', 'expired') AND ended_at < %s
                ORDER BY ended_at LIMIT %s FOR UPDATE SKIP LOCKED))
            RETURNING id
            """,
            [before, BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            forget_released(reservation_ids=ids)
    return len(ids)
