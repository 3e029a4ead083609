"""Acts: put a job's file aside, read it piece by piece, note what is wrong with its lines."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from common.errors import FieldError
from common.row_files import Readable, read_pieces
from common.statements import text_array
from journal.models import FilePiece, Job, RowError, RowTaken

FILES_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FileAside:
    """What is known of a file before it is read: lines that are not blank, and what separates columns."""

    rows: int
    delimiter: str


def put_file_aside(
    job: Job,
    *,
    file: Readable,
    columns: Sequence[str],
    max_rows: int | None = None,
    keeps_together: bool = False,
) -> FileAside:
    """Put the file's lines where the job will find them. Part of the caller's transaction.

    `keeps_together`: rows that follow each other and have the same first cell are in one piece.

    Raises:
        ValidationFailed: it cannot be read as a whole; the pointer is the number of the line.
        FileTooLarge
    """
    rows, delimiter = 0, ","
    pieces = read_pieces(file, columns=columns, max_rows=max_rows, keeps_together=keeps_together)
    for piece in pieces:
        FilePiece.objects.create(job=job, first_line=piece.first_line, text=piece.text)
        rows, delimiter = rows + piece.rows, piece.delimiter
    return FileAside(rows, delimiter)


def read_next_piece(
    job: Job, *, into: str, read: Callable[[int, str], Iterable[object] | FieldError]
) -> tuple[int, int] | None:
    """Read the next piece of the job's file: how many rows that were, and how many are wrong.

    `read` makes of a line's number and text a row for `into` ("table (columns)"), or says what is
    wrong with it. None: all was read before. Part of the caller's transaction.
    """
    piece = job.pieces.order_by("first_line").first()
    if piece is None:
        return None
    text = io.StringIO()
    waiting = csv.writer(text)
    errors: dict[int, FieldError] = {}
    rows = 0
    for line, cells in enumerate(piece.text.split("\n"), start=piece.first_line):
        if not cells.strip():
            continue
        rows += 1
        row = read(line, cells)
        if isinstance(row, FieldError):
            errors[line] = row
        else:
            waiting.writerow(row)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {into} FROM STDIN (FORMAT csv)", text)
    record_row_errors(job, errors)
    FilePiece.objects.filter(pk=piece.pk).delete()
    return rows, len(errors)


def drop_pieces(job: Job, *, through: int) -> None:
    """Drop the pieces of the job's file up to the one with this first line, once they are done with."""
    FilePiece.objects.filter(job=job, first_line__lte=through).delete()


def note_taken(job: Job, ids: Collection[str]) -> set[str]:
    """Note that the rows with these ids were taken; those that an earlier step has noted before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH noted AS (
                INSERT INTO journal_rowtaken (job_id, row_id)
                SELECT %(job)s, row_id FROM unnest(%(ids)s::text[]) AS row_id
                ON CONFLICT (job_id, row_id) DO NOTHING RETURNING row_id
            )
            SELECT row_id FROM unnest(%(ids)s::text[]) AS row_id
            WHERE (SELECT count(*) FROM noted) < cardinality(%(ids)s::text[])
                AND row_id NOT IN (SELECT row_id FROM noted)
            """,
            {"job": job.pk, "ids": text_array(ids)},
        )
        return {row_id for (row_id,) in cursor.fetchall()}


def forget_taken(job: Job) -> None:
    """Forget which rows were taken, once the file is read to its end."""
    RowTaken.objects.filter(job=job).delete()


def record_row_errors(job: Job, errors: Mapping[int, FieldError]) -> None:
    """Note what is wrong with lines of the job's file, by their numbers."""
    RowError.objects.bulk_create(
        (
            RowError(
                job=job, line=line, column=error.pointer.removeprefix("/"), code=error.code,
                detail=error.detail,
            )
            for line, error in errors.items()
        ),
        batch_size=1_000,
    )  # fmt: skip


def forget_files_of(job_ids: Collection[UUID]) -> None:
    """Delete what these jobs have not read of their files, and what they said of single rows."""
    FilePiece.objects.filter(job__job_id__in=job_ids).delete()
    RowTaken.objects.filter(job__job_id__in=job_ids).delete()
    RowError.objects.filter(job__job_id__in=job_ids).delete()


def forget_files(*, now: datetime) -> int:
    """Delete what jobs that failed have left of old files, which name customers; how many pieces."""
    pieces, _ = FilePiece.objects.filter(job__created_at__lt=now - FILES_KEPT_FOR).delete()
    RowTaken.objects.filter(job__created_at__lt=now - FILES_KEPT_FOR).delete()
    return pieces
