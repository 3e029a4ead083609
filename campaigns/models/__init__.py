"""The tables of campaigns."""

from campaigns.models.campaign import Campaign, Occurrence
from campaigns.models.delivery import Delivery
from campaigns.models.impression import Impression
from campaigns.models.inbox import InboxMessage

__all__ = ["Campaign", "Delivery", "Impression", "InboxMessage", "Occurrence"]
