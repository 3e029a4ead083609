"""The tables of campaigns."""

from campaigns.models.audience import AudienceExport, AudienceMember
from campaigns.models.campaign import Campaign, Occurrence
from campaigns.models.delivery import Delivery
from campaigns.models.impression import Impression
from campaigns.models.inbox import InboxMessage
from campaigns.models.provider_event import ProviderEvent
from campaigns.models.push import PushSubscription
from campaigns.models.response import Link, Response

__all__ = [
    "AudienceExport",
    "AudienceMember",
    "Campaign",
    "Delivery",
    "Impression",
    "InboxMessage",
    "Link",
    "Occurrence",
    "ProviderEvent",
    "PushSubscription",
    "Response",
]
