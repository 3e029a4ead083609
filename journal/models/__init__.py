"""Tables: events for the outside, the audit trail, background jobs and their files, webhooks."""

from journal.models.events import AuditEntry, FilePiece, Job, OutboxEvent, RowError, RowTaken
from journal.models.webhooks import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)

__all__ = [
    "AuditEntry", "FilePiece", "Job", "OutboxEvent", "RowError", "RowTaken", "WebhookAttempt",
    "WebhookDelivery", "WebhookEndpoint", "WebhookSecret",
]  # fmt: skip
