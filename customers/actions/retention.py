"""Acts: forget what is old."""

from datetime import datetime

from django.db import connection

BATCH = 5_000


def forget_events(*, before: datetime) -> int:
    """Forget events that were received before then; how many there were."""
    return _forget("customers_event", "received_at", before)


def forget_passages(*, before: datetime) -> int:
    """Forget who entered or left a segment before then; how many rows there were."""
    return _forget("customers_segmentpassage", "at", before)


def _forget(table: str, column: str, before: datetime) -> int:
    """Batches, each a statement of its own; safe to repeat, and to run by many at once. The rows are
    chosen once (an array), since a join may look again and then take more than a batch.
    """
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                DELETE FROM {table} WHERE id = ANY (ARRAY(
                    SELECT id FROM {table} WHERE {column} < %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [before, BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < BATCH:
            return forgotten
