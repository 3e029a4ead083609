"""Tables of the checkout: what is held, what was redeemed, and why."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import new_id, public_id


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
            models.Index(
                name="checkout_reservation_over",
                fields=["ended_at"],
                condition=Q(status__in=["released", "expired"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id.hex} ({self.status})"

    def is_due(self, *, now: datetime) -> bool:
        """Whether it should have expired by `now`, whether or not anybody has looked."""
        return self.status == self.Status.ACTIVE and self.expires_at <= now


class Redemption(models.Model):
    """An order whose offers were used. `quote` is the answer of that moment and never changes."""

    class Status(models.TextChoices):
        REDEEMED = "redeemed", _("redeemed")
        CANCELLED = "cancelled", _("cancelled")

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
        return public_id("red", self.id)


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
    #: How it ended and for what; see `checkout.domain.why`.
    content = models.JSONField()
    #: Every rule with the values compared, packed; none where a promise was kept.
    findings = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "checkout_decision"
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.kind} {self.id.hex}"


class Uncounted(models.Model):
    """Something that the reports do not count yet, written in the transaction that made it true.

    The row goes in the transaction that counts it. So whatever commits late is counted late, and
    nothing is counted twice or lost, whoever counts when, and whatever clock the calls were given.
    """

    decision_id = models.UUIDField(null=True)
    #: The decision's `made_at`, so that one partition is asked.
    decided_at = models.DateTimeField(null=True)
    redemption_id = models.UUIDField(null=True)
    cancelled_redemption_id = models.UUIDField(null=True)
    #: A redemption whose uses were given back.
    restored_redemption_id = models.UUIDField(null=True)
    #: A return of a redeemed order.
    return_key = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checkout_uncounted_is_something",
                condition=Q(decision_id__isnull=False, decided_at__isnull=False)
                | Q(redemption_id__isnull=False)
                | Q(cancelled_redemption_id__isnull=False)
                | Q(restored_redemption_id__isnull=False)
                | Q(return_key__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"uncounted {self.pk}"


class CallDay(models.Model):
    """How often a promotion was considered in one day's calls, and to what end.

    One of a call for each of its codes, or for itself if it is automatic. Outlives the decisions
    that it counts.
    """

    APPLIED = "applied"
    LEFT_OUT = "left_out"

    promotion_id = models.CharField(max_length=128)
    #: In the shop's time zone, by the instant that the call was evaluated for.
    day = models.DateField()
    #: The Monday of the partition that the decisions are in: so long they can be counted again.
    week = models.DateField()
    kind = models.CharField(max_length=10, choices=Decision.Kind)
    #: `applied`, `left_out`, or the reason code of a refusal.
    outcome = models.CharField(max_length=40)
    calls = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="checkout_call_day_once",
                fields=["promotion_id", "day", "week", "kind", "outcome"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.day}: {self.calls} {self.outcome}"


class PromotionDay(models.Model):
    """What became of one day's redemptions of a promotion, whenever it became of them.

    The day is that of the redemption, in the shop's time zone. Amounts in minor units of `currency`.
    """

    promotion_id = models.CharField(max_length=128)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    redeemed = models.BigIntegerField(default=0)
    #: Of those redeemed, like all that follows.
    cancelled = models.BigIntegerField(default=0)
    #: Uses that were given back, by a cancel or the return that completed an order.
    restored = models.BigIntegerField(default=0)
    #: What the promotion took, cancelled orders apart.
    discount = models.BigIntegerField(default=0)
    #: What the whole orders came to after all discounts, shipping included, cancelled ones apart.
    revenue = models.BigIntegerField(default=0)
    #: Orders of which something came back, the units of it, and the money for it.
    returned = models.BigIntegerField(default=0)
    returned_units = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                name="checkout_promotion_day_once", fields=["promotion_id", "day", "currency"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.day}: {self.redeemed} redeemed"
