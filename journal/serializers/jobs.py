"""What a job looks like from outside, and the report of what it left out of its file."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from common.ids import public_id
from journal.models import Job

#: What a job as a whole says of its end has a code alone.
_ENDS = {
    "cancelled": "The job was cancelled.",
    "too_many_attempts": "The job was begun several times and never came to its end.",
}
_FAILED = "Something went wrong on our side."
_COLUMNS = ("row", "column", "code", "detail")
_ROWS_A_CHUNK = 1_000


class JobResponse(Struct, frozen=True):
    """A background job; `done` and `total` count its rows."""

    job_id: str
    kind: str
    status: Literal["queued", "running", "succeeded", "failed"]
    done: int
    total: int | None
    result: Any
    errors: list[Any]


def job_response(job: Job, *, told: Callable[[str], str]) -> JobResponse:
    """The job as its answer; `told` puts a sentence into the caller's language."""
    return JobResponse(
        job_id=public_id("job", job.job_id),
        kind=job.kind,
        status=job.status,  # type: ignore[arg-type]  # held by the column's choices
        done=job.done,
        total=job.total,
        result=job.result,
        errors=[_told(error, told) for error in job.errors],
    )


def _told(error: Mapping[str, Any], told: Callable[[str], str]) -> dict[str, Any]:
    detail = error.get("detail") or _ENDS.get(error.get("code", ""), _FAILED)
    return {**error, "detail": told(detail)}


def report_chunks(
    errors: Iterable[tuple[int, str, str, str]], *, told: Callable[[str], str]
) -> Iterator[bytes]:
    """The report as CSV with a header, in pieces; `told` puts a sentence into the reader's language."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for number, (line, column, code, detail) in enumerate(errors, start=1):
        writer.writerow((line, column, code, told(detail)))
        if number % _ROWS_A_CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
