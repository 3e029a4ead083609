"""Many codes at once: ask for them, see how far they are, download them."""

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.csv_files import csv_file
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.ids import parse_public_id
from promotions.actions.batches import BatchOrder, order_batch
from promotions.models import CodeBatch
from promotions.queries import batches
from promotions.serializers.batches import (
    BatchResponse,
    MakeCodesRequest,
    batch_response,
    batch_responses,
    csv_chunks,
)
from promotions.views.jobs import page_of_jobs


class CodeBatchesView(Endpoint):
    """The code batches of one promotion."""

    scope = "promotions"

    @operation(
        "Make many codes at once",
        description=(
            "A background job makes them; of a segment, those who are members when it gets to them. "
            "Raises the event `code.issued` once, with the `batch_id`, when all are made."
        ),
        body=MakeCodesRequest,
        key="required",
        answers={202: BatchResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, promotion_id: str) -> Answer:
        reference = known_id_in_path(promotion_id)
        body: MakeCodesRequest = call.body

        def act() -> Answer:
            batch = order_batch(
                promotion_id=reference,
                order=BatchOrder(
                    count=body.count,
                    segment_id=body.segment_id,
                    pattern=body.pattern,
                    valid_days=body.valid_days,
                ),
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(202, batch_response(batch))

        return once(call, act)

    @operation(
        "The code batches of a promotion, oldest first",
        query=PAGE_QUERY,
        answers={200: PageOf[BatchResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, promotion_id: str) -> Answer:
        return page_of_jobs(
            call, promotion_id, jobs_after=batches.batches_after, responses=batch_responses
        )


class CodeBatchView(Endpoint):
    """One batch of codes."""

    scope = "promotions"

    @operation(
        "A batch of codes and how far it is",
        answers={200: BatchResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, batch_id: str) -> Answer:
        return answer(200, batch_response(_known(batch_id)))


class CodeBatchCsvView(Endpoint):
    """The codes of a batch, to be handed on."""

    scope = "promotions"

    @operation(
        "The codes of a batch as CSV",
        description=(
            "Those that are made by now, by code, in UTF-8 with a header line. Where a cell would be "
            "a formula to a spreadsheet, it begins with an apostrophe."
        ),
        answers={200: str},
        answer_type="text/csv",
        problems=["not_found"],
    )
    def get(self, call: Call, *, batch_id: str) -> Answer:
        batch = _known(batch_id)
        return csv_file(batch_id, csv_chunks(batches.code_rows(batch.pk)))


def _known(batch_id: str) -> CodeBatch:
    key = parse_public_id("bat", batch_id)
    batch = batches.batch_by_id(key) if key else None
    if batch is None:
        raise NotFound("There is no such batch.")
    return batch
