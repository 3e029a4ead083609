"""The tables of campaigns."""

from campaigns.models.campaign import Campaign, Occurrence
from campaigns.models.delivery import Delivery

__all__ = ["Campaign", "Delivery", "Occurrence"]
