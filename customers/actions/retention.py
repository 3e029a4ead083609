"""Acts: forget what is old."""

from datetime import datetime

from django.db import connection

BATCH = 5_000


def forget_events(*, before: datetime) -> int:
    """Forget events that were received before then; how many there were.

    Batches, each a statement of its own; safe to repeat, and to run by many at once. The rows are
    chosen once (an array), since a join may look again and then take more than a batch.
    """
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM customers_event WHERE id = ANY (ARRAY(
                    SELECT id FROM customers_event WHERE received_at < %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [before, BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < BATCH:
            return forgotten
