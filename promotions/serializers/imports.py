"""Imports of codes: how far they are, and what came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from common.ids import public_id
from journal.queries import jobs_by_id
from promotions.models import CodeImport


class ImportResponse(Struct, frozen=True, kw_only=True):
    """An import of codes. `total` is the file's rows, without blank lines.

    Of `done` each row makes one half when it is read, and the other when it is imported or left out.
    """

    import_id: str
    job_id: str
    status: Literal["queued", "running", "succeeded", "failed"]
    done: int
    total: int
    promotion_id: str
    dry_run: bool
    #: Rows that are right, so far; of a dry run they would be imported.
    valid: int
    #: Codes that were made, so far; none in a dry run.
    imported: int
    #: Rows that were left out, so far: each has a line in the report.
    rejected: int
    created_at: datetime


def import_responses(rows: Sequence[CodeImport]) -> list[ImportResponse]:
    """The imports as their answers; reads their jobs in one statement."""
    jobs = jobs_by_id([row.job_id for row in rows])
    return [
        ImportResponse(
            import_id=public_id("imp", row.import_id),
            job_id=public_id("job", row.job_id),
            status=job.status if (job := jobs.get(row.job_id)) else "failed",  # type: ignore[arg-type]  # its choices
            done=job.done if job else 0,
            total=row.rows,
            promotion_id=row.promotion.reference,
            dry_run=row.is_dry_run,
            valid=row.good,
            imported=0 if row.is_dry_run else row.good,
            rejected=row.rejected,
            created_at=row.created_at,
        )
        for row in rows
    ]


def import_response(row: CodeImport) -> ImportResponse:
    """The import as its answer."""
    return import_responses([row])[0]
