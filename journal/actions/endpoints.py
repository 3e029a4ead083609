"""Acts on webhook endpoints: put, delete, disable, and replace the secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import FieldError, NotFound, ValidationFailed
from common.seals import seal
from journal import channels, emails
from journal.actions.audit import record_audit
from journal.domain.event_types import EVENT_TYPES
from journal.domain.receivers import NoReceiver, Receiver, parse_receiver
from journal.domain.signing import new_secret
from journal.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from journal.queries import endpoint_by_reference

SEALED_FOR = "webhook-secret"
#: A secret that was replaced signs for so long beside the new one.
BOTH_VALID_FOR = timedelta(hours=24)
#: Each of them is one more signature in a header.
_FORMER_SECRETS = 4

_REASON = WebhookEndpoint.DisabledReason
_STATUS = WebhookEndpoint.Status


@dataclass(frozen=True, slots=True)
class WrittenEndpoint:
    """An endpoint after a write; `secret` is there only where it was just made."""

    endpoint: WebhookEndpoint
    created: bool = False
    secret: str | None = None


def lock_endpoint(reference: str) -> WebhookEndpoint:
    """The endpoint, whose row is the caller's until the transaction ends.

    Raises:
        NotFound
    """
    endpoint = endpoint_by_reference(reference, lock=True)
    if endpoint is None:
        raise NotFound("There is no such webhook endpoint.")
    return endpoint


def check_receiver(url: str) -> None:
    """Refuse an address that nothing could be sent to. It asks for the name: in no transaction.

    A name that is not found is let through: it may be there when there is something to send.

    Raises:
        ValidationFailed
    """
    receiver = _receiver(url)
    if not settings.WEBHOOK_ALLOW_PRIVATE and channels.leads_inside(receiver):
        detail = "This leads to an address that is not public."
        raise ValidationFailed(errors=[FieldError("/url", "invalid", detail)])


def put_endpoint(
    *,
    reference: str,
    url: str,
    event_types: list[str],
    status: str,
    if_match: str | None,
    actor: str,
    now: datetime,
) -> WrittenEndpoint:
    """Create an endpoint, with a secret, or replace what it is. Part of the caller's transaction.

    An endpoint that becomes active hears of what happens from then on; for what it has missed there
    is `replay`. One that is disabled loses what waits for it.

    Raises:
        PreconditionFailed
        ValidationFailed: there is no such event, or the address has no such form.
    """
    _check(url, event_types)
    wanted = {"url": url, "event_types": [*dict.fromkeys(event_types)], "status": status}
    endpoint = endpoint_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(endpoint.pk, endpoint.revision) if endpoint else None)
    if endpoint is None:
        state = {"disabled_at": now, "disabled_reason": _REASON.BY_HAND}
        endpoint, created = WebhookEndpoint.objects.get_or_create(
            reference=reference,
            defaults=wanted | {"created_at": now} | (state if status == _STATUS.DISABLED else {}),
        )
        if created:
            audit(endpoint, "created", None, wanted, actor=actor, now=now)
            secret = _make_secret(endpoint, now=now)
            return WrittenEndpoint(endpoint, created=True, secret=secret)
        endpoint = lock_endpoint(reference)
    before = {name: getattr(endpoint, name) for name in wanted}
    if before != wanted:
        audit(endpoint, "updated", before, wanted, actor=actor, now=now)
        _change(endpoint, wanted, now=now)
    return WrittenEndpoint(endpoint)


def delete_endpoint(*, reference: str, if_match: str | None, actor: str, now: datetime) -> None:
    """Delete an endpoint with its log, whatever waits for it. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed
    """
    endpoint = lock_endpoint(reference)
    check_if_match(if_match, etag_of(endpoint.pk, endpoint.revision))
    before = {"url": endpoint.url, "event_types": endpoint.event_types}
    audit(endpoint, "deleted", before, None, actor=actor, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM journal_webhookdelivery WHERE endpoint_id = %(endpoint)s RETURNING id
            ), attempts AS (
                DELETE FROM journal_webhookattempt WHERE delivery_id IN (SELECT id FROM gone)
            ), secrets AS (
                DELETE FROM journal_webhooksecret WHERE endpoint_id = %(endpoint)s
            )
            DELETE FROM journal_webhookendpoint WHERE id = %(endpoint)s
            """,
            {"endpoint": endpoint.pk},
        )


