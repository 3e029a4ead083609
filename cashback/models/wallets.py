"""Wallets: what a customer has, the only balances that are kept and locked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Wallet(models.Model):
    """A customer's money in one currency. Whoever posts to it locks its row first."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="wallets", db_index=False
    )
    currency = models.CharField(max_length=3)
    #: Minor units: the sums of the transfers of its four accounts.
    pending = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    #: Owed; repaid by whatever comes in.
    debt = models.BigIntegerField(default=0)
    #: Nothing matures or expires before; null: nothing will, as things stand.
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        constraints = [
            models.UniqueConstraint(
                name="cashback_wallet_once_per_currency", fields=["customer", "currency"]
            ),
            models.CheckConstraint(
                name="cashback_wallet_not_below_zero",
                condition=Q(pending__gte=0, available__gte=0, held__gte=0, debt__gte=0),
            ),
            models.CheckConstraint(
                name="cashback_wallet_debt_is_repaid_first",
                condition=Q(debt=0) | Q(available=0),
            ),
        ]
        indexes = [
            models.Index(
                name="cashback_wallet_due",
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} ({self.currency})"


class Adjustment(models.Model):
    """What a person gave or took, and why. The reason is erasable, so it stands here and not in the ledger."""

    adjustment_id = models.UUIDField(unique=True)
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="adjustments")
    #: Minor units, below zero where it was taken.
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=255, blank=True)
    actor = models.CharField(max_length=50)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.CheckConstraint(name="cashback_adjustment_is_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.wallet}, {self.created_at:%Y-%m-%d}"
