"""What webhook endpoints look like from outside."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from common.fields import NO_NUL, Instant
from journal.domain.event_types import EVENT_TYPES
from journal.domain.receivers import LONGEST_URL
from journal.models import WebhookEndpoint

Status = Literal["active", "disabled"]

_Url = Annotated[
    str,
    NO_NUL,
    Meta(
        min_length=1,
        max_length=LONGEST_URL,
        description=(
            "https; its name must not resolve to an address that is not public. Redirects are not"
            " followed."
        ),
        examples=["https://shop.example/webhooks"],
    ),
]
_EventType = Annotated[
    str,
    Meta(
        description=f"One of {', '.join(f'`{name}`' for name in EVENT_TYPES)}.",
        examples=["redemption.created"],
    ),
]


class PutWebhookEndpointRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where which events are sent. `active` enables an endpoint that was disabled."""

    url: _Url
    event_types: Annotated[list[_EventType], Meta(min_length=1, max_length=100)]
    status: Status = "active"


class WebhookEndpointResponse(Struct, frozen=True, kw_only=True):
    """Somebody who is told of events."""

    endpoint_id: str
    url: str
    event_types: list[str]
    status: Status
    disabled_at: datetime | None
    #: `by_hand`, `gone` (it answered 410), or `failing` (it took nothing for five days).
    disabled_reason: Literal["by_hand", "gone", "failing"] | None
    #: Since when each attempt has failed; null where the last one did not.
    failing_since: datetime | None
    last_delivered_at: datetime | None
    #: Until when messages are signed with the former secret too; null where there is none.
    former_secret_until: datetime | None
    created_at: datetime


class SecretWebhookEndpointResponse(WebhookEndpointResponse, frozen=True, kw_only=True):
    """The same with its new secret, which is shown this once."""

    #: `whsec_` and 32 bytes in base64, as libraries of Standard Webhooks take it.
    secret: str


class ReplayWebhooksRequest(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from"}
):
    """The period whose events are sent again; its end is not part of it."""

    since: Instant
    until: Instant


class ReplayWebhooksResponse(Struct, frozen=True):
    """How many events were queued."""

    endpoint_id: str
    queued: int


def endpoint_request(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """The endpoint as `PUT` takes it."""
    return {
        "url": endpoint.url,
        "event_types": endpoint.event_types,
        "status": endpoint.status,
    }


def endpoint_response(
    endpoint: WebhookEndpoint, *, former_secret_until: datetime | None, secret: str | None = None
) -> WebhookEndpointResponse:
    """The endpoint as an answer; with a `secret` the one that shows it."""
    fields: dict[str, Any] = {
        "endpoint_id": endpoint.reference,
        "url": endpoint.url,
        "event_types": endpoint.event_types,
        "status": endpoint.status,
        "disabled_at": endpoint.disabled_at,
        "disabled_reason": endpoint.disabled_reason or None,
        "failing_since": endpoint.failing_since,
        "last_delivered_at": endpoint.last_delivered_at,
        "former_secret_until": former_secret_until,
        "created_at": endpoint.created_at,
    }
    if secret is None:
        return WebhookEndpointResponse(**fields)
    return SecretWebhookEndpointResponse(**fields, secret=secret)
