"""Reads: what campaigns hold of a customer."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from campaigns.models import Delivery, Link, Response
from common.rows import in_pieces


def personal_data(*, customer_key: int) -> Mapping[str, Iterator[dict[str, Any]]]:
    """The messages that the customer got, or did not get and why, and what came back, in plain values."""
    return {
        "deliveries": _deliveries(customer_key),
        "message_responses": _responses(customer_key),
    }


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
