"""What is left of people who were erased: pseudonyms' beginnings, and whom no mail may reach."""

from django.db import models


class Erasure(models.Model):
    """A customer who was erased. The row in `Customer` stays, emptied, under a pseudonym: orders and
    redemptions hang on it.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.PROTECT, related_name="erasure"
    )
    #: Keyed hash of the shop's former id, to answer alike when it is asked again.
    reference_hash = models.BinaryField(max_length=32)
    erased_at = models.DateTimeField()
    #: When it was gone over once more, for what calls had under way.
    swept_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="customers_erasure_of_id", fields=["reference_hash", "erased_at"]),
            models.Index(
                name="customers_erasure_unswept",
                fields=["erased_at"],
                condition=models.Q(swept_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.erased_at:%Y-%m-%d}"


class Suppression(models.Model):
    """Why an address gets no mail, whoever imports it again. Only its keyed hash is known."""

    class Reason(models.TextChoices):
        ERASED = "erased", "erased"
        BOUNCED = "bounced", "bounced"
        COMPLAINED = "complained", "complained"

    email_hash = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=20, choices=Reason)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_suppression_once_per_reason", fields=["email_hash", "reason"]
            ),
        ]

    def __str__(self) -> str:
        return f"{bytes(self.email_hash).hex()[:12]} ({self.reason})"
