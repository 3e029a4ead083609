"""Earning rules and partners, in the contract's own words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cashback.models.lots import Lot


class Partner(models.Model):
    """Somebody who pays a share of what is earned with them."""

    reference = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=255)
    #: Ten-thousandths of a percent.
    share_percent = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(
                name="cashback_partner_share_up_to_all",
                condition=Q(share_percent__gt=0, share_percent__lte=1_000_000),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Rule(models.Model):
    """What an order earns. Items, conditions, audience, tiers and schedule are JSON of the contract's
    shape, read by `cashback.domain.rules`; what SQL asks for stands in columns.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ARCHIVED = "archived", _("archived")

    reference = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    #: Ten-thousandths of a percent.
    percent = models.PositiveIntegerField(null=True)
    #: Minor units of `currency`, once per order.
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001  # null: any currency
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        related_name="rules",
        verbose_name=_("partner"),
    )
    items = models.JSONField(default=dict)
    conditions = models.JSONField(default=dict)
    audience = models.JSONField(default=dict)
    tiers = models.JSONField(default=list)
    schedule = models.JSONField(default=dict)
    #: Minor units of `currency`; null is no cap.
    max_per_order = models.BigIntegerField(null=True)
    max_per_customer_month = models.BigIntegerField(null=True)
    pending_days = models.PositiveSmallIntegerField(default=14)
    expires_after_days = models.PositiveSmallIntegerField(default=365)
    clawback = models.CharField(max_length=15, choices=Lot.Clawback, default=Lot.Clawback.DEBT)
    terms = models.JSONField(default=dict)
    #: The stamp's value when this row was last written.
    stamp = models.BigIntegerField(db_index=True)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("cashback rule")
        verbose_name_plural = _("cashback rules")
        constraints = [
            models.CheckConstraint(
                name="cashback_rule_gives_percent_or_amount",
                condition=Q(
                    amount__isnull=True,
                    percent__isnull=False,
                    percent__gt=0,
                    percent__lte=1_000_000,
                )
                | Q(amount__isnull=True, percent__isnull=True) & ~Q(tiers=[])
                | Q(amount__isnull=False, amount__gt=0, percent__isnull=True, tiers=[]),
            ),
            models.CheckConstraint(
                name="cashback_rule_amounts_have_currency",
                condition=Q(currency__isnull=False)
                | Q(
                    amount__isnull=True,
                    max_per_order__isnull=True,
                    max_per_customer_month__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="cashback_rule_caps_above_zero",
                condition=(Q(max_per_order__isnull=True) | Q(max_per_order__gt=0))
                & (Q(max_per_customer_month__isnull=True) | Q(max_per_customer_month__gt=0)),
            ),
            models.CheckConstraint(
                name="cashback_rule_days_within_ten_years",
                condition=Q(pending_days__lte=3650)
                & Q(expires_after_days__gte=1)
                & Q(expires_after_days__lte=3650),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class RuleStamp(models.Model):
    """One row: the version of all rules and partners, raised in the transaction of each edit."""

    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cashback_stamp_is_one_row", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.version)
