"""Exports of audiences as they are asked for and answered."""

from datetime import datetime

from msgspec import Struct

from campaigns.models import AudienceExport
from common.fields import ShopId
from common.ids import public_id


class AudienceExportRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom it is for, in the shop's own word: `google-ads`, `meta`. Each network has its own state."""

    network: ShopId


class AudienceExportResponse(Struct, frozen=True, kw_only=True):
    """An export, and the job that makes it."""

    export_id: str
    job_id: str
    segment_id: ShopId
    network: ShopId
    #: Null until it is finished, as are the two figures below.
    finished_at: datetime | None
    #: How many addresses the network may know.
    members: int | None
    #: How many have left since the export before.
    removed: int | None
    created_at: datetime


def audience_export_response(export: AudienceExport) -> AudienceExportResponse:
    """The row as the answer."""
    is_finished = export.finished_at is not None
    return AudienceExportResponse(
        export_id=public_id("aud", export.export_id),
        job_id=public_id("job", export.job_id),
        segment_id=export.segment,
        network=export.network,
        finished_at=export.finished_at,
        members=export.members if is_finished else None,
        removed=export.removed if is_finished else None,
        created_at=export.created_at,
    )
