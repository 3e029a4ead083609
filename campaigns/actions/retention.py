"""Acts: forget what is old."""

from datetime import datetime

from django.db import connection

BATCH = 5_000


def forget_responses(*, before: datetime) -> int:
    """Forget opens, clicks and departures of before then; how many there were.

    Batches, each a statement of its own; safe to repeat, and to run by many at once.
    """
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            # Chosen once (an array): a join may look again, and then take more than a batch.
            cursor.execute(
                """
                DELETE FROM campaigns_response WHERE id = ANY (ARRAY(
                    SELECT id FROM campaigns_response WHERE at < %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [before, BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < BATCH:
            return forgotten
