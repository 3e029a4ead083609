"""Acts: take a file of customers."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from common.errors import FieldError
from common.row_files import Readable
from customers.actions.file_imports import FileKind, Step, Taken, order_file, run_file
from customers.actions.people import import_customers
from customers.domain.customer_files import COLUMNS, REPEATED, read_line, row_error
from customers.domain.people import Profile
from customers.models import CustomerImport
from journal.actions import note_taken

JOB_KIND = "customer_import"


def order_import(*, file: Readable, is_dry_run: bool, actor: str, now: datetime) -> CustomerImport:
    """As `order_file`."""
    asked: CustomerImport = order_file(
        _KIND, file=file, is_dry_run=is_dry_run, actor=actor, now=now
    )
    return asked


def run_import(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """As `run_file`."""
    return run_file(_KIND, job_id=job_id, clock=clock)


def _read(
    text: str, first_line: int, delimiter: str
) -> list[tuple[int, tuple[str, Profile] | FieldError]]:
    return [
        (line, read_line(told, delimiter=delimiter))
        for line, told in enumerate(text.split("\n"), start=first_line)
        if told.strip()
    ]


def _take(step: Step) -> Taken:
    """Put each customer as a batch would: what a row leaves empty is not known of them."""
    profiles: dict[str, tuple[int, Profile]] = {}
    errors: dict[int, FieldError] = {}
    for line, read in (row for rows in step.read for row in rows):
        if isinstance(read, FieldError):
            errors[line] = read
        elif wrong := row_error(read[1], now=step.now):
            errors[line] = wrong
        elif read[0] in profiles:
            errors[line] = REPEATED
        else:
            profiles[read[0]] = line, read[1]
    for customer_id in note_taken(step.job, list(profiles)):
        errors[profiles.pop(customer_id)[0]] = REPEATED
    if profiles and not step.asked.is_dry_run:
        import_customers(
            profiles={customer_id: profile for customer_id, (_line, profile) in profiles.items()},
            actor=step.asked.created_by,
            now=step.now,
        )
    return Taken(len(profiles), errors)


_KIND = FileKind(name=JOB_KIND, imports=CustomerImport, columns=COLUMNS, read=_read, take=_take)
