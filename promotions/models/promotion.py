"""Promotions: what they do, for whom and when, in the contract's own words."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Promotion(models.Model):
    """An offer. The rule trees (effect, items, conditions, audience, schedule, stacking) are JSON of
    the contract's shape, read by `promotions.domain.definition`; what SQL asks for stands in columns.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ARCHIVED = "archived", _("archived")

    class Activation(models.TextChoices):
        CODE = "code", _("by code")
        AUTOMATIC = "automatic", _("automatic")

    class AfterCancel(models.TextChoices):
        RESTORE = "restore", _("given back")
        KEEP = "keep", _("used up")

    reference = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=255)
    title = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    activation = models.CharField(max_length=10, choices=Activation, default=Activation.CODE)
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001  # null: any currency
    effect = models.JSONField()
    items = models.JSONField(default=dict)
    conditions = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    schedule = models.JSONField(default=dict)
    stacking = models.JSONField(default=dict)
    #: Limits; null is none. Amounts in minor units of `currency`.
    redemptions_limit = models.BigIntegerField(null=True)
    per_customer_limit = models.BigIntegerField(null=True)
    per_code_limit = models.BigIntegerField(null=True)
    discount_budget = models.BigIntegerField(null=True)
    after_cancel = models.CharField(max_length=10, choices=AfterCancel, default=AfterCancel.RESTORE)
    #: The stamp's value when this row was last written: web processes reload what is newer than theirs.
    stamp = models.BigIntegerField(db_index=True)
    #: Copies of the schedule's ends, for events and lists.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    #: Which of the two events were written, so that each is written once per window.
    announced_start = models.BooleanField(default=False)
    announced_end = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                name="promotions_promotion_budget_has_currency",
                condition=Q(discount_budget__isnull=True) | Q(currency__isnull=False),
            ),
            models.CheckConstraint(
                name="promotions_promotion_limits_above_zero",
                condition=(Q(redemptions_limit__isnull=True) | Q(redemptions_limit__gte=0))
                & (Q(per_customer_limit__isnull=True) | Q(per_customer_limit__gte=1))
                & (Q(per_code_limit__isnull=True) | Q(per_code_limit__gte=1))
                & (Q(discount_budget__isnull=True) | Q(discount_budget__gte=0)),
            ),
            models.CheckConstraint(
                name="promotions_promotion_ends_after_start",
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
            ),
        ]
        indexes = [
            models.Index(
                name="promotions_running",
                fields=["activation", "id"],
                condition=Q(status="active"),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class DefinitionStamp(models.Model):
    """One row: the version of all definitions, raised in the transaction of each edit."""

    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="promotions_stamp_is_one_row", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.version)
