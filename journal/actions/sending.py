"""Acts: send what waits, each endpoint's events in their order, several endpoints side by side.

A sender leases an endpoint, sends its events one after the other, and records each in a transaction
that first asks whether the lease is still its own. No transaction is open while it talks to the
receiver. One that was killed leaves a lease that ends; the event that it may have sent is sent
again, with the same `webhook-id`.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, connections, transaction

from common.ids import new_id
from journal.actions.endpoints import disable_by_itself
from journal.actions.messages import Message, is_about_erased, next_message, send_message
from journal.channels import Reply
from journal.domain.retries import DISABLED_AFTER, pause_after
from journal.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from journal.models.webhooks import KEPT_OF_ANSWER

#: A sender that recorded nothing for so long was killed: one attempt takes far less.
LEASE = timedelta(minutes=2)
#: So many endpoints are served side by side.
SENDERS = 8

Clock = Callable[[], datetime]

_State = WebhookDelivery.State

_DUE = """
    SELECT endpoint.id FROM journal_webhookendpoint AS endpoint
    WHERE endpoint.status = 'active'
        AND (endpoint.next_attempt_at IS NULL OR endpoint.next_attempt_at <= %(now)s)
        AND (endpoint.lease IS NULL OR endpoint.leased_until < %(wall)s)
        AND EXISTS (
            SELECT FROM journal_webhookdelivery AS delivery
            WHERE delivery.endpoint_id = endpoint.id AND delivery.state = 'waiting'
                AND delivery.due_at <= %(now)s)
"""
# Who was served longest ago goes first.
_LEASE = f"""
    UPDATE journal_webhookendpoint SET lease = %(lease)s, leased_until = %(leased_until)s
    WHERE id = ({_DUE} ORDER BY endpoint.leased_until NULLS FIRST, endpoint.id
        LIMIT 1 FOR NO KEY UPDATE OF endpoint SKIP LOCKED)
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """Until when new attempts are begun: `now` is what is due, `wall` the clock on the wall."""

    now: datetime
    wall: Clock
    ends_at: datetime | None

    @property
    def is_over(self) -> bool:
        """The others in the timetable have waited long enough."""
        return self.ends_at is not None and self.wall() >= self.ends_at


@dataclass(frozen=True, slots=True)
class _Lease:
    """An endpoint that is ours to send to for a while."""

    endpoint_key: int
    token: UUID


def send_due(*, now: datetime, wall: Clock, within: timedelta | None = None) -> int:
    """Send all that is due at `now`, to several endpoints at once; how many were delivered.

    `wall` is the real clock, of leases and signatures, whatever instant `now` pretends. After
    `within` no attempt is begun any more; None takes as long as it takes.
    """
    patience = Patience(now, wall, None if within is None else wall() + within)
    senders = min(_count_due(patience), SENDERS)
    if senders <= 1:
        return _serve(patience) if senders else 0
    with ThreadPoolExecutor(senders) as crew:
        return sum(crew.map(lambda _nth: _serve_in_thread(patience), range(senders)))


def _count_due(patience: Patience) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_DUE} LIMIT %(most)s) AS due",
            {"now": patience.now, "wall": patience.wall(), "most": SENDERS},
        )
        counted: int = cursor.fetchone()[0]
        return counted


def _serve_in_thread(patience: Patience) -> int:
    try:
        return _serve(patience)
    finally:
        connections.close_all()


def _serve(patience: Patience) -> int:
    """Serve one endpoint after the other until none is due; how many events were delivered."""
    delivered = 0
    while not patience.is_over and (lease := _take_lease(patience)) is not None:
        try:
            delivered += _drain(lease, patience)
        finally:
            _end_lease(lease)
    return delivered


def _take_lease(patience: Patience) -> _Lease | None:
    token, wall = new_id(), patience.wall()
    with connection.cursor() as cursor:
        cursor.execute(
            _LEASE,
            {"now": patience.now, "wall": wall, "lease": token, "leased_until": wall + LEASE},
        )
        row = cursor.fetchone()
    return _Lease(row[0], token) if row else None


def _end_lease(lease: _Lease) -> None:
    """Its end stays, so that whoever was served longest ago is known."""
    leased = WebhookEndpoint.objects.filter(pk=lease.endpoint_key, lease=lease.token)
    leased.update(lease=None)


def _drain(lease: _Lease, patience: Patience) -> int:
    delivered = 0
    while (message := _next(lease, patience)) is not None:
        reply = send_message(message, wall=patience.wall)
        goes_on = _record(lease, message, reply, patience)
        delivered += reply.is_taken
        if not goes_on or patience.is_over:
            break
    return delivered


def _next(lease: _Lease, patience: Patience) -> Message | None:
    return next_message(endpoint_key=lease.endpoint_key, lease=lease.token, now=patience.now)


def _record(lease: _Lease, message: Message, reply: Reply, patience: Patience) -> bool:
    """Note what came of it, if the endpoint is still ours; whether to go on with its next event."""
    now = patience.now
    with transaction.atomic():
        endpoint = (
            WebhookEndpoint.objects.select_for_update(no_key=True)
            .filter(pk=lease.endpoint_key, lease=lease.token)
            .first()
        )
        if endpoint is None:
            return False
        delivery = WebhookDelivery.objects.get(pk=message.delivery_key)
        delivery.attempts += 1
        WebhookAttempt.objects.create(
            delivery=delivery, number=delivery.attempts, at=now, status_code=reply.status_code,
            failure=reply.failure, milliseconds=reply.milliseconds,
            answer="" if is_about_erased(message.event) else reply.answer[:KEPT_OF_ANSWER],
        )  # fmt: skip
        if reply.is_taken:
            _note_success(endpoint, delivery, now=now)
        else:
            _note_failure(endpoint, delivery, now=now)
        endpoint.leased_until = patience.wall() + LEASE
        delivery.save(update_fields=["attempts", "state", "finished_at"])
        endpoint.save(
            update_fields=[
                "failures", "failing_since", "next_attempt_at", "last_delivered_at",
                "leased_until",
            ]
        )  # fmt: skip
        _disable_if_hopeless(endpoint, delivery, reply, now=now)
    return endpoint.next_attempt_at is None or endpoint.next_attempt_at <= now


def _note_success(endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, now: datetime) -> None:
    # Also where it was skipped meanwhile: the receiver has it.
    delivery.state, delivery.finished_at = _State.DELIVERED, now
    endpoint.failures, endpoint.failing_since, endpoint.next_attempt_at = 0, None, None
    endpoint.last_delivered_at = now


def _note_failure(endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, now: datetime) -> None:
    """The endpoint rests; an event whose time is up is given up, and the next one tried at once."""
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    if now >= delivery.give_up_at:
        endpoint.next_attempt_at = now
        if delivery.state == _State.WAITING:
            delivery.state, delivery.finished_at = _State.GIVEN_UP, now
        return
    pause = pause_after(endpoint.failures, chance=random.random())
    # The last attempt is at the end of the time, not an hour before it.
    endpoint.next_attempt_at = min(now + pause, delivery.give_up_at)


def _disable_if_hopeless(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, reply: Reply, *, now: datetime
) -> None:
    if endpoint.status != WebhookEndpoint.Status.ACTIVE:
        return
    reasons = WebhookEndpoint.DisabledReason
    if reply.is_gone:
        disable_by_itself(endpoint, reason=reasons.GONE, now=now)
    elif (
        delivery.state == _State.GIVEN_UP
        and endpoint.failing_since is not None
        and now - endpoint.failing_since >= DISABLED_AFTER
    ):
        disable_by_itself(endpoint, reason=reasons.FAILING, now=now)
