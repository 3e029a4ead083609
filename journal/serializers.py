"""What a job looks like from outside."""

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

from common.ids import public_id
from journal.models import Job


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
        errors=[
            {**error, "detail": told(error["detail"])} if "detail" in error else error
            for error in job.errors
        ],
    )
