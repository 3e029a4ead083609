"""The accounts of the ledger, and what those of the shop have come to."""

from django.db import models
from django.db.models import Q

#: Of a customer; each is of one wallet.
OF_WALLETS = ("pending", "available", "held", "debt")
#: Of the shop; one of each kind in each currency. They have no balance row that a posting could wait for.
OF_SHOP = ("expense", "settled", "breakage", "payout_clearing")


class Account(models.Model):
    """Where money of one currency is. Append-only; the currency is part of what transfers refer to."""

    class Kind(models.TextChoices):
        PENDING = "pending", "pending"
        AVAILABLE = "available", "available"
        HELD = "held", "held"
        DEBT = "debt", "debt"
        EXPENSE = "expense", "expense"
        SETTLED = "settled", "settled"
        BREAKAGE = "breakage", "breakage"
        PAYOUT_CLEARING = "payout_clearing", "payout_clearing"
        PARTNER = "partner", "partner"

    kind = models.CharField(max_length=20, choices=Kind)
    currency = models.CharField(max_length=3)
    # The database refers to the wallet together with its currency (migration 0002).
    wallet = models.ForeignKey(
        "cashback.Wallet",
        on_delete=models.PROTECT,
        null=True,
        related_name="accounts",
        db_index=False,
        db_constraint=False,
    )
    partner = models.ForeignKey(
        "cashback.Partner",
        on_delete=models.PROTECT,
        null=True,
        related_name="accounts",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_account_has_its_owner",
                condition=Q(kind__in=OF_WALLETS, wallet__isnull=False, partner__isnull=True)
                | Q(kind__in=OF_SHOP, wallet__isnull=True, partner__isnull=True)
                | Q(kind="partner", wallet__isnull=True, partner__isnull=False),
            ),
            models.UniqueConstraint(
                name="cashback_account_once_per_wallet",
                fields=["wallet", "kind"],
                condition=Q(wallet__isnull=False),
            ),
            models.UniqueConstraint(
                name="cashback_account_once_per_shop",
                fields=["currency", "kind"],
                condition=Q(wallet__isnull=True, partner__isnull=True),
            ),
            models.UniqueConstraint(
                name="cashback_account_once_per_partner",
                fields=["partner", "currency"],
                condition=Q(partner__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} {self.wallet_id or self.partner_id or ''}".rstrip()


class AccountTotal(models.Model):
    """What an account of the shop or a partner has come to, up to a horizon; rebuilt from transfers."""

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, related_name="total"
    )
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_total_not_below_zero", condition=Q(debits__gte=0, credits__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debits}/{self.credits}"


class RollUp(models.Model):
    """One row: postings of transactions older than the horizon are in the totals, later ones are not."""

    horizon = models.BigIntegerField(default=0)
    #: Those up to this key are, too: they came into this database cluster by a restore.
    floor = models.BigIntegerField(default=0)
    #: The system identifier of the cluster that the horizon is of: in another one all is summed up anew.
    cluster = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cashback_rollup_is_one_row", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.horizon)
