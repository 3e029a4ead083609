"""Acts: record an event, an audit entry; queue, claim and end a job."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection, transaction

from common import alarm
from common.ids import new_id
from common.statements import Insert, Statement, run_together
from journal.models import AuditEntry, Job

logger = logging.getLogger(__name__)

#: A running job that was silent for this long has lost its worker.
SILENCE = timedelta(minutes=2)
ATTEMPTS = 5

JobRunner = Callable[[Job], object]
_runners: dict[str, JobRunner] = {}


_EVENT = Statement(
    "event",
    """
    INSERT INTO journal_outboxevent (event_id, type, customer_key, payload, occurred_at)
    VALUES (%(event_id)s::uuid, %(type)s::text, %(customer)s::bigint, %(payload)s::jsonb,
        %(now)s::timestamptz)
    """,
)


def record_event(
    *,
    type: str,
    payload: Mapping[str, Any],
    now: datetime,
    customer_key: int | None = None,
) -> None:
    """Write a fact for the outside in the caller's transaction."""
    run_together([event_insert(type=type, payload=payload, now=now, customer_key=customer_key)])


def event_insert(
    *,
    type: str,
    payload: Mapping[str, Any],
    now: datetime,
    customer_key: int | None = None,
) -> Insert:
    """As `record_event`, for the caller to run."""
    return Insert(
        _EVENT,
        {
            "event_id": new_id(),
            "type": type,
            "customer": customer_key,
            "payload": msgspec.json.encode(payload).decode(),
            "now": now,
        },
    )


def record_audit(
    *,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    before: Any = None,
    after: Any = None,
    now: datetime,
) -> None:
    """Write who changed what in the caller's transaction.

    Of customers `before` and `after` hold field names and keyed hashes only, never their values.
    """
    AuditEntry.objects.create(
        at=now, actor=actor, action=action, subject_kind=subject_kind, subject_id=subject_id,
        before=before, after=after,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one subject, for the audit trail."""

    action: str
    subject_id: str
    before: Any = None
    after: Any = None


def record_audits(
    *, actor: str, subject_kind: str, changes: Sequence[Change], now: datetime
) -> None:
    """Write many changes of one kind of subject in the caller's transaction, in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now, actor=actor, action=change.action, subject_kind=subject_kind,
            subject_id=change.subject_id, before=change.before, after=change.after,
        )
        for change in changes
    )  # fmt: skip


def register_runner(kind: str, runner: JobRunner) -> None:
    """Say who runs jobs of this kind; called once, when the service starts."""
    _runners[kind] = runner


def queue_job(*, kind: str, order: Mapping[str, Any], total: int | None, now: datetime) -> Job:
    """Queue work in the caller's transaction and ring for it."""
    job = Job.objects.create(kind=kind, order=dict(order), total=total, created_at=now)
    alarm.ring("config.run_jobs")
    return job


def run_next_job(*, now: Callable[[], datetime]) -> bool:
    """Claim one waiting or abandoned job and run it to its end; False when there is none.

    The runner works in transactions of its own and may be stopped at any point: it is called
    again, and goes on from `job.checkpoint`.
    """
    job = _claim(now=now())
    if job is None:
        return False
    try:
        result = _runners[job.kind](job)
    except Exception as failure:
        logger.exception("job %s failed", job.job_id)
        _end(
            job,
            status=Job.Status.FAILED,
            result=None,
            error=type(failure).__name__,
            now=now(),
        )
        return True
    _end(job, status=Job.Status.SUCCEEDED, result=result, error=None, now=now())
    return True


def report_progress(
    job: Job,
    *,
    done: int,
    total: int | None,
    checkpoint: Any = None,
    errors: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
) -> None:
    """Note how far the job is, in the transaction of the step that got it there.

    `errors` is what the job has to say of single rows; it stays when the job ends.
    """
    job.done, job.total, job.checkpoint = done, total, checkpoint
    noted = {} if errors is None else {"errors": [*errors]}
    Job.objects.filter(pk=job.pk).update(
        done=done, total=total, checkpoint=checkpoint, heartbeat_at=now, **noted
    )


def _claim(*, now: datetime) -> Job | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE journal_job SET status = 'running', heartbeat_at = %(now)s, attempts = attempts + 1
            WHERE id = (
                SELECT id FROM journal_job
                WHERE status = 'queued' OR (status = 'running' AND heartbeat_at < %(silent_since)s)
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
            ) RETURNING id
            """,
            {"now": now, "silent_since": now - SILENCE},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job = Job.objects.get(pk=row[0])
    if job.attempts > ATTEMPTS:
        _end(
            job,
            status=Job.Status.FAILED,
            result=None,
            error="too_many_attempts",
            now=now,
        )
        return None
    return job


def _end(job: Job, *, status: str, result: Any, error: str | None, now: datetime) -> None:
    noted: dict[str, Any] = {}
    if error:
        # Beside what the runner has noted of single rows.
        told = Job.objects.values_list("errors", flat=True).get(pk=job.pk)
        noted = {"errors": [*told, {"code": error}]}
    Job.objects.filter(pk=job.pk).update(
        status=status,
        result=result,
        **noted,
        finished_at=now,
        heartbeat_at=now,
    )
