"""Reads: campaigns and what they say of themselves."""

from datetime import timedelta

import msgspec
from django.db.models import Count, Q, QuerySet

from campaigns.domain.definition import CampaignDefinition
from campaigns.models import Campaign, Delivery
from campaigns.models.delivery import OPEN
from common.money import format_percent
from journal.queries import history_of

_MOST_BEHIND = 100


def definition_of(campaign: Campaign) -> CampaignDefinition:
    """The row in the contract's words, every field filled."""
    shape = {
        "name": campaign.name,
        "channel": campaign.channel,
        "purpose": campaign.purpose,
        "audience": campaign.audience,
        "promotion_id": campaign.promotion.reference if campaign.promotion else None,
        "code_valid_days": campaign.code_valid_days,
        "slot": campaign.slot,
        "placement": campaign.placement,
        "trigger": campaign.trigger,
        "timezone": campaign.timezone,
        "content": campaign.content,
        "variants": campaign.variants,
        "holdout_percent": format_percent(campaign.holdout_percent),
        "quiet_hours": campaign.quiet_hours,
        "expires_after_hours": campaign.expires_after_hours,
        "priority": campaign.priority,
    }
    return msgspec.convert(shape, CampaignDefinition)


def campaign_by_id(campaign_id: str) -> Campaign | None:
    """The campaign with this id of the shop's, with its promotion."""
    return Campaign.objects.select_related("promotion").filter(reference=campaign_id).first()


def campaigns_after(
    campaign_id: str | None, *, status: str | None, limit: int
) -> "QuerySet[Campaign]":
    """Up to `limit` campaigns by id, from the one after `campaign_id`, with their promotions."""
    rows = Campaign.objects.select_related("promotion").order_by("reference")
    if campaign_id is not None:
        rows = rows.filter(reference__gt=campaign_id)
    if status is not None:
        rows = rows.filter(status=status)
    return rows[:limit]


def users_of_segment(segment_id: str) -> list[str]:
    """The campaigns that name the segment (the shop's id of it), as paths of the API."""
    rows = Campaign.objects.filter(
        Q(audience__segments__contains=[segment_id])
        | Q(audience__exclude_segments__contains=[segment_id])
        | Q(trigger__contains={"segment_id": segment_id})
    )
    return [
        f"campaigns/{name}"
        for name in rows.order_by("reference").values_list("reference", flat=True)
    ]


def states_of(campaign_key: int) -> dict[str, int]:
    """How many of the campaign's deliveries are in each state."""
    rows = Delivery.objects.filter(campaign_id=campaign_key).values("state")
    counted = rows.annotate(count=Count("id")).order_by("state")
    return {row["state"]: row["count"] for row in counted}


def is_enlisted(campaign_key: int) -> bool:
    """Whether anybody was ever enlisted for it."""
    return Delivery.objects.filter(campaign_id=campaign_key).exists()


def has_open_deliveries(campaign_key: int) -> bool:
    """Whether any of them is still to be worked on."""
    return Delivery.objects.filter(campaign_id=campaign_key, state__in=OPEN).exists()


def expiry_of(campaign: Campaign) -> timedelta | None:
    """How late a delivery may be."""
    hours = campaign.expires_after_hours
    return timedelta(hours=hours) if hours is not None else None


def definition_at(campaign: Campaign, revision: int) -> CampaignDefinition:
    """What it was at an earlier revision, by the audit trail: whatever people change has its entry there.

    As it is now where that revision is too long ago.
    """
    behind = campaign.revision - revision
    shape = msgspec.to_builtins(definition_of(campaign))
    if 0 < behind <= _MOST_BEHIND:
        trail = history_of(subject_kind="campaign", subject_id=campaign.reference)
        for entry in trail.order_by("-id")[:behind]:
            if entry.action == "campaign.changed":
                shape |= entry.before or {}
    return msgspec.convert(shape, CampaignDefinition)
