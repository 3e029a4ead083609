"""Subscriptions to push messages as they are told and answered."""

from datetime import datetime

from msgspec import Struct

from campaigns.domain.push import Endpoint, PushKeys
from campaigns.models import PushSubscription
from common.fields import ShopId


class PushSubscriptionRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `PushSubscription.toJSON()` says in the browser."""

    endpoint: Endpoint
    keys: PushKeys
    #: Milliseconds since 1970, by the browser; not kept: the push service says when it is over.
    expirationTime: int | float | None = None  # the browser's own spelling


class PushSubscriptionResponse(Struct, frozen=True, kw_only=True):
    """A browser that messages go to. Its secret is not told again."""

    subscription_id: ShopId
    endpoint: str
    created_at: datetime


class PushKeyResponse(Struct, frozen=True):
    """The shop's public key (VAPID), for `applicationServerKey`."""

    public_key: str


def push_subscription_response(row: PushSubscription) -> PushSubscriptionResponse:
    """The row as the answer."""
    return PushSubscriptionResponse(
        subscription_id=row.reference, endpoint=row.endpoint, created_at=row.created_at
    )
