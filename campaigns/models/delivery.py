"""Deliveries: who is to get what, when, and what came of it. The row is the queue."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign

#: States in which it is still to be worked on.
OPEN = ("pending", "claimed", "submitting")


class Delivery(models.Model):
    """One message to one customer on one occasion: at most one, whatever is run twice."""

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        CLAIMED = "claimed", "claimed"
        SUBMITTING = "submitting", "submitting"
        ACCEPTED = "accepted", "accepted"
        DELIVERED = "delivered", "delivered"
        BOUNCED = "bounced", "bounced"
        COMPLAINED = "complained", "complained"
        NO_CONSENT = "no_consent", "no consent"
        SUPPRESSED = "suppressed", "suppressed"
        CAPPED = "capped", "capped"
        HELD_OUT = "held_out", "held out"
        EXPIRED = "expired", "expired"
        RENDER_FAILED = "render_failed", "render failed"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"
        UNKNOWN = "unknown", "unknown"

    #: Null: the mail that asks to confirm a consent.
    #: The database looks it up by a trigger, once for all rows of a statement.
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    occurrence = models.CharField(max_length=200, db_collation="C")
    # Customers are never deleted, and a check for each of a million rows would cost as much as
    # writing them.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    channel = models.CharField(max_length=10, choices=Campaign.Channel)
    #: Empty: the campaign's own content.
    variant = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=15, choices=State)
    #: A code; empty while it is open, and where the message was accepted.
    reason = models.CharField(max_length=40, blank=True)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    #: What it is about: the key of the order, code, event or membership that the trigger names.
    subject = models.BigIntegerField(null=True)
    enlisted_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    code = models.ForeignKey(
        "promotions.Code", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: When the gates let it pass: from then on it counts for caps.
    passed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                name="campaigns_delivery_once",
                fields=["campaign", "occurrence", "customer", "channel"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="campaigns_delivery_closed_with_its_end",
                condition=Q(state__in=OPEN, closed_at__isnull=True)
                | ~Q(state__in=OPEN) & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaigns_delivery_unsent_with_reason",
                condition=Q(state__in=[*OPEN, "accepted", "delivered"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="campaigns_delivery_leased_while_worked_on",
                condition=Q(state__in=["claimed", "submitting"], lease__isnull=False)
                & Q(leased_until__isnull=False)
                | ~Q(state__in=["claimed", "submitting"]) & Q(lease__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_delivery_of_campaign_or_consent",
                condition=Q(campaign__isnull=False) | Q(occurrence__startswith="consent:"),
            ),
            models.UniqueConstraint(
                name="campaigns_delivery_code_of_one",
                fields=["code"],
                condition=Q(code__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="campaigns_delivery_pending",
                fields=["campaign", "not_before"],
                condition=Q(state="pending"),
            ),
            models.Index(
                name="campaigns_delivery_leased",
                fields=["leased_until"],
                condition=Q(state__in=["claimed", "submitting"]),
            ),
            models.Index(name="campaigns_delivery_of_customer", fields=["customer", "id"]),
            models.Index(
                name="campaigns_delivery_bounced",
                fields=["campaign", "submitted_at"],
                condition=Q(state__in=["bounced", "complained"]) | Q(reason="no_such_address"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence} of {self.campaign_id} to {self.customer_id}: {self.state}"
