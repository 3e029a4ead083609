"""Count all customers' figures again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.words import rows_differ
from customers.queries.metrics import metrics_breaches


class Command(BaseCommand):
    help = (
        "Compare customers' running figures with their orders; exit 1 and name each that differs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = metrics_breaches()
        for breach in breaches:
            self.stderr.write(
                f"customer {breach.customer_key} {breach.currency}: "
                f"kept {breach.kept}, counted {breach.counted}"
            )
        if breaches:
            raise CommandError(f"{rows_differ(len(breaches))} from their orders.")
        self.stdout.write("All customers' figures agree with their orders.")
