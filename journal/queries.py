"""Reads: a job and what of its file was left out, a subject's history, webhooks, a customer's events."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, QuerySet

from common.ids import public_id
from common.rows import in_pieces
from journal.models import (
    AuditEntry,
    Job,
    OutboxEvent,
    RowError,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)

_ERRORS_A_READ = 5_000


def job_by_id(job_id: UUID) -> Job | None:
    """The job with this id."""
    return Job.objects.filter(job_id=job_id).first()


def jobs_by_id(job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """The jobs with these ids, by id."""
    return {job.job_id: job for job in Job.objects.filter(job_id__in=job_ids)}


def newest_job(kind: str) -> Job | None:
    """The last job of this kind that was asked for."""
    return Job.objects.filter(kind=kind).order_by("-id").first()


def has_open_job(*, kind: str, order: Mapping[str, Any]) -> bool:
    """Whether a job of this kind, whose order holds this, is waiting or running."""
    open_jobs = Job.objects.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    return open_jobs.filter(kind=kind, order__contains=dict(order)).exists()


def history_of(*, subject_kind: str, subject_id: str) -> QuerySet[AuditEntry]:
    """Everything that was done to one subject, oldest first."""
    return AuditEntry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by(
        "id"
    )


def endpoint_by_reference(reference: str, *, lock: bool = False) -> WebhookEndpoint | None:
    """The endpoint with this id of the shop's; `lock` holds the row until the transaction ends."""
    rows = WebhookEndpoint.objects.filter(reference=reference)
    return (rows.select_for_update(no_key=True) if lock else rows).first()


def endpoints_page(*, status: str | None, after: str | None, limit: int) -> list[WebhookEndpoint]:
    """The next endpoints by id, one more than `limit`."""
    rows = WebhookEndpoint.objects.order_by("reference")
    if status is not None:
        rows = rows.filter(status=status)
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])


def secrets_of(endpoint_key: int, *, now: datetime) -> list[bytes]:
    """The endpoint's sealed secrets that are in use: the current one, then those it replaced."""
    rows = WebhookSecret.objects.filter(endpoint_id=endpoint_key).exclude(valid_until__lte=now)
    return [bytes(sealed) for sealed in rows.order_by("-id").values_list("sealed", flat=True)]


def former_secrets_end(endpoint_keys: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Until when former secrets of these endpoints are in use, by endpoint; others have none."""
    rows = WebhookSecret.objects.filter(endpoint_id__in=endpoint_keys, valid_until__gt=now)
    found = rows.order_by("valid_until").values_list("endpoint_id", "valid_until")
    return {key: end for key, end in found if end is not None}


def missed_since(endpoint: WebhookEndpoint) -> datetime:
    """When the first event occurred that the endpoint has missed, as far as the log goes back; else
    when it took the last one, or was made.
    """
    states = WebhookDelivery.State
    log = WebhookDelivery.objects.filter(endpoint=endpoint)
    came = log.filter(event=OuterRef("event"), state__in=[states.DELIVERED, states.WAITING])
    missed = log.filter(~Exists(came), state__in=[states.GIVEN_UP, states.SKIPPED])
    first: datetime | None = missed.aggregate(first=Min("event__occurred_at"))["first"]
    return first or endpoint.last_delivered_at or endpoint.created_at


def failing_endpoints() -> int:
    """How many endpoints the service has disabled, and nobody has looked after since."""
    rows = WebhookEndpoint.objects.filter(status=WebhookEndpoint.Status.DISABLED)
    # A handful; and no page of the staff counts anything in SQL.
    return len(rows.exclude(disabled_reason=WebhookEndpoint.DisabledReason.BY_HAND))


def personal_data(*, customer_key: int) -> dict[str, Iterator[dict[str, Any]]]:
    """What outbox, webhooks' log and audit trail have about a customer, in plain values."""
    return {
        "outbox_events": _events(customer_key),
        "webhook_deliveries": _deliveries(customer_key),
        "webhook_answers": _answers(customer_key),
        "audit_trail": _trail(customer_key),
    }


def _events(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(OutboxEvent.objects.filter(customer_key=customer_key)):
        yield {
            "id": public_id("evt", row.event_id), "type": row.type, "data": row.payload,
            "occurred_at": row.occurred_at,
        }  # fmt: skip


def _deliveries(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = WebhookDelivery.objects.filter(event__customer_key=customer_key)
    for row in in_pieces(rows.select_related("event", "endpoint")):
        yield {
            "event_id": public_id("evt", row.event.event_id), "endpoint_id": row.endpoint.reference,
            "state": row.state, "attempts": row.attempts, "due_at": row.due_at,
            "finished_at": row.finished_at,
        }  # fmt: skip


def _answers(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = WebhookAttempt.objects.filter(delivery__event__customer_key=customer_key)
    for row in in_pieces(rows.exclude(answer="").select_related("delivery__event")):
        yield {
            "event_id": public_id("evt", row.delivery.event.event_id), "at": row.at,
            "status_code": row.status_code, "answer": row.answer,
        }  # fmt: skip


def _trail(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(history_of(subject_kind="customer", subject_id=str(customer_key))):
        yield {
            "at": row.at, "actor": row.actor, "action": row.action, "before": row.before,
            "after": row.after,
        }  # fmt: skip


def first_lines(job: Job, *, limit: int) -> list[int]:
    """The numbers of the first lines of the next pieces of the job's file."""
    return list(job.pieces.order_by("first_line").values_list("first_line", flat=True)[:limit])


def texts_of(job: Job, lines: Collection[int]) -> dict[int, str]:
    """The texts of those pieces of the job's file that begin with these lines."""
    pieces = job.pieces.filter(first_line__in=lines).order_by("first_line")
    return dict(pieces.values_list("first_line", "text"))


def row_errors(job_id: UUID, *, limit: int) -> list[tuple[int, str, str, str]]:
    """Line, column, code and detail of the first rows that a job left out of its file."""
    return list(_row_errors(job_id)[:limit])


def all_row_errors(job_id: UUID) -> Iterator[tuple[int, str, str, str]]:
    """The same of all rows; reads by keyset in pieces, so that nothing is held in between."""
    after = 0
    while read := list(_row_errors(job_id).filter(line__gt=after)[:_ERRORS_A_READ]):
        yield from read
        after = read[-1][0]


def _row_errors(job_id: UUID) -> "QuerySet[RowError, tuple[int, str, str, str]]":
    rows = RowError.objects.filter(job__job_id=job_id).order_by("line")
    return rows.values_list("line", "column", "code", "detail")
