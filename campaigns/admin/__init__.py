"""The staff's pages: campaigns and their deliveries. They show, and call one action."""

from campaigns.admin import campaigns, deliveries

__all__ = ["campaigns", "deliveries"]
