"""Counting for the reports: what happened since the last time, in one statement a piece."""

from django.conf import settings
from django.db import connection, transaction

from checkout.actions.waiting import write_down
from checkout.queries.contributions import FIGURES, UNCOUNTED_CALLS, UNCOUNTED_REDEMPTIONS

#: Rows of `Uncounted` that one piece counts: well below a second of work.
PIECE = 2_000
#: Whoever counts holds it, so that whoever reads a report waits for what is being counted.
_LOCK = 0x726F6C6C7570

_FIGURES = ", ".join(FIGURES)
_ADDED = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in FIGURES)

_COUNT = f"""
    WITH uncounted AS (
        DELETE FROM checkout_uncounted WHERE id = ANY (ARRAY(
            SELECT id FROM checkout_uncounted ORDER BY id LIMIT %(piece)s))
        RETURNING *
    ), calls AS (
        INSERT INTO checkout_callday AS kept (promotion_id, day, week, kind, outcome, calls)
        SELECT promotion_id, day, week, kind, outcome, calls FROM ({UNCOUNTED_CALLS}) AS counted
        ON CONFLICT (promotion_id, day, week, kind, outcome)
        DO UPDATE SET calls = kept.calls + excluded.calls
    ), redemptions AS (
        INSERT INTO checkout_promotionday AS kept (promotion_id, day, currency, {_FIGURES})
        SELECT promotion_id, day, currency, {_FIGURES} FROM ({UNCOUNTED_REDEMPTIONS}) AS counted
        ON CONFLICT (promotion_id, day, currency) DO UPDATE SET {_ADDED}
    )
    SELECT count(*) FROM uncounted
"""


def roll_up() -> int:
    """Count everything that was told by now and is not counted yet; how many rows that were.

    Opens its own transactions, one a piece; may be stopped anywhere and run by many at once.
    """
    write_down()
    counted = 0
    while True:
        rows = count_piece(PIECE)
        counted += rows
        if rows < PIECE:
            return counted


def count_piece(rows: int) -> int:
    """Count at most so many rows, the oldest first; how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        hold_counting()
        cursor.execute(_COUNT, {"piece": rows, "zone": settings.SHOP_TIME_ZONE})
        counted: int = cursor.fetchone()[0]
    return counted


def hold_counting() -> None:
    """Wait for whoever counts, and have all others wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
