"""Tables of the checkout: what is held, what was redeemed, and why."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import new_id


class Reservation(models.Model):
    """A promise: a priced cart whose codes, limits and budgets are held until `expires_at`.

    The row is the gate: redeem, release, extend, change and sweep each update it only while it is
    active, so that one of them wins. `cart` and `quote` are frozen: the promised price is kept.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        REDEEMED = "redeemed", "redeemed"
        RELEASED = "released", "released"
        EXPIRED = "expired", "expired"

    id = models.UUIDField(primary_key=True, default=new_id)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    cart = models.JSONField()
    quote = models.JSONField()
    #: The minimums that its offers needed, for the returns that may go below them.
    minimums = models.JSONField(default=list)
    decision_id = models.UUIDField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checkout_reservation_ended_has_instant",
                condition=Q(status="active", ended_at__isnull=True)
                | (~Q(status="active") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                name="checkout_reservation_due",
                fields=["expires_at"],
                condition=Q(status="active"),
            ),
            models.Index(name="checkout_reservation_of_cust", fields=["customer", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.id.hex} ({self.status})"

    def is_due(self, *, now: datetime) -> bool:
        """Whether it should have expired by `now`, whether or not anybody has looked."""
        return self.status == self.Status.ACTIVE and self.expires_at <= now


class Redemption(models.Model):
    """An order whose offers were used. `quote` is the answer of that moment and never changes."""

    class Status(models.TextChoices):
        REDEEMED = "redeemed", "redeemed"
        CANCELLED = "cancelled", "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.OneToOneField(
        "customers.Order", on_delete=models.PROTECT, related_name="redemption"
    )
    reservation = models.OneToOneField(
        Reservation, on_delete=models.PROTECT, null=True, related_name="redemption"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.REDEEMED)
    quote = models.JSONField()
    #: The minimums that its offers needed, for the returns that may go below them.
    minimums = models.JSONField(default=list)
    decision_id = models.UUIDField()
    redeemed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    #: When its uses were given back: by a cancel, or by the return that completed the order.
    restored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.CheckConstraint(
                name="checkout_redemption_cancelled_has_instants",
                condition=Q(status="redeemed", cancelled_at__isnull=True)
                | Q(
                    status="cancelled",
                    cancelled_at__isnull=False,
                    restored_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(name="checkout_redemption_of_cust", fields=["customer", "redeemed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.id.hex} ({self.status})"


class Decision(models.Model):
    """Why a checkout call was answered as it was. Kept 90 days, in weekly partitions by `made_at`.

    `id` carries its own instant, so that one partition is asked. Holds ids and figures only.
    """

    class Kind(models.TextChoices):
        VALIDATE = "validate", "validate"
        RESERVE = "reserve", "reserve"
        REDEEM = "redeem", "redeem"

    id = models.UUIDField(primary_key=True)
    #: The real instant in `id`; `content.at` is the instant that the call was evaluated for.
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    customer_key = models.BigIntegerField(null=True)
    content = models.JSONField()

    class Meta:
        managed = False
        db_table = "checkout_decision"

    def __str__(self) -> str:
        return f"{self.kind} {self.id.hex}"
