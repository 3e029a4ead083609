"""Code batches: what is asked for, how far they are, and their codes as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.api.csv_files import cell
from common.fields import ShopId, spelled
from common.ids import public_id
from journal.queries import jobs_by_id
from promotions.domain.codes import DEFAULT_PATTERN
from promotions.models import CodeBatch

_COLUMNS = (
    "code", "customer_id", "valid_from", "valid_until", "max_redemptions", "used", "status",
)  # fmt: skip
_ROWS_A_CHUNK = 1_000


class MakeCodesRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `count` codes for everybody, or one personal code for each member of a segment."""

    count: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    segment_id: ShopId | None = None
    pattern: Annotated[
        str,
        spelled(
            r"^[A-Za-z0-9#-]+$(?!\n)",
            "A pattern has letters, digits, hyphens and at least 8 #; 64 without the hyphens.",
            max_length=128,
            description=(
                "Each `#` becomes one of `23456789ABCDEFGHJKMNPQRSTUVWXYZ`; at least 8 of them, and "
                "so many that one guess in a million hits a live code of this pattern at most."
            ),
            examples=["TEA-########"],
        ),
    ] = DEFAULT_PATTERN
    valid_days: (
        Annotated[int, Meta(ge=1, le=36_500, description="Days of 24 hours from now.")] | None
    ) = None


class BatchResponse(Struct, frozen=True, kw_only=True):
    """A batch of codes and how far the job is that makes them."""

    batch_id: str
    job_id: str
    status: Literal["queued", "running", "succeeded", "failed"]
    done: int
    total: int | None
    promotion_id: str
    segment_id: str | None
    pattern: str
    valid_until: datetime | None
    created_at: datetime


def batch_responses(rows: Sequence[CodeBatch]) -> list[BatchResponse]:
    """The batches as their answers; reads their jobs in one statement."""
    jobs = jobs_by_id([batch.job_id for batch in rows])
    answers = []
    for batch in rows:
        job = jobs.get(batch.job_id)
        answers.append(
            BatchResponse(
                batch_id=public_id("bat", batch.batch_id),
                job_id=public_id("job", batch.job_id),
                status=job.status if job else "failed",  # type: ignore[arg-type]  # its choices
                done=job.done if job else 0,
                total=job.total if job else batch.count,
                promotion_id=batch.promotion.reference,
                segment_id=batch.segment.reference if batch.segment else None,
                pattern=batch.pattern,
                valid_until=batch.valid_until,
                created_at=batch.created_at,
            )
        )
    return answers


def batch_response(batch: CodeBatch) -> BatchResponse:
    """The batch as its answer."""
    return batch_responses([batch])[0]


def csv_chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """The codes as CSV with a header, in pieces.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % _ROWS_A_CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
