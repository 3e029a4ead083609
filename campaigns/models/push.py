"""Browsers and apps that customers get push messages on."""

from django.db import models


class PushSubscription(models.Model):
    """A way to one browser or app of a customer's, as the Push API of the web tells it."""

    # As of a delivery, not checked for each row.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    #: The shop's own id of it.
    reference = models.CharField(max_length=128, db_collation="C")
    endpoint = models.CharField(max_length=1000, db_collation="C")
    #: What messages are encrypted with, as base64 for addresses: the browser's key, and a secret.
    p256dh = models.CharField(max_length=87)
    auth = models.CharField(max_length=22)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_push_id_once_per_customer", fields=["customer", "reference"]
            ),
            models.UniqueConstraint(name="campaigns_push_endpoint_once", fields=["endpoint"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} of {self.customer_id}"
