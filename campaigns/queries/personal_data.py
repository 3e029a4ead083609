"""Reads: what campaigns hold of a customer."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from campaigns.models import (
    AudienceMember,
    Delivery,
    Impression,
    InboxMessage,
    Link,
    ProviderEvent,
    PushSubscription,
    Response,
)
from common.rows import in_pieces


def personal_data(*, customer_key: int) -> Mapping[str, Iterator[dict[str, Any]]]:
    """The messages that the customer got, or did not get and why, and what came back, in plain values."""
    return {
        "deliveries": _deliveries(customer_key),
        "message_responses": _responses(customer_key),
        "provider_events": _provider_events(customer_key),
        "inbox": _inbox(customer_key),
        "impressions": _impressions(customer_key),
        "audiences": _audiences(customer_key),
        "push_subscriptions": _subscriptions(customer_key),
    }


def _provider_events(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = ProviderEvent.objects.filter(delivery__customer_id=customer_key)
    for row in in_pieces(rows):
        names = ("provider", "kind", "at", "received_at")
        yield {name: getattr(row, name) for name in names}


def _deliveries(customer_key: int) -> Iterator[dict[str, Any]]:
    names = ("occurrence", "channel", "variant", "state", "reason", "not_before", "enlisted_at",
             "submitted_at", "closed_at")  # fmt: skip
    rows = Delivery.objects.filter(customer_id=customer_key).select_related("campaign", "code")
    for row in in_pieces(rows):
        yield {
            "campaign_id": row.campaign.reference if row.campaign is not None else None,
            **{name: getattr(row, name) for name in names},
            "code": row.code.spelling if row.code is not None else None,
        }


def _responses(customer_key: int) -> Iterator[dict[str, Any]]:
    links = Link.objects.filter(
        campaign=OuterRef("delivery__campaign"), number=OuterRef("link")
    ).values("url")
    rows = Response.objects.filter(delivery__customer_id=customer_key)
    rows = rows.select_related("delivery__campaign").annotate(url=Subquery(links))
    for row in in_pieces(rows):
        campaign = row.delivery.campaign
        yield {
            "campaign_id": campaign.reference if campaign is not None else None,
            "occurrence": row.delivery.occurrence,
            **{name: getattr(row, name) for name in ("kind", "at", "agent", "url")},
        }


def _inbox(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = InboxMessage.objects.filter(customer_id=customer_key)
    for row in in_pieces(rows.select_related("delivery__campaign")):
        campaign = row.delivery.campaign
        yield {
            "campaign_id": campaign.reference if campaign is not None else None,
            **row.content, "sent_at": row.sent_at, "expires_at": row.expires_at,
        }  # fmt: skip


def _impressions(customer_key: int) -> Iterator[dict[str, Any]]:
    rows = Impression.objects.filter(customer_id=customer_key).select_related("campaign")
    for row in in_pieces(rows):
        yield {
            "campaign_id": row.campaign.reference, "views": row.views, "first_at": row.first_at,
            "last_at": row.last_at,
        }  # fmt: skip


def _audiences(customer_key: int) -> Iterator[dict[str, Any]]:
    """Which advertising networks were told of them."""
    for row in in_pieces(AudienceMember.objects.filter(customer_id=customer_key)):
        yield {
            "segment_id": row.segment, "network": row.network, "entered_at": row.entered_at,
            "left_at": row.left_at,
        }  # fmt: skip


def _subscriptions(customer_key: int) -> Iterator[dict[str, Any]]:
    for row in in_pieces(PushSubscription.objects.filter(customer_id=customer_key)):
        yield {"id": row.reference, "endpoint": row.endpoint, "created_at": row.created_at}
