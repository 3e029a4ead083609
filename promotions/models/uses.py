"""What was used and what is held: the uses are the source, the counters their sums."""

from django.db import models
from django.db.models import Q


class PromotionUse(models.Model):
    """One use of a promotion by one checkout: held by a reservation, or used by a redemption."""

    class Status(models.TextChoices):
        HELD = "held", "held"
        USED = "used", "used"
        RELEASED = "released", "released"
        RESTORED = "restored", "restored"

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.PROTECT, related_name="uses"
    )
    code = models.ForeignKey(
        "promotions.Code", on_delete=models.PROTECT, null=True, related_name="uses"
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The checkout's own ids: a reservation that holds it, a redemption that used it.
    reservation_id = models.UUIDField(null=True)
    redemption_id = models.UUIDField(null=True)
    #: What the promotion took (items and shipping), minor units of `currency`.
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status)
    #: Whether a cancel gives it back: the promotion's word when it was used.
    restores = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promotions_use_amount_not_below_zero", condition=Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="promotions_use_used_has_redemption",
                condition=Q(status__in=["held", "released"], redemption_id__isnull=True)
                | Q(status__in=["used", "restored"], redemption_id__isnull=False),
            ),
            models.CheckConstraint(
                name="promotions_use_held_has_reservation",
                condition=~Q(status__in=["held", "released"]) | Q(reservation_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="promotions_use_once_per_redemption",
                fields=["redemption_id", "promotion"],
                condition=Q(redemption_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="promotions_use_of_reservation",
                fields=["reservation_id"],
                condition=Q(reservation_id__isnull=False),
            ),
            models.Index(name="promotions_use_by_promotion", fields=["promotion", "status"]),
            models.Index(
                name="promotions_use_of_code",
                fields=["code"],
                condition=Q(code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} use of {self.promotion_id}"


class PromotionCounter(models.Model):
    """A promotion's uses and discount: counted and held. Hot, so it is updated last, and narrow.

    There is no CHECK against the limit: staff may lower it below what was used.
    """

    promotion = models.OneToOneField(
        "promotions.Promotion",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="counter",
    )
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    #: Minor units of the promotion's currency (of all currencies together where it has none).
    spent = models.BigIntegerField(default=0)
    held_amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="promotions_counter_not_below_zero",
                condition=Q(used__gte=0, held__gte=0, spent__gte=0, held_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.used}+{self.held}"


class BudgetThreshold(models.Model):
    """A share of a discount budget that is spent; each budget of a promotion passes it once."""

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    #: Minor units of the promotion's currency.
    budget = models.BigIntegerField()
    percent = models.PositiveSmallIntegerField()
    #: What was spent by then.
    spent = models.BigIntegerField()
    reached_at = models.DateTimeField()
    #: Whether an event tells it. None does of what a new budget found behind it, if that was told.
    is_told = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="promotions_threshold_once_per_budget",
                fields=["promotion", "budget", "percent"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.budget} of {self.promotion_id}"


class CustomerCount(models.Model):
    """How often one customer used and holds a promotion."""

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="+"
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="promotions_count_once_per_customer",
                fields=["customer", "promotion"],
            ),
            models.CheckConstraint(
                name="promotions_count_not_below_zero",
                condition=Q(used__gte=0, held__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} by {self.customer_id}: {self.used}+{self.held}"
