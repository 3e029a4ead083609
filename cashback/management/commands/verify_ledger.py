"""Recount the ledger and its seals; exit 1 and the rows on any breach."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from cashback.domain.seals import parsed_head
from cashback.queries import verify, verify_seal
from cashback.queries.seals import last_seal, unsealed


class Command(BaseCommand):
    help = "Prove everything that is always true of cashback, in one snapshot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What follows from the rest costs as much again."""
        parser.add_argument(
            "--every-row", action="store_true", help="add up each balance of each statement, too"
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=parsed_head,
            metavar="NUMBER:HASH",
            help="the chain must hold this head, which was published; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                # Whole tables are hashed and sorted, and nobody else does that.
                cursor.execute("SET LOCAL work_mem = '64MB'")
            found = list(verify.breaches(every_row=options["every_row"]))
            found += verify_seal.seal_breaches(heads=options["head"])
            last, waiting = last_seal(), unsealed()
        for breach in found:
            self.stdout.write(
                f"{breach.check}: {breach.row} says {breach.says}; counted {breach.counted}"
            )
        if waiting.postings:
            self.stdout.write(
                f"{waiting.postings} postings since {waiting.since:%Y-%m-%d %H:%M} are not sealed yet."
            )
        self.stdout.write(f"Sealed up to {last.head}." if last else "Nothing is sealed.")
        if found:
            self.stdout.write(self.style.ERROR(f"{len(found)} rows breach the ledger's rules."))
            raise SystemExit(1)
        rules = len(verify.CHECKS) + len(verify_seal.CHECKS)
        self.stdout.write(self.style.SUCCESS(f"All {rules} rules of the ledger hold."))
