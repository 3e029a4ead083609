"""Acts: what waits first for an endpoint, as a signed message, is posted to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from common.ids import public_id
from common.seals import BrokenSeal, unseal
from journal import channels
from journal.actions.endpoints import SEALED_FOR
from journal.channels import Reply
from journal.domain.receivers import NoReceiver, parse_receiver
from journal.domain.signing import signed_headers
from journal.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from journal.queries import secrets_of

CustomerIds = Callable[[Sequence[int]], Mapping[int, str]]
_customer_ids: CustomerIds | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """The event at the head of an endpoint's queue, and where it goes."""

    delivery_key: int
    url: str
    event: OutboxEvent
    secrets: list[bytes]


def register_customer_ids(lookup: CustomerIds) -> None:
    """Say what the shop calls its customers, by key, save those who were erased; called once, when
    the service starts.
    """
    global _customer_ids
    _customer_ids = lookup


def next_message(*, endpoint_key: int, lease: UUID, now: datetime) -> Message | None:
    """The first event that waits; None where none is due, or the lease is not good any more."""
    head = (
        WebhookDelivery.objects.filter(
            endpoint_id=endpoint_key,
            endpoint__lease=lease,
            endpoint__status=WebhookEndpoint.Status.ACTIVE,
            state=WebhookDelivery.State.WAITING,
            due_at__lte=now,
        )
        .select_related("event", "endpoint")
        .order_by("pk")
        .first()
    )
    if head is None:
        return None
    return Message(head.pk, head.endpoint.url, head.event, secrets_of(endpoint_key, now=now))


def send_message(message: Message, *, wall: Callable[[], datetime]) -> Reply:
    """Post it, signed with every secret that is in use; what came of it. In no transaction."""
    allow_private = settings.WEBHOOK_ALLOW_PRIVATE
    try:
        receiver = parse_receiver(message.url, allow_plain=allow_private)
    except NoReceiver:
        # It was allowed when it was put; the setting has changed since.
        return Reply(None, channels.Failure.ADDRESS, 0)
    secrets = list(_opened(message.secrets))
    if not secrets:
        return Reply(None, channels.Failure.SECRET, 0)
    body = body_of(message.event)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "promotions-webhooks/1",
        **signed_headers(
            secrets,
            message_id=public_id("evt", message.event.event_id),
            timestamp=int(wall().timestamp()),
            body=body,
        ),
    }
    return channels.post(receiver, body=body, headers=headers, allow_private=allow_private)


def body_of(event: OutboxEvent) -> bytes:
    """The message: made anew for each attempt, so that an id which was erased is in it no more.

    An event that names somebody itself (that they were erased) goes on doing so.
    """
    told: dict[str, Any] = dict(event.payload)
    if event.customer_key is not None and "customer_id" not in told:
        told["customer_id"] = _customer_id(event.customer_key)
    return msgspec.json.encode({"type": event.type, "timestamp": event.occurred_at, "data": told})


def is_about_erased(event: OutboxEvent) -> bool:
    """It is about a customer who was erased: of what is answered to it nothing may be kept."""
    return event.customer_key is not None and _customer_id(event.customer_key) is None


def _customer_id(key: int) -> str | None:
    return _customer_ids([key]).get(key) if _customer_ids is not None else None


def _opened(sealed: Sequence[bytes]) -> Iterator[str]:
    """The secrets, save those that were sealed with another SECRET_KEY."""
    for each in sealed:
        with suppress(BrokenSeal):
            yield unseal(each, purpose=SEALED_FOR).decode()
