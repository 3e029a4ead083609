"""Acts: take a file of codes, check it line by line, write what is right."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import FieldError, NotFound
from common.ids import new_id, public_id
from common.row_files import Readable, name_of
from customers.actions.people import ensure_customers
from journal.actions import (
    FILES_KEPT_FOR,
    put_file_aside,
    queue_job,
    read_next_piece,
    record_audit,
    record_event,
    record_row_errors,
    report_progress,
)
from journal.queries import job_by_id, row_errors
from promotions.actions.issued import count_issued
from promotions.domain.imports import COLUMNS, EXISTS, REPEATED, read_line
from promotions.models import CodeImport, CodeImportRow
from promotions.queries import definitions, imports
from promotions.queries.imports import WaitingRow

if TYPE_CHECKING:
    from journal.models import Job

JOB_KIND = "code_import"
ROWS_A_STEP = 10_000
#: Of so many wrong lines the job tells; all are in the report.
ERRORS_TOLD = 100
_WAITING = (
    "promotions_codeimportrow (code_import_id, line, code, spelling, customer_reference,"
    " valid_from, valid_until, max_redemptions, used)"
)


def order_import(
    *, promotion_id: str, file: Readable, is_dry_run: bool, actor: str, now: datetime
) -> CodeImport:
    """Put the file's lines where a job will find them, and queue it. Part of the caller's transaction.

    Raises:
        NotFound: no such promotion.
        ValidationFailed: the file as a whole cannot be read; the pointer is the number of the line.
        FileTooLarge
    """
    promotion_key = definitions.promotion_key(promotion_id)
    if promotion_key is None:
        raise NotFound("There is no such promotion.")
    import_id = new_id()
    order = {"import_id": import_id.hex, "file_name": name_of(file)}
    job = queue_job(kind=JOB_KIND, order=order, total=None, now=now)
    asked = CodeImport.objects.create(
        import_id=import_id,
        promotion_id=promotion_key,
        is_dry_run=is_dry_run,
        rows=0,
        job_id=job.job_id,
        created_at=now,
        created_by=actor,
    )
    aside = put_file_aside(job, file=file, columns=COLUMNS)
    asked.rows, asked.delimiter = aside.rows, aside.delimiter
    asked.save(update_fields=["rows", "delimiter"])
    report_progress(job, done=0, total=asked.rows, now=now)
    record_audit(
        actor=actor,
        action="code_import.ordered",
        subject_kind="code_import",
        subject_id=public_id("imp", import_id),
        after={"promotion_id": promotion_id, "rows": asked.rows, "dry_run": is_dry_run},
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
    """Delete what jobs that failed have left of old files, which name customers; how many rows."""
    rows, _ = CodeImportRow.objects.filter(
        code_import__created_at__lt=now - FILES_KEPT_FOR
    ).delete()
    return rows


def _step(job_id: UUID, *, now: datetime) -> dict[str, object] | None:
    """Read the next piece of the file or, when all is read, take in the next codes."""
    asked = CodeImport.objects.select_for_update(no_key=True).filter(job_id=job_id).first()
    # Read under the import's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    if asked is None or job is None:
        return {}  # the promotion was deleted
    checkpoint = job.checkpoint or {"read": 0, "code": "", "line": 0, "finished": False}
    if not checkpoint["finished"]:
        if (read := _read(asked, job)) is not None:
            checkpoint["read"] += read
        else:
            checkpoint |= _take(asked, job, checkpoint, now=now)
        errors = None
        if checkpoint["finished"]:
            errors = _finish(asked, now=now)
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


def _read(asked: CodeImport, job: "Job") -> int | None:
    """Read the lines of the next piece; how many rows that were. None: there is none.

    The right ones wait for their turn, the others are reported.
    """

    def waiting(line: int, text: str) -> tuple[object, ...] | FieldError:
        read = read_line(text, delimiter=asked.delimiter)
        if isinstance(read, FieldError):
            return read
        return (
            asked.pk, line, read.code, read.spelling, read.customer_id,
            read.valid_from, read.valid_until, read.max_redemptions, read.used,
        )  # fmt: skip

    counted = read_next_piece(job, into=_WAITING, read=waiting)
    if counted is None:
        return None
    rows, rejected = counted
    asked.count(rejected=rejected)
    return rows


def _take(
    asked: CodeImport, job: "Job", checkpoint: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    """Take in the next codes, in the order of the codes; where that ended."""
    rows = imports.next_rows(
        asked.pk, code=checkpoint["code"], line=checkpoint["line"], limit=ROWS_A_STEP
    )
    errors = {row.line: REPEATED if row.is_repeated else EXISTS for row in rows if row.is_refused}
    good = [row for row in rows if not row.is_refused]
    if not asked.is_dry_run:
        written = _insert(asked, rows, now=now) if good else set()
        errors |= {row.line: EXISTS for row in good if row.code not in written}
        count_issued(promotion_key=asked.promotion_id, codes=len(written))
    record_row_errors(job, errors)
    asked.count(good=len(rows) - len(errors), rejected=len(errors))
    last = rows[-1] if rows else None
    return {
        "code": last.code if last else checkpoint["code"],
        "line": last.line if last else checkpoint["line"],
        "finished": len(rows) < ROWS_A_STEP,
    }


def _insert(asked: CodeImport, rows: Sequence[WaitingRow], *, now: datetime) -> set[str]:
    """Write the codes of a step's rows, in their order, but of those that are refused already.

    Gives those that were free to the last. Customers that the service has not seen are created, as a
    single code's would be.
    """
    first, last = rows[0], rows[-1]
    references = {row.customer_id for row in rows if row.customer_id and not row.is_refused}
    keys = ensure_customers(references=references, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO promotions_code (promotion_id, customer_id, code, spelling, status,
                valid_from, valid_until, max_redemptions, used, used_before, held, created_at, revision)
            SELECT %(promotion)s, known.key, row.code, row.spelling, 'active', row.valid_from,
                row.valid_until, row.max_redemptions, row.used, row.used, 0, %(now)s, 1
            FROM promotions_codeimportrow row
            LEFT JOIN unnest(%(references)s::text[], %(keys)s::bigint[]) AS known (reference, key)
                ON known.reference = row.customer_reference
            WHERE row.code_import_id = %(import)s
                AND (row.code, row.line) >= (%(first_code)s, %(first_line)s)
                AND (row.code, row.line) <= (%(last_code)s, %(last_line)s)
                AND row.line <> ALL (%(refused)s::int[])
            ORDER BY row.code
            ON CONFLICT (code) DO NOTHING RETURNING code
            """,
            {
                "promotion": asked.promotion_id,
                "import": asked.pk,
                # A span of the key: beside a million rows that wait, a list would be looked up in them all.
                "first_code": first.code,
                "first_line": first.line,
                "last_code": last.code,
                "last_line": last.line,
                "refused": [row.line for row in rows if row.is_refused],
                "references": list(keys),
                "keys": list(keys.values()),
                "now": now,
            },
        )
        return {code for (code,) in cursor.fetchall()}


def _finish(asked: CodeImport, *, now: datetime) -> list[dict[str, object]]:
    """Forget the lines, which name customers, and tell of the codes; the first errors."""
    CodeImportRow.objects.filter(code_import=asked).delete()
    if asked.good and not asked.is_dry_run:
        # One event for all: a million would drown whoever listens.
        record_event(
            type="code.issued",
            payload={
                "promotion_id": asked.promotion.reference,
                "import_id": public_id("imp", asked.import_id),
                "count": asked.good,
            },
            now=now,
        )
    return [
        {"row": line, "column": column or None, "code": code, "detail": detail}
        for line, column, code, detail in row_errors(asked.job_id, limit=ERRORS_TOLD)
    ]
