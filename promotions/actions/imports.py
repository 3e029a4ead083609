"""Acts: take a file of codes, check it line by line, write what is right."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import FieldError, NotFound
from common.ids import new_id, public_id
from customers.actions.people import ensure_customers
from journal.actions import queue_job, record_audit, record_event, report_progress
from journal.queries import job_by_id
from promotions.actions.import_files import Readable, read_pieces
from promotions.actions.issued import count_issued
from promotions.domain.imports import EXISTS, REPEATED, ImportedCode, read_line
from promotions.models import CodeImport, CodeImportError, CodeImportPiece, CodeImportRow
from promotions.queries import definitions, imports
from promotions.queries.imports import WaitingRow

JOB_KIND = "code_import"
ROWS_A_STEP = 10_000
LINES_KEPT_FOR = timedelta(days=30)
#: Of so many wrong lines the job tells; all are in the report.
ERRORS_TOLD = 100


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
    job = queue_job(kind=JOB_KIND, order={"import_id": import_id.hex}, total=None, now=now)
    asked = CodeImport.objects.create(
        import_id=import_id,
        promotion_id=promotion_key,
        is_dry_run=is_dry_run,
        rows=0,
        job_id=job.job_id,
        created_at=now,
        created_by=actor,
    )
    for piece in read_pieces(file):
        CodeImportPiece.objects.create(
            code_import=asked, first_line=piece.first_line, text=piece.text
        )
        asked.rows += piece.rows
        asked.delimiter = piece.delimiter
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
    old = {"code_import__created_at__lt": now - LINES_KEPT_FOR}
    pieces, _ = CodeImportPiece.objects.filter(**old).delete()
    rows, _ = CodeImportRow.objects.filter(**old).delete()
    return pieces + rows


def _step(job_id: UUID, *, now: datetime) -> dict[str, object] | None:
    """Read the next piece of the file or, when all is read, take in the next codes."""
    asked = CodeImport.objects.select_for_update(no_key=True).filter(job_id=job_id).first()
    # Read under the import's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    if asked is None or job is None:
        return {}  # the promotion was deleted
    checkpoint = job.checkpoint or {"read": 0, "code": "", "line": 0, "finished": False}
    if not checkpoint["finished"]:
        if (piece := asked.pieces.order_by("first_line").first()) is not None:
            checkpoint["read"] += _read(asked, piece)
        else:
            checkpoint |= _take(asked, checkpoint, now=now)
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
    return _result(asked) if checkpoint["finished"] else None


def _read(asked: CodeImport, piece: CodeImportPiece) -> int:
    """Read the lines of a piece; how many rows that were.

    The right ones wait for their turn, the others are reported.
    """
    text = io.StringIO()
    waiting = csv.writer(text)
    rows = 0
    errors = []
    for line, cells in enumerate(piece.text.split("\n"), start=piece.first_line):
        if not cells.strip():
            continue
        rows += 1
        read = read_line(cells, delimiter=asked.delimiter)
        if isinstance(read, FieldError):
            errors.append(_error(asked, line, read))
        else:
            waiting.writerow(_waiting(asked, line, read))
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY promotions_codeimportrow (code_import_id, line, code, spelling,"
            " customer_reference, valid_from, valid_until, max_redemptions, used)"
            " FROM STDIN (FORMAT csv)",
            text,
        )
    CodeImportError.objects.bulk_create(errors, batch_size=1_000)
    CodeImportPiece.objects.filter(pk=piece.pk).delete()
    _count(asked, good=0, rejected=len(errors))
    return rows


def _waiting(asked: CodeImport, line: int, read: ImportedCode) -> tuple[object, ...]:
    return (
        asked.pk, line, read.code, read.spelling, read.customer_id,
        read.valid_from, read.valid_until, read.max_redemptions, read.used,
    )  # fmt: skip


def _error(asked: CodeImport, line: int, error: FieldError) -> CodeImportError:
    return CodeImportError(
        code_import=asked,
        line=line,
        column=error.pointer.removeprefix("/"),
        code=error.code,
        detail=error.detail,
    )


def _take(asked: CodeImport, checkpoint: dict[str, Any], *, now: datetime) -> dict[str, Any]:
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
    CodeImportError.objects.bulk_create(
        [_error(asked, line, error) for line, error in errors.items()], batch_size=1_000
    )
    _count(asked, good=len(rows) - len(errors), rejected=len(errors))
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


def _count(asked: CodeImport, *, good: int, rejected: int) -> None:
    asked.good += good
    asked.rejected += rejected
    asked.save(update_fields=["good", "rejected"])


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
        for line, column, code, detail in imports.errors_of(asked.pk, limit=ERRORS_TOLD)
    ]


def _result(asked: CodeImport) -> dict[str, object]:
    return {
        "import_id": public_id("imp", asked.import_id),
        "dry_run": asked.is_dry_run,
        "rows": asked.rows,
        "valid": asked.good,
        "imported": 0 if asked.is_dry_run else asked.good,
        "rejected": asked.rejected,
    }
