"""Files of credit transfers over REST: made, handed out, told as paid."""

from uuid import UUID

from access.authentication import once
from cashback.actions import sepa_files
from cashback.models import SepaFile
from cashback.queries.payouts import sepa_file_by_id, sepa_files_page
from cashback.serializers.payouts import (
    FilePaidResponse,
    MakeSepaFileRequest,
    SepaFileResponse,
    sepa_file_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.errors import NotFound
from common.ids import parse_public_id


class SepaFilesView(Endpoint):
    """All files for the bank."""

    scope = "payouts"

    @operation(
        "Put approved payouts into a file for the bank",
        description=(
            "The first 500 that are approved, or as many as `limit` says: they are `submitted` by this, and "
            "in no other file. The file (ISO 20022 pain.001.001.09) is checked against its schema and read "
            "back before anything is written."
        ),
        body=MakeSepaFileRequest,
        key="required",
        answers={201: SepaFileResponse},
        problems=["state_transition_not_allowed", "payout_provider_not_set_up"],
    )
    def post(self, call: Call) -> Answer:
        def act() -> Answer:
            file = sepa_files.make_sepa_file(
                limit=call.body.limit, actor=call.caller.actor, now=call.now
            )
            return answer(201, sepa_file_response(file))

        return once(call, act)

    @operation(
        "List files for the bank in the order in which they were made",
        query=PAGE_QUERY,
        answers={200: PageOf[SepaFileResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = sepa_files_page(after=cursor_of(call, UUID), limit=limit_of(call.query))
        return answer(200, page(rows, call=call, key=lambda row: row.pk, show=sepa_file_response))


class SepaFileView(Endpoint):
    """One file for the bank."""

    scope = "payouts"

    @operation(
        "Read what a file holds in all", answers={200: SepaFileResponse}, problems=["not_found"]
    )
    def get(self, call: Call, *, sepa_file_id: str) -> Answer:
        return answer(200, sepa_file_response(_known(sepa_file_id)))


class SepaFileXmlView(Endpoint):
    """What the bank takes."""

    scope = "payouts"

    @operation(
        "Get the file as the bank takes it",
        description=(
            "It has IBANs in full; who had it is in the audit trail. It is kept for 90 days, or until "
            "somebody in it is erased."
        ),
        answers={200: str},
        answer_type="application/xml",
        problems=["not_found"],
    )
    def get(self, call: Call, *, sepa_file_id: str) -> Answer:
        file = _known(sepa_file_id)
        content = sepa_files.hand_out(file=file, actor=call.caller.actor, now=call.now)
        named = f'attachment; filename="{sepa_file_id}.xml"'
        headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
        return Answer(200, content, headers, content_type="application/xml")


class PaidSepaFileView(Endpoint):
    """The bank has carried it out."""

    scope = "payouts"

    @operation(
        "Say that a file was paid",
        description=(
            "Of its payouts those that are still `submitted` are paid. Tell those that have failed first. "
            "Raises the event `payout.paid` for each."
        ),
        answers={200: FilePaidResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, sepa_file_id: str) -> Answer:
        file = _known(sepa_file_id)

        def act() -> Answer:
            paid = sepa_files.mark_file_paid(file=file, actor=call.caller.actor, now=call.now)
            return answer(200, FilePaidResponse(sepa_file_id, paid))

        return once(call, act)


def _known(sepa_file_id: str) -> SepaFile:
    key = parse_public_id("sep", sepa_file_id)
    file = sepa_file_by_id(key) if key else None
    if file is None:
        raise NotFound("There is no such SEPA file.")
    return file
