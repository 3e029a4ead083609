"""Recount the ledger; exit 1 and the rows on any breach."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from cashback.queries.verify import CHECKS, breaches


class Command(BaseCommand):
    help = "Prove everything that is always true of cashback, in one snapshot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What follows from the rest costs as much again."""
        parser.add_argument(
            "--every-row", action="store_true", help="add up each balance of each statement, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found = list(breaches(every_row=options["every_row"]))
        for breach in found:
            self.stdout.write(
                f"{breach.check}: {breach.row} says {breach.says}; counted {breach.counted}"
            )
        if found:
            self.stdout.write(self.style.ERROR(f"{len(found)} rows breach the ledger's rules."))
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS(f"All {len(CHECKS)} rules of the ledger hold."))
