"""Bringing the roll-ups to what a recount finds."""

from datetime import datetime

from django.db import connection, transaction

from checkout.actions.roll_up import hold_counting
from checkout.queries.contributions import FIGURES
from checkout.queries.recount import Difference, call_differences, redemption_differences
from promotions.actions.issued import mend_issued


def mend_reports(*, now: datetime) -> None:
    """Add to each figure what it lacks; `now` is the real clock, which decisions are kept by.

    Opens its own transaction, during which nobody counts. What is not counted yet stays so.
    """
    with transaction.atomic():
        hold_counting()
        _add(
            "checkout_promotionday",
            ("promotion_id", "day", "currency"),
            FIGURES,
            redemption_differences(),
        )
        _add(
            "checkout_callday",
            ("promotion_id", "day", "week", "kind", "outcome"),
            ("calls",),
            call_differences(now=now),
        )
        mend_issued()


def _add(
    table: str, keys: tuple[str, ...], figures: tuple[str, ...], rows: list[Difference]
) -> None:
    """Names are constants of this module, never input."""
    columns = ", ".join((*keys, *figures))
    marks = ", ".join(["%s"] * (len(keys) + len(figures)))
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in figures)
    with connection.cursor() as cursor:
        for row in rows:
            sides = row[len(keys) :]
            lacking = [right - found for found, right in zip(sides[::2], sides[1::2], strict=True)]
            cursor.execute(
                f"INSERT INTO {table} AS kept ({columns}) VALUES ({marks})"
                f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
                [*row[: len(keys)], *lacking],
            )
