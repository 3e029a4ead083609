"""Holds: money put aside for a checkout or a payout, and what became of it, once."""

from django.db import models
from django.db.models import Q

from common.ids import new_id


class Hold(models.Model):
    """Money put aside. A reservation that changes its cart has several in turn.

    Nothing of it changes but its end, which a reservation may put off.
    """

    class Purpose(models.TextChoices):
        CHECKOUT = "checkout", "checkout"
        PAYOUT = "payout", "payout"

    id = models.UUIDField(primary_key=True, default=new_id)
    wallet = models.ForeignKey("cashback.Wallet", on_delete=models.PROTECT, related_name="holds")
    purpose = models.CharField(max_length=10, choices=Purpose)
    #: The reservation, the redemption without one, or the payout.
    reference = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    #: It ends then by itself; null: not before somebody ends it.
    expires_at = models.DateTimeField(null=True)
    posting = models.ForeignKey(
        "cashback.Posting", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cashback_hold_once_per_number", fields=["reference", "purpose", "number"]
            ),
            models.CheckConstraint(
                name="cashback_hold_amount_above_zero", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.purpose} {self.reference}"


class HoldOutcome(models.Model):
    """What became of a hold: once out of `held`, and of a payout once more out of clearing. Append-only."""

    class Stage(models.TextChoices):
        HELD = "held", "held"
        CLEARING = "clearing", "clearing"

    class Outcome(models.TextChoices):
        RELEASED = "released", "released"
        SPENT = "spent", "spent"
        SUBMITTED = "submitted", "submitted"
        PAID = "paid", "paid"
        FAILED = "failed", "failed"

    pk = models.CompositePrimaryKey("hold_id", "stage")
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, related_name="outcomes", db_index=False
    )
    stage = models.CharField(max_length=10, choices=Stage)
    outcome = models.CharField(max_length=10, choices=Outcome)
    posting = models.ForeignKey("cashback.Posting", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_outcome_fits_its_stage",
                condition=Q(stage="held", outcome__in=["released", "spent", "submitted"])
                | Q(stage="clearing", outcome__in=["paid", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.hold_id}"
