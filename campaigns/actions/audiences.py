"""Acts: hand a segment to an advertising network as hashes, and keep what it was told in step.

What a network was told is remembered by its hash, so that each export can say who is to be dropped: who
left the segment, took the consent back, was erased, or has another address.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from campaigns.domain.audiences import audience_hash
from campaigns.domain.local_times import zone_for
from campaigns.models import AudienceExport, AudienceMember
from common.errors import NotFound
from common.ids import new_id, public_id
from common.statements import value_array
from customers.actions.refresh import refresh_before_use
from customers.domain.reach import Reachable, obstacle
from customers.queries.erasure import email_hash, suppressed_hashes
from customers.queries.gate import reachable
from customers.queries.segments import members_keys, segment_by_reference
from journal.actions import queue_job, record_audit, report_progress
from journal.queries import job_by_id

JOB_KIND = "audience_export"
MEMBERS_A_STEP = 5_000
#: So long every export names who has left: a network that was not told once is told again.
REMOVED_KEPT_FOR = timedelta(days=30)
_BATCH = 5_000
_TELL = """
    INSERT INTO campaigns_audiencemember AS known
        (segment, network, hashed, customer_id, export_id, entered_at)
    SELECT DISTINCT ON (hashed) %(segment)s, %(network)s, hashed, customer, %(export)s, %(now)s
    FROM unnest(%(hashes)s::bytea[], %(customers)s::bigint[]) AS told (hashed, customer)
    ORDER BY hashed, customer
    ON CONFLICT (segment, network, hashed) DO UPDATE
        SET customer_id = excluded.customer_id, left_at = NULL,
            export_id = greatest(known.export_id, excluded.export_id),
            entered_at = CASE WHEN known.left_at IS NULL THEN known.entered_at
                ELSE excluded.entered_at END
"""
_LEAVE = """
    UPDATE campaigns_audiencemember SET left_at = %(now)s
    WHERE segment = %(segment)s AND network = %(network)s AND left_at IS NULL
        AND export_id < %(export)s
"""


def order_export(*, segment_id: str, network: str, actor: str, now: datetime) -> AudienceExport:
    """Queue a job that hands the segment to the network. Part of the caller's transaction.

    Raises:
        NotFound: there is no such segment.
    """
    if segment_by_reference(segment_id) is None:
        raise NotFound("There is no such segment.")
    export_id = new_id()
    job = queue_job(kind=JOB_KIND, order={"export_id": export_id.hex}, total=None, now=now)
    export = AudienceExport.objects.create(
        export_id=export_id, segment=segment_id, network=network, job_id=job.job_id,
        created_at=now, created_by=actor,
    )  # fmt: skip
    record_audit(
        actor=actor,
        action="audience_export.ordered",
        subject_kind="audience_export",
        subject_id=public_id("aud", export_id),
        after={"segment_id": segment_id, "network": network},
        now=now,
    )
    return export


def run_export(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """Find whom the network may be told of, and who has left since; what the job says of itself.

    Each step is a transaction of its own that holds the export's row, and with the hashes writes how far it
    came: a worker that dies leaves whole steps, and two that run at once take turns.
    """
    export = AudienceExport.objects.get(job_id=job_id)
    with transaction.atomic():
        # Whoever has entered since the segment was last filled is meant, too.
        refresh_before_use([export.segment], now=clock())
    while True:
        with transaction.atomic():
            is_done = _step(job_id, now=clock())
        if is_done:
            break
    export.refresh_from_db()
    name = public_id("aud", export.export_id)
    return {
        "export_id": name,
        "members": export.members,
        "removed": export.removed,
        "members_url": f"/api/v1/audience-exports/{name}/members.csv",
        "removed_url": f"/api/v1/audience-exports/{name}/removed.csv",
    }


def forget_removed(*, now: datetime) -> int:
    """Forget who has left long ago; how many. In batches, safe to repeat and to run by several."""
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM campaigns_audiencemember WHERE id = ANY (ARRAY(
                    SELECT id FROM campaigns_audiencemember WHERE left_at < %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [now - REMOVED_KEPT_FOR, _BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < _BATCH:
            return forgotten


def _step(job_id: UUID, *, now: datetime) -> bool:
    """Tell of the next members; whether that was all."""
    export = AudienceExport.objects.select_for_update(no_key=True).get(job_id=job_id)
    # Read under the export's lock: a twin may have gone on since this job was claimed.
    job = job_by_id(job_id)
    if job is None or export.finished_at is not None:
        return True
    checkpoint: dict[str, Any] = job.checkpoint or {"after": 0, "looked_at": 0}
    segment = segment_by_reference(export.segment)
    keys: list[int] = []
    if segment is not None:
        keys = members_keys(segment_key=segment.pk, after=checkpoint["after"], limit=MEMBERS_A_STEP)
    _tell(export, _allowed(keys, now=now), now=now)
    looked_at = checkpoint["looked_at"] + len(keys)
    is_done = len(keys) < MEMBERS_A_STEP
    if is_done:
        _finish(export, now=now)
    after = keys[-1] if keys else checkpoint["after"]
    report_progress(
        job,
        done=looked_at,
        total=looked_at if is_done else None,
        checkpoint={"after": after, "looked_at": looked_at},
        now=now,
    )
    return is_done


def _allowed(keys: Sequence[int], *, now: datetime) -> list[Reachable]:
    """Those of the customers of whom a network may be told."""
    people = reachable(customer_keys=keys, channel="ads") if keys else {}
    suppressed = suppressed_hashes({each.email for each in people.values() if each.email})
    return [
        each
        for each in people.values()
        if each.email and email_hash(each.email) not in suppressed and _agrees(each, now=now)
    ]


def _agrees(person: Reachable, *, now: datetime) -> bool:
    zone = zone_for(
        campaign="customer", customer=person.timezone, shop=ZoneInfo(settings.SHOP_TIME_ZONE)
    )
    met = obstacle(
        person,
        channel="ads",
        purpose="marketing",
        min_age=settings.MARKETING_MIN_AGE,
        today=now.astimezone(zone).date(),
        now=now,
    )
    return met is None


def _tell(export: AudienceExport, people: Sequence[Reachable], *, now: datetime) -> None:
    if not people:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                **_audience(export),
                "hashes": [audience_hash(each.email) for each in people],
                "customers": value_array(each.customer_key for each in people),
                "now": now,
            },
        )


def _finish(export: AudienceExport, *, now: datetime) -> None:
    """Whoever was in an earlier export and in none since has left."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, {**_audience(export), "now": now})
        export.removed = cursor.rowcount
    inside = AudienceMember.objects.filter(segment=export.segment, network=export.network)
    export.members = inside.filter(left_at__isnull=True).count()
    export.finished_at = now
    export.save(update_fields=["members", "removed", "finished_at"])


def _audience(export: AudienceExport) -> dict[str, Any]:
    return {"segment": export.segment, "network": export.network, "export": export.pk}
