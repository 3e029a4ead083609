"""What happened to money: postings with their transfers. Nothing here is ever changed or deleted."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


class Posting(models.Model):
    """One event as it was booked, at most once for ever: what happened to which thing, the n-th time."""

    class Kind(models.TextChoices):
        EARN = "earn", "earned"
        MATURE = "mature", "became available"
        HOLD = "hold", "held"
        RELEASE = "release", "released"
        SPEND = "spend", "spent"
        TAKE_BACK = "take_back", "taken back"
        RESTORE = "restore", "restored"
        EXPIRE = "expire", "expired"
        ADJUST = "adjust", "adjusted"
        SUBMIT = "submit", "submitted to a provider"
        PAY = "pay", "paid out"
        FAIL = "fail", "not paid out"
        SETTLE = "settle", "paid by a partner"

    class Source(models.TextChoices):
        ORDER = "order", "order"
        RETURN = "return", "return"
        CANCEL = "cancel", "cancel"
        LOT = "lot", "lot"
        HOLD = "hold", "hold"
        ADJUSTMENT = "adjustment", "adjustment"
        SETTLEMENT = "settlement", "settlement"

    #: Null of what is between the shop and a partner.
    wallet = models.ForeignKey(
        "cashback.Wallet",
        on_delete=models.PROTECT,
        null=True,
        related_name="postings",
        db_index=False,
    )
    kind = models.CharField(max_length=10, choices=Kind)
    source_kind = models.CharField(max_length=10, choices=Source)
    #: Keys of ours and ids of the shop's, never a personal value.
    source_ref = models.CharField(max_length=160)
    sequence = models.PositiveSmallIntegerField(default=0)
    # Without a constraint: its check would lock the order after the wallet, against the order of locks.
    order = models.ForeignKey(
        "customers.Order",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    #: When it happened, and when it was booked.
    at = models.DateTimeField()
    posted_at = models.DateTimeField()
    #: `key:3`, `staff:7` or `system`.
    actor = models.CharField(max_length=50)
    #: The writing transaction: no transfer is added once it is over.
    xid = models.BigIntegerField(db_default=models.Func(function="txid_current"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="cashback_posting_once",
                fields=["source_ref", "source_kind", "kind", "sequence"],
            ),
            models.CheckConstraint(
                name="cashback_posting_is_of_a_wallet_or_settles",
                condition=Q(kind="settle", source_kind="settlement", wallet__isnull=True)
                | ~Q(kind="settle") & ~Q(source_kind="settlement") & Q(wallet__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="cashback_posting_of_wallet", fields=["wallet", "id"]),
            models.Index(
                name="cashback_posting_of_order",
                fields=["order"],
                condition=Q(order__isnull=False),
            ),
            BrinIndex(name="cashback_posting_in_time", fields=["xid"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_kind} {self.source_ref}"


class Transfer(models.Model):
    """So much from one account to another. `debit` is where it comes from, `credit` where it goes.

    The database refers to both accounts together with the currency (migration 0002), so money never
    leaves its currency.
    """

    # A trigger holds that it is one of this very transaction (migration 0010), and none is ever deleted.
    posting = models.ForeignKey(
        Posting, on_delete=models.PROTECT, related_name="transfers", db_constraint=False
    )
    debit_account = models.ForeignKey(
        "cashback.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    credit_account = models.ForeignKey(
        "cashback.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    #: The lot that it is about, where it is about a single one.
    lot = models.ForeignKey(
        "cashback.Lot", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: What a customer's account stands at then; null for those of the shop.
    debit_after = models.BigIntegerField(null=True)
    credit_after = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_transfer_amount_above_zero", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="cashback_transfer_is_between_two",
                condition=~Q(debit_account=F("credit_account")),
            ),
            models.CheckConstraint(
                name="cashback_transfer_leaves_nothing_below_zero",
                condition=(Q(debit_after__isnull=True) | Q(debit_after__gte=0))
                & (Q(credit_after__isnull=True) | Q(credit_after__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}: {self.debit_account_id} to {self.credit_account_id}"
