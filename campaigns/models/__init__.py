"""The tables of campaigns."""

from campaigns.models.campaign import Campaign, Occurrence
from campaigns.models.delivery import Delivery
from campaigns.models.response import Link, Response

__all__ = ["Campaign", "Delivery", "Link", "Occurrence", "Response"]
