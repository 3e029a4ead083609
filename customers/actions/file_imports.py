"""Acts: take a file of rows piece by piece, each row once, whenever its worker dies."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from common.errors import FieldError
from common.ids import new_id
from common.models import FileImport
from common.row_files import Readable, name_of
from journal.actions import (
    drop_pieces,
    forget_taken,
    put_file_aside,
    queue_job,
    record_audit,
    record_row_errors,
    report_progress,
)
from journal.queries import first_lines, job_by_id, row_errors, texts_of

if TYPE_CHECKING:
    from journal.models import Job

#: Of so many wrong lines the job tells; all are in the report.
ERRORS_TOLD = 100
#: A piece has some thousand lines; more of them make a longer step, fewer commits, and more to do again.
PIECES_A_STEP = 8


@dataclass(frozen=True, slots=True)
class Step:
    """Some of a file that is to be taken now; `read` is what its kind reads of each piece."""

    asked: FileImport
    job: "Job"
    read: Sequence[Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows of a step are right, and what is wrong with the others, by line."""

    good: int
    errors: Mapping[int, FieldError]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What a file is of.

    `read` makes something of a piece of it (text, number of its first line, delimiter), without the
    database. `take` does a step in its caller's transaction; in a dry run it writes nothing.
    """

    name: str
    imports: type[FileImport]
    columns: Sequence[str]
    read: Callable[[str, int, str], Any]
    take: Callable[[Step], Taken]
    max_rows: int | None = None
    keeps_together: bool = False


def order_file(
    kind: FileKind, *, file: Readable, is_dry_run: bool, actor: str, now: datetime
) -> Any:
    """Put the file's lines where a job will find them, and queue it. Part of the caller's transaction.

    Raises:
        ValidationFailed: the file as a whole cannot be read; the pointer is the number of the line.
        FileTooLarge
    """
    import_id = new_id()
    order = {"import_id": import_id.hex, "file_name": name_of(file)}
    job = queue_job(kind=kind.name, order=order, total=None, now=now)
    aside = put_file_aside(
        job,
        file=file,
        columns=kind.columns,
        max_rows=kind.max_rows,
        keeps_together=kind.keeps_together,
    )
    asked = kind.imports(
        import_id=import_id, is_dry_run=is_dry_run, delimiter=aside.delimiter, rows=aside.rows,
        job_id=job.job_id, created_at=now, created_by=actor,
    )  # fmt: skip
    asked.save(force_insert=True)
    report_progress(job, done=0, total=asked.rows, now=now)
    record_audit(
        actor=actor,
        action=f"{kind.name}.ordered",
        subject_kind=kind.name,
        subject_id=str(asked),
        after={"rows": asked.rows, "dry_run": is_dry_run},
        now=now,
    )
    return asked


def run_file(kind: FileKind, *, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """Take what is left of the file; what came of all of it.

    Each step is a transaction of its own that holds the import's row and drops the lines that it
    took: a worker that dies leaves whole steps, and two that run at once take turns.
    """
    with _quick_turns(), ThreadPoolExecutor(max_workers=1) as reader:
        # What comes next is read while PostgreSQL writes. Whatever dies with us is read again.
        ahead: dict[int, Future[Any]] = {}
        while True:
            with transaction.atomic():
                result = _step(kind, job_id, reader=reader, ahead=ahead, now=clock())
            if result is not None:
                return result


def _commit_without_waiting() -> None:
    """Let the next step begin while the disk takes this one.

    A server that dies loses the last steps whole, lines taken and all, and they are done again. The
    transaction that ends the job waits for the disk, and with it for all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Let a thread that has heard from PostgreSQL go on at once, although another one is reading.

    As Python has it, it waits 5 ms after each statement: a fifth of an import's time.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _step(
    kind: FileKind,
    job_id: UUID,
    *,
    reader: ThreadPoolExecutor,
    ahead: dict[int, Future[Any]],
    now: datetime,
) -> dict[str, object] | None:
    asked = kind.imports._default_manager.select_for_update(no_key=True).get(job_id=job_id)
    # Read under the import's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    assert job is not None
    lines = first_lines(job, limit=2 * PIECES_A_STEP)
    for line, text in texts_of(job, [line for line in lines if line not in ahead]).items():
        ahead[line] = reader.submit(kind.read, text, line, asked.delimiter)
    errors = None
    if lines:
        _commit_without_waiting()
        now_lines = lines[:PIECES_A_STEP]
        taken = kind.take(Step(asked, job, [ahead.pop(line).result() for line in now_lines], now))
        drop_pieces(job, through=now_lines[-1])
        record_row_errors(job, taken.errors)
        asked.count(good=taken.good, rejected=len(taken.errors))
    else:
        forget_taken(job)
        errors = [
            {"row": line, "column": column or None, "code": code, "detail": detail}
            for line, column, code, detail in row_errors(job_id, limit=ERRORS_TOLD)
        ]
    report_progress(job, done=asked.good + asked.rejected, total=asked.rows, errors=errors, now=now)
    return None if lines else asked.result()
