"""Print the end of the ledger's chain, to be kept where nobody who has the database can write."""

from typing import Any

from django.core.management.base import BaseCommand

from cashback.queries.seals import last_seal, unsealed


class Command(BaseCommand):
    help = "Print the head of the sealed ledger, as `verify_ledger --head` takes it."

    def handle(self, *args: Any, **options: Any) -> None:
        last = last_seal()
        if last is None:
            self.stderr.write("nothing is sealed yet")
            raise SystemExit(1)
        self.stdout.write(str(last.head))
        self.stderr.write(
            f"sealed {last.sealed_at:%Y-%m-%d %H:%M %Z}; {unsealed().postings} postings wait"
        )
