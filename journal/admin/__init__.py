"""The staff's pages on webhooks, and bases of all pages: history, what a job does, files taken in."""

from journal.admin import deliveries, endpoints

__all__ = ["deliveries", "endpoints"]
