"""Recount every limit and budget; exit 1 and the rows on any difference."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from checkout.queries.verify import orphaned_holds
from common.words import rows_differ
from promotions.queries.verify import limit_breaches


class Command(BaseCommand):
    help = "Compare every counter, hold and budget with the uses behind it, in one snapshot."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            breaches = [*limit_breaches(), *orphaned_holds()]
        for row, found, counted in breaches:
            self.stdout.write(f"{row}: says {found}; counted {counted}")
        if breaches:
            self.stdout.write(self.style.ERROR(f"{rows_differ(len(breaches))}."))
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("Every limit, hold and budget agrees with its uses."))
