"""Audiences for advertising networks, as files of hashes."""

from access.authentication import once
from campaigns.actions.audiences import order_export
from campaigns.models import AudienceExport
from campaigns.queries.audiences import export_by_id, is_newest, member_rows, removed_rows
from campaigns.serializers.audiences import (
    AudienceExportRequest,
    AudienceExportResponse,
    audience_export_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.csv_files import csv_chunks, csv_file
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.ids import parse_public_id


class AudienceExportsView(Endpoint):
    """Hand a segment to a network."""

    scope = "segments"

    @operation(
        "Export a segment as an audience for advertising",
        description=(
            "A background job finds who of the segment has granted (`ads`, `marketing`) and is neither "
            "suppressed, restricted, on a break nor known to be a child. Its `result` names two files: "
            "`members.csv` holds the SHA-256 of their normalised addresses (in small letters, without spaces "
            "around them), `removed.csv` those that the same network was told of in the last 30 days and that are "
            "to be dropped. Whoever withdraws is out of `members.csv` at once, and in `removed.csv` from the next "
            "export on: make one daily."
        ),
        body=AudienceExportRequest,
        answers={202: AudienceExportResponse},
        problems=["not_found"],
    )
    def post(self, call: Call, *, segment_id: str) -> Answer:
        reference = known_id_in_path(segment_id)

        def act() -> Answer:
            export = order_export(
                segment_id=reference,
                network=call.body.network,
                actor=call.caller.actor,
                now=call.now,
            )
            return answer(202, audience_export_response(export))

        return once(call, act)


class AudienceExportView(Endpoint):
    """One export."""

    scope = "segments"

    @operation(
        "An export of an audience",
        answers={200: AudienceExportResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, export_id: str) -> Answer:
        return answer(200, audience_export_response(_known(export_id)))


class AudienceMembersView(Endpoint):
    """Whom the network may know."""

    scope = "segments"

    @operation(
        "The addresses of an audience as hashes",
        description=(
            "CSV with the column `email_sha256`. Of the last finished export of a segment for a network alone: "
            "what an older one held is not to be handed on any more (404)."
        ),
        answers={200: str},
        answer_type="text/csv",
        problems=["not_found"],
    )
    def get(self, call: Call, *, export_id: str) -> Answer:
        rows = member_rows(_finished(export_id))
        return csv_file(f"{export_id}-members", csv_chunks(["email_sha256"], rows))


class AudienceRemovedView(Endpoint):
    """Whom the network has to drop."""

    scope = "segments"

    @operation(
        "The addresses that have left an audience as hashes",
        description="CSV with the columns `email_sha256` and `left_at`, for 30 days after they left.",
        answers={200: str},
        answer_type="text/csv",
        problems=["not_found"],
    )
    def get(self, call: Call, *, export_id: str) -> Answer:
        rows = removed_rows(_finished(export_id))
        return csv_file(f"{export_id}-removed", csv_chunks(["email_sha256", "left_at"], rows))


def _known(export_id: str) -> AudienceExport:
    key = parse_public_id("aud", export_id)
    export = export_by_id(key) if key else None
    if export is None:
        raise NotFound("There is no such export.")
    return export


def _finished(export_id: str) -> AudienceExport:
    export = _known(export_id)
    if export.finished_at is None:
        raise NotFound("It is not finished yet.")
    if not is_newest(export):
        raise NotFound("A newer export has taken its place.")
    return export
