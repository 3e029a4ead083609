"""Acts: forget what is old."""

from datetime import datetime

from django.db import connection

BATCH = 5_000

_BLANK = """
    UPDATE customers_consentrecord SET source = '', text_version = '', ip_address = '', address = ''
    WHERE id = ANY (ARRAY(
        SELECT id FROM customers_consentrecord AS asked
        WHERE state = 'requested' AND recorded_at < %s
            AND (source <> '' OR text_version <> '' OR ip_address <> '' OR address <> '')
            AND NOT EXISTS (
                SELECT FROM customers_consentrecord AS later
                WHERE later.customer_id = asked.customer_id AND later.channel = asked.channel
                    AND later.purpose = asked.purpose AND later.state = 'granted'
                    AND later.recorded_at >= asked.recorded_at)
        LIMIT %s FOR UPDATE SKIP LOCKED))
"""


def forget_events(*, before: datetime) -> int:
    """Forget events that were received before then; how many there were."""
    return _forget("customers_event", "received_at", before)


def forget_passages(*, before: datetime) -> int:
    """Forget who entered or left a segment before then; how many rows there were."""
    return _forget("customers_segmentpassage", "at", before)


def forget_unconfirmed(*, before: datetime) -> int:
    """Blank how a consent was asked for before then that nobody has confirmed; how many records.

    That it was asked for stays in the history. Batches, as below.
    """
    return _in_batches(_BLANK, before)


def _forget(table: str, column: str, before: datetime) -> int:
    """Batches, each a statement of its own; safe to repeat, and to run by many at once. The rows are
    chosen once (an array), since a join may look again and then take more than a batch.
    """
    return _in_batches(
        f"""
        DELETE FROM {table} WHERE id = ANY (ARRAY(
            SELECT id FROM {table} WHERE {column} < %s
            LIMIT %s FOR UPDATE SKIP LOCKED))
        """,
        before,
    )


def _in_batches(statement: str, before: datetime) -> int:
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [before, BATCH])
            count = cursor.rowcount
        forgotten += count
        if count < BATCH:
            return forgotten