def rotate_secret(*, reference: str, actor: str, now: datetime) -> WrittenEndpoint:
    """Give the endpoint a new secret; the one before signs beside it for 24 hours.

    Part of the caller's transaction.

    Raises:
        NotFound
    """
    endpoint = lock_endpoint(reference)
    secrets = WebhookSecret.objects.filter(endpoint=endpoint)
    secrets.filter(valid_until=None).update(valid_until=now + BOTH_VALID_FOR)
    secrets.filter(valid_until__lte=now).delete()
    kept = secrets.order_by("-id").values_list("pk", flat=True)[:_FORMER_SECRETS]
    secrets.exclude(pk__in=list(kept)).delete()
    secret = _make_secret(endpoint, now=now)
    endpoint.revision += 1
    endpoint.save(update_fields=["revision"])
    audit(endpoint, "secret_rotated", None, None, actor=actor, now=now)
    return WrittenEndpoint(endpoint, secret=secret)


def disable_by_itself(endpoint: WebhookEndpoint, *, reason: str, now: datetime) -> None:
    """Send nothing more, since the receiver takes nothing, and tell the staff.

    Part of the transaction that holds the endpoint's row.
    """
    before = {"status": endpoint.status}
    _disable(endpoint, reason=reason, now=now)
    endpoint.revision += 1
    endpoint.save(
        update_fields=["status", "disabled_at", "disabled_reason", "next_attempt_at", "revision"]
    )
    after = {"status": endpoint.status, "disabled_reason": reason}
    audit(endpoint, "disabled", before, after, actor="system", now=now)
    transaction.on_commit(lambda: emails.tell_disabled(endpoint), robust=True)


def audit(
    endpoint: WebhookEndpoint, act: str, before: Any, after: Any, *, actor: str, now: datetime
) -> None:
    """Write an act on an endpoint into the audit trail."""
    record_audit(
        actor=actor, action=f"webhook_endpoint.{act}", subject_kind="webhook_endpoint",
        subject_id=endpoint.reference, before=before, after=after, now=now,
    )  # fmt: skip


def _check(url: str, event_types: list[str]) -> None:
    _receiver(url)
    known = ", ".join(EVENT_TYPES)
    errors = [
        FieldError(f"/event_types/{nth}", "unknown", f"There is no such event. Allowed: {known}.")
        for nth, event_type in enumerate(event_types)
        if event_type not in EVENT_TYPES
    ]
    if errors:
        raise ValidationFailed(errors=errors)


def _receiver(url: str) -> Receiver:
    try:
        return parse_receiver(url, allow_plain=settings.WEBHOOK_ALLOW_PRIVATE)
    except NoReceiver as why:
        raise ValidationFailed(errors=[FieldError("/url", "invalid", str(why))]) from None


def _change(endpoint: WebhookEndpoint, wanted: dict[str, Any], *, now: datetime) -> None:
    is_elsewhere = endpoint.url != wanted["url"]
    was = endpoint.status
    endpoint.url, endpoint.event_types = wanted["url"], wanted["event_types"]
    if is_elsewhere or was != wanted["status"]:
        # What went wrong there says nothing of here.
        endpoint.failures, endpoint.failing_since, endpoint.next_attempt_at = 0, None, None
    if was != wanted["status"]:
        if wanted["status"] == _STATUS.DISABLED:
            _disable(endpoint, reason=_REASON.BY_HAND, now=now)
        else:
            _enable(endpoint)
    endpoint.revision += 1
    endpoint.save()


def _disable(endpoint: WebhookEndpoint, *, reason: str, now: datetime) -> None:
    endpoint.status, endpoint.disabled_at = _STATUS.DISABLED, now
    endpoint.disabled_reason, endpoint.next_attempt_at = reason, None
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.WAITING)
    waiting.update(state=WebhookDelivery.State.SKIPPED, finished_at=now)


def _enable(endpoint: WebhookEndpoint) -> None:
    endpoint.status, endpoint.disabled_at, endpoint.disabled_reason = _STATUS.ACTIVE, None, ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        endpoint.queued_through = cursor.fetchone()[0]


def _make_secret(endpoint: WebhookEndpoint, *, now: datetime) -> str:
    secret = new_secret()
    sealed = seal(secret.encode(), purpose=SEALED_FOR)
    WebhookSecret.objects.create(endpoint=endpoint, sealed=sealed, created_at=now)
    return secret
