"""What mail providers told of messages."""

from django.db import models

from campaigns.models.delivery import Delivery


class ProviderEvent(models.Model):
    """One thing that a provider said of one message: kept once, however often it is told."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered", "delivered"
        HARD_BOUNCE = "hard_bounce", "hard bounce"
        SOFT_BOUNCE = "soft_bounce", "soft bounce"
        REJECTED = "rejected", "rejected"
        COMPLAINT = "complaint", "complaint"
        UNSUBSCRIBE = "unsubscribe", "unsubscribe"

    provider = models.CharField(max_length=20)
    #: The provider's own, or a hash of what it said.
    event_id = models.CharField(max_length=128, db_collation="C")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="provider_events")
    kind = models.CharField(max_length=15, choices=Kind)
    #: A keyed hash of the address, as suppression remembers it; null: it was not told.
    email_hash = models.BinaryField(max_length=32, null=True)
    #: When it happened, by the provider's clock.
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_providerevent_once", fields=["provider", "event_id"]
            ),
        ]
        indexes = [
            models.Index(name="campaigns_event_by_address", fields=["email_hash", "-at"]),
            models.Index(name="campaigns_event_by_age", fields=["received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}: {self.kind}"
