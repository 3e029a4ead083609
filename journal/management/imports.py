"""The commands that take in a file, each for its own rows."""

import sys
import time
from abc import abstractmethod
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from common.errors import DomainError
from common.models import FileImport
from journal.actions import run_next_job
from journal.queries import all_row_errors, job_by_id

_A_WHILE = 0.5


class ImportCommand(BaseCommand):
    """A job does the work: one that breaks off is finished by a worker, or by the next job that runs."""

    @abstractmethod
    def order(self, file: BinaryIO, *, is_dry_run: bool) -> FileImport:
        """Order the import, in a transaction that is open."""

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="CSV in UTF-8; - reads standard input")
        parser.add_argument("--dry-run", action="store_true", help="only check")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        """One line for each row that was left out, then the figures; exit code 1 if any was."""
        began = time.monotonic()
        try:
            with _opened(file) as read, transaction.atomic():
                asked = self.order(read, is_dry_run=dry_run)
        except OSError as wrong:
            raise CommandError(f"{file} cannot be read: {wrong.strerror}") from None
        except DomainError as refused:
            told = [f"line {error.pointer[1:]}: {error.detail}" for error in refused.errors]
            raise CommandError("; ".join(told) or refused.detail) from None
        while (job := job_by_id(asked.job_id)) and job.status in {"queued", "running"}:
            if not run_next_job(now=timezone.now):
                time.sleep(_A_WHILE)  # a worker was faster
        for line, column, _code, detail in all_row_errors(asked.job_id):
            self.stderr.write(f"line {line}{f', {column}' if column else ''}: {detail}")
        asked.refresh_from_db()
        verb = "would be imported" if dry_run else "imported"
        self.stdout.write(
            f"{asked.rows} {'row' if asked.rows == 1 else 'rows'}: {asked.good} {verb}, {asked.rejected} left out,"
            f" {time.monotonic() - began:.2f} s"
        )
        if job is None or job.status != "succeeded" or asked.rejected:
            sys.exit(1)


def _opened(file: str) -> BinaryIO:
    return sys.stdin.buffer if file == "-" else Path(file).open("rb")
