"""Acts: queue, claim, cancel and end a job."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from common import alarm
from common.errors import DomainError, NotFound
from common.ids import public_id
from journal.actions.audit import record_audit
from journal.models import Job

logger = logging.getLogger(__name__)

#: A running job that was silent for this long has lost its worker.
SILENCE = timedelta(minutes=2)
ATTEMPTS = 5

JobRunner = Callable[[Job], object]
_runners: dict[str, JobRunner] = {}
_cancellable: set[str] = set()
_OPEN = (Job.Status.QUEUED, Job.Status.RUNNING)


class JobNotCancellable(DomainError):
    """It has ended already, or is of a kind that is always finished."""

    code = "state_transition_not_allowed"


class JobHasEnded(Exception):
    """Somebody else has ended the job that this worker runs: nothing more is to be done for it."""


def register_runner(kind: str, runner: JobRunner, *, is_cancellable: bool = False) -> None:
    """Say who runs jobs of this kind; called once, when the service starts.

    One that is cancellable must leave nothing behind when it is stopped at a report of progress.
    """
    _runners[kind] = runner
    if is_cancellable:
        _cancellable.add(kind)


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
    except JobHasEnded:
        logger.info("job %s was ended meanwhile", job.job_id)
        return True
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

    Raises:
        JobHasEnded: the job was cancelled, or ended by a worker that had taken it over.
    """
    job.done, job.total, job.checkpoint = done, total, checkpoint
    noted = {} if errors is None else {"errors": [*errors]}
    noted_rows = Job.objects.filter(pk=job.pk, status__in=_OPEN).update(
        done=done, total=total, checkpoint=checkpoint, heartbeat_at=now, **noted
    )
    if not noted_rows:
        raise JobHasEnded


def cancel_job(*, job_id: UUID, actor: str, now: datetime) -> Job:
    """End a job that waits or runs; its worker stops at its next report of progress.

    Part of the caller's transaction. Of a cancel and an end at the same moment one wins.

    Raises:
        NotFound: there is no such job.
        JobNotCancellable: it has ended, or its kind is not cancelled.
    """
    job = Job.objects.filter(job_id=job_id).first()
    if job is None:
        raise NotFound("There is no such job.")
    if job.kind not in _cancellable:
        raise JobNotCancellable("Jobs of this kind are always finished.")
    was = job.status
    if not _end(job, status=Job.Status.FAILED, result=None, error="cancelled", now=now):
        raise JobNotCancellable("The job has ended already.")
    record_audit(
        actor=actor,
        action="job.cancelled",
        subject_kind="job",
        subject_id=public_id("job", job.job_id),
        before={"status": was},
        after={"status": Job.Status.FAILED},
        now=now,
    )
    job.refresh_from_db()
    return job


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


def _end(job: Job, *, status: str, result: Any, error: str | None, now: datetime) -> bool:
    """End a job that is open; False where somebody else has."""
    noted: dict[str, Any] = {}
    if error:
        # Beside what the runner has noted of single rows.
        told = Job.objects.values_list("errors", flat=True).get(pk=job.pk)
        noted = {"errors": [*told, {"code": error}]}
    ended = Job.objects.filter(pk=job.pk, status__in=_OPEN).update(
        status=status,
        result=result,
        **noted,
        finished_at=now,
        heartbeat_at=now,
    )
    return bool(ended)
