"""What a provider's webhook says, read by django-anymail: who said it, and of which message."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.http import HttpRequest

from campaigns.channels.message import key_of_mark
from campaigns.channels.provider import MARK
from campaigns.channels.providers import Provider, webhook_view
from campaigns.domain.provider_events import EventKind, Told


class NotBelieved(Exception):
    """It is not signed, or not as this provider does."""


class Unreadable(Exception):
    """It was said by the provider, and is nothing that it says."""


# Bounces that hold for good, by each provider's own word; anymail calls all of them `bounced`.
_HARD_POSTMARK = {"HardBounce", "BadEmailAddress"}
_HARD_SPARKPOST = {"10", "30"}


def read_events(request: HttpRequest, *, by: Provider, now: datetime) -> list[Told]:
    """What is told of our own messages; of others, and opens and clicks, nothing.

    Raises:
        NotBelieved
        Unreadable
    """
    view = webhook_view(by)()
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure as failed:
        raise NotBelieved from failed
    except (AnymailError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NotBelieved from error
    try:
        events: Iterable[AnymailTrackingEvent] = view.parse_events(request)
        read = [_told(event, now=now) for event in events]
    except (
        AnymailError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
    ) as error:
        raise Unreadable from error
    return [each for each in read if each is not None]


def _told(event: AnymailTrackingEvent, *, now: datetime) -> Told | None:
    kind = _kind(event)
    mark = (event.metadata or {}).get(MARK)
    key = key_of_mark(mark) if isinstance(mark, str) else None
    if kind is None or not key:
        return None
    return Told(
        event_id=_identity(event, kind, key),
        kind=kind,
        delivery_key=key,
        recipient=event.recipient or "",
        at=min(_aware(event.timestamp) or now, now),
    )


def _kind(event: AnymailTrackingEvent) -> EventKind | None:
    match event.event_type:
        case EventType.DELIVERED:
            return "delivered"
        case EventType.BOUNCED:
            return "hard_bounce" if _is_hard(event) else "soft_bounce"
        case EventType.REJECTED | EventType.FAILED:
            is_hard = event.reject_reason == RejectReason.INVALID
            return "hard_bounce" if is_hard else "rejected"
        case EventType.COMPLAINED:
            return "complaint"
        case EventType.UNSUBSCRIBED:
            return "unsubscribe"
        case _:
            return None


def _is_hard(event: AnymailTrackingEvent) -> bool:
    """Whether the address is at fault for good, as far as its provider says."""
    told: Any = event.esp_event
    if not isinstance(told, dict):
        return event.reject_reason in (RejectReason.INVALID, RejectReason.BOUNCED)
    if "RecordType" in told:  # Postmark
        return told.get("Type") in _HARD_POSTMARK
    if "event-data" in told:  # Mailgun tells what failed for the moment as deferred
        return event.reject_reason == RejectReason.BOUNCED
    if "msys" in told:  # SparkPost
        (said,) = told["msys"].values()
        return str(said.get("bounce_class")) in _HARD_SPARKPOST
    if "hard_bounce" in told:  # Mailjet
        return bool(told["hard_bounce"])
    if "sg_event_id" in told:  # SendGrid: `blocked` is the mailbox provider's word of the moment
        return told.get("type") == "bounce"
    if str(told.get("type", "")).startswith("email."):  # Resend
        bounce = (told.get("data") or {}).get("bounce") or {}
        return bounce.get("type") == "Permanent"
    return told.get("event") in ("hard_bounce", "invalid_email")  # Brevo


def _identity(event: AnymailTrackingEvent, kind: EventKind, key: int) -> str:
    """The same whenever it is told. Mailgun's token is another one each time, and some have no id."""
    told: Any = event.esp_event
    if isinstance(told, dict) and "event-data" in told:
        data = told["event-data"]
        known = f"{data.get('id', '')} {data.get('timestamp', '')}"
    else:
        known = event.event_id or f"{event.message_id} {event.recipient} {event.timestamp}"
    return sha256(f"{kind} {key} {known}".encode()).hexdigest()


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
