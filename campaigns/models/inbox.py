"""What customers find in the shop when they come."""

from django.db import models

from campaigns.models.delivery import Delivery
from common.ids import new_id


class InboxMessage(models.Model):
    """A message in a customer's inbox, as it was written for them."""

    message_id = models.UUIDField(unique=True, default=new_id)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # As of its delivery, and like there not checked for each row.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    #: `campaigns.domain.notes.note.Told`: frozen, whatever becomes of the campaign.
    content = models.JSONField()
    sent_at = models.DateTimeField()
    #: From then on it is not shown.
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="campaigns_inbox_once_per_delivery", fields=["delivery"]),
            models.CheckConstraint(
                name="campaigns_inbox_ends_after_start",
                condition=models.Q(expires_at__gt=models.F("sent_at")),
            ),
        ]
        indexes = [
            models.Index(name="campaigns_inbox_of_customer", fields=["customer", "id"]),
            models.Index(name="campaigns_inbox_by_end", fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id} to {self.customer_id}"
