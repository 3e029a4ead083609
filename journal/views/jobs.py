"""GET /jobs/{job_id}."""

from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.german import in_german
from common.errors import NotFound
from common.ids import parse_public_id
from journal import queries
from journal.serializers.jobs import JobResponse, job_response


class JobView(Endpoint):
    """One background job; any key may ask."""

    @operation(
        "How far a background job is",
        answers={200: JobResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, job_id: str) -> Answer:
        key = parse_public_id("job", job_id)
        job = queries.job_by_id(key) if key else None
        if job is None:
            raise NotFound("There is no such job.")
        return answer(200, job_response(job, told=in_german if call.language == "de" else str))
