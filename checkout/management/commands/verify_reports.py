"""Recount what the reports say; exit 1 and the rows on any difference."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from checkout.actions.mend import mend_reports
from checkout.queries.contributions import FIGURES
from checkout.queries.recount import call_differences, provable_since, redemption_differences
from common.words import rows_differ
from promotions.queries.verify import issued_differences


class Command(BaseCommand):
    help = "Compare the reports' roll-ups with codes, redemptions, returns and decisions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Mending is asked for: first somebody should know what was wrong."""
        parser.add_argument("--mend", action="store_true", help="and set them right")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            wrong = [*_differences(now)]
        for row in wrong:
            self.stdout.write(row)
        if wrong and options["mend"]:
            mend_reports(now=now)
            self.stdout.write(self.style.WARNING(f"{rows_differ(len(wrong))}; now mended."))
        elif wrong:
            self.stdout.write(self.style.ERROR(f"{rows_differ(len(wrong))}."))
            raise SystemExit(1)
        else:
            since = provable_since(now)
            self.stdout.write(
                self.style.SUCCESS(f"Every report agrees with a recount (calls since {since}).")
            )


def _differences(now: datetime) -> Iterator[str]:
    for promotion_id, noted, right in issued_differences():
        yield f"promotion {promotion_id}: says issued {noted}; counted {right}"
    for promotion_id, day, currency, *sides in redemption_differences():
        says, counted = _told(sides[::2], sides[1::2])
        yield f"promotion {promotion_id} on {day} in {currency}: says {says}; counted {counted}"
    for promotion_id, day, week, kind, outcome, calls, right in call_differences(now=now):
        row = f"promotion {promotion_id} on {day} (week of {week})"
        yield f"{row}: says {outcome} by {kind} {calls}; counted {right}"


def _told(found: Sequence[int], counted: Sequence[int]) -> tuple[str, str]:
    """Both sides of the figures that differ."""
    wrong = [row for row in zip(FIGURES, found, counted, strict=True) if row[1] != row[2]]
    return (
        ", ".join(f"{name} {says}" for name, says, _ in wrong),
        ", ".join(f"{name} {right}" for name, _, right in wrong),
    )
