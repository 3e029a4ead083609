"""Reads: one job, one subject's history."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from journal.models import AuditEntry, Job


def job_by_id(job_id: UUID) -> Job | None:
    """The job with this id."""
    return Job.objects.filter(job_id=job_id).first()


def jobs_by_id(job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """The jobs with these ids, by id."""
    return {job.job_id: job for job in Job.objects.filter(job_id__in=job_ids)}


def history_of(*, subject_kind: str, subject_id: str) -> QuerySet[AuditEntry]:
    """Everything that was done to one subject, oldest first."""
    return AuditEntry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by(
        "id"
    )
