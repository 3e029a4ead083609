"""Acts: take a file of products, check it line by line, write what is right."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.db import transaction

from catalog.actions.products import import_products
from catalog.domain.imports import COLUMNS, REPEATED, read_line
from catalog.models import ProductImport, ProductImportRow
from catalog.queries.imports import next_products
from common.errors import FieldError
from common.ids import new_id
from common.row_files import Readable, name_of
from journal.actions import (
    FILES_KEPT_FOR,
    put_file_aside,
    queue_job,
    read_next_piece,
    record_audit,
    record_row_errors,
    report_progress,
)
from journal.queries import job_by_id, row_errors

if TYPE_CHECKING:
    from journal.models import Job

JOB_KIND = "product_import"
ROWS_A_STEP = 5_000
#: Of so many wrong lines the job tells; all are in the report.
ERRORS_TOLD = 100
_WAITING = "catalog_productimportrow (product_import_id, sku, line, content)"


def order_import(*, file: Readable, is_dry_run: bool, actor: str, now: datetime) -> ProductImport:
    """Put the file's lines where a job will find them, and queue it. Part of the caller's transaction.

    Raises:
        ValidationFailed: the file as a whole cannot be read; the pointer is the number of the line.
        FileTooLarge
    """
    import_id = new_id()
    order = {"import_id": import_id.hex, "file_name": name_of(file)}
    job = queue_job(kind=JOB_KIND, order=order, total=None, now=now)
    aside = put_file_aside(job, file=file, columns=COLUMNS)
    asked = ProductImport.objects.create(
        import_id=import_id,
        is_dry_run=is_dry_run,
        delimiter=aside.delimiter,
        rows=aside.rows,
        job_id=job.job_id,
        created_at=now,
        created_by=actor,
    )
    report_progress(job, done=0, total=asked.rows, now=now)
    record_audit(
        actor=actor,
        action="product_import.ordered",
        subject_kind="product_import",
        subject_id=str(asked),
        after={"rows": asked.rows, "dry_run": is_dry_run},
        now=now,
    )
    return asked


def run_import(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """Check and take in what is left of the file; what came of all of it.

    Each step is a transaction of its own that holds the import's row, and writes how far it came: a
    worker that dies leaves whole steps, and two that run at once take turns.
    """
    while True:
        with transaction.atomic():
            result = _step(job_id, now=clock())
        if result is not None:
            return result


def forget_lines(*, now: datetime) -> int:
    """Delete what jobs that failed have left of old files; how many rows."""
    rows, _ = ProductImportRow.objects.filter(
        product_import__created_at__lt=now - FILES_KEPT_FOR
    ).delete()
    return rows


def _step(job_id: UUID, *, now: datetime) -> dict[str, object] | None:
    """Read the next piece of the file or, when all is read, take in the next products."""
    asked = ProductImport.objects.select_for_update(no_key=True).get(job_id=job_id)
    # Read under the import's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    assert job is not None
    checkpoint = job.checkpoint or {"read": 0, "sku": "", "line": 0, "finished": False}
    if not checkpoint["finished"]:
        if (read := _read(asked, job)) is not None:
            checkpoint["read"] += read
        else:
            checkpoint |= _take(asked, job, checkpoint, now=now)
        errors = None
        if checkpoint["finished"]:
            errors = _finish(asked)
        report_progress(
            job,
            # To read a row is half of the work, to decide it the other half.
            done=(checkpoint["read"] + asked.good + asked.rejected) // 2,
            total=asked.rows,
            checkpoint=checkpoint,
            errors=errors,
            now=now,
        )
    return asked.result() if checkpoint["finished"] else None


def _read(asked: ProductImport, job: "Job") -> int | None:
    """Read the lines of the next piece; how many rows that were. None: there is none."""

    def waiting(line: int, text: str) -> tuple[object, ...] | FieldError:
        read = read_line(text, delimiter=asked.delimiter)
        if isinstance(read, FieldError):
            return read
        sku, state = read
        return asked.pk, sku, line, msgspec.json.encode(state).decode()

    counted = read_next_piece(job, into=_WAITING, read=waiting)
    if counted is None:
        return None
    rows, rejected = counted
    asked.count(rejected=rejected)
    return rows


def _take(
    asked: ProductImport, job: "Job", checkpoint: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    """Take in the next products, in the order of their SKUs; where that ended."""
    rows = next_products(
        asked.pk, sku=checkpoint["sku"], line=checkpoint["line"], limit=ROWS_A_STEP
    )
    good = {row.sku: row.state for row in rows if not row.is_repeated}
    if good and not asked.is_dry_run:
        import_products(states=good, actor=asked.created_by, now=now)
    errors = {row.line: REPEATED for row in rows if row.is_repeated}
    record_row_errors(job, errors)
    asked.count(good=len(good), rejected=len(errors))
    last = rows[-1] if rows else None
    return {
        "sku": last.sku if last else checkpoint["sku"],
        "line": last.line if last else checkpoint["line"],
        "finished": len(rows) < ROWS_A_STEP,
    }


def _finish(asked: ProductImport) -> list[dict[str, object]]:
    """Forget the lines; the first errors."""
    ProductImportRow.objects.filter(product_import=asked).delete()
    return [
        {"row": line, "column": column or None, "code": code, "detail": detail}
        for line, column, code, detail in row_errors(asked.job_id, limit=ERRORS_TOLD)
    ]
