"""Lots: which money came from where, and until when it lasts."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


class Lot(models.Model):
    """Money that came in at once from one source. Only `remaining`, the account and the dates change.

    It is in `account` (pending or available of its wallet): there is no other state. What is held or
    spent of it is told by its allocations. `terms` are frozen: what the rule said when it was earned.
    """

    class Clawback(models.TextChoices):
        DEBT = "debt", "debt"
        OFFSET_REFUND = "offset_refund", "offset from the refund"
        ABSORB = "absorb", "absorbed"

    wallet = models.ForeignKey(
        "cashback.Wallet", on_delete=models.PROTECT, related_name="lots", db_index=False
    )
    # The database refers to it together with the wallet (migration 0002).
    account = models.ForeignKey(
        "cashback.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    #: The posting that made it.
    posting = models.ForeignKey(
        "cashback.Posting", on_delete=models.PROTECT, related_name="lots", db_index=False
    )
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    #: The order that earned it; without a constraint, as in `Posting`.
    order = models.ForeignKey(
        "customers.Order",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    rule = models.ForeignKey(
        "cashback.Rule", on_delete=models.PROTECT, null=True, related_name="lots", db_index=False
    )
    #: The shop's id of the promotion whose bonus it is.
    promotion_reference = models.CharField(max_length=128, blank=True, default="")
    #: The lot that it continues: money that came back after that one had expired.
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        "cashback.Partner", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    #: How much of `amount` the partner paid, and by which share: ten-thousandths of a percent.
    partner_amount = models.BigIntegerField(default=0)
    partner_percent = models.PositiveIntegerField(default=0)
    clawback = models.CharField(max_length=15, choices=Clawback, default=Clawback.DEBT)
    pending_days = models.PositiveSmallIntegerField(default=0)
    expires_after_days = models.PositiveSmallIntegerField()
    terms = models.JSONField(default=dict)
    #: Both null until payment or delivery is told.
    available_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    #: How often something of it expired: more than once where a hold gave back what was over.
    expiries = models.PositiveSmallIntegerField(default=0)
    #: What was taken back, but was spent, and the shop does without.
    absorbed = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_lot_remaining_within_amount",
                condition=Q(amount__gt=0, remaining__gte=0, remaining__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="cashback_lot_absorbed_within_amount",
                condition=Q(absorbed__gte=0, absorbed__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="cashback_lot_partner_pays_part",
                condition=Q(partner__isnull=True, partner_amount=0, partner_percent=0)
                | Q(
                    partner__isnull=False,
                    partner_amount__gte=0,
                    partner_amount__lte=F("amount"),
                ),
            ),
            models.CheckConstraint(
                name="cashback_lot_expires_after_it_is_available",
                condition=Q(available_at__isnull=True, expires_at__isnull=True)
                | Q(
                    available_at__isnull=False,
                    expires_at__isnull=False,
                    expires_at__gt=F("available_at"),
                ),
            ),
        ]
        indexes = [
            # In the order of spending.
            models.Index(
                name="cashback_lot_open",
                fields=["wallet", "expires_at", "id"],
                condition=Q(remaining__gt=0),
            ),
            models.Index(
                name="cashback_lot_of_order", fields=["order"], condition=Q(order__isnull=False)
            ),
            models.Index(
                name="cashback_lot_of_rule",
                fields=["rule", "wallet", "created_at"],
                condition=Q(rule__isnull=False),
            ),
            # The few that no transfer names; for the seal.
            models.Index(
                name="cashback_lot_renewed", fields=["posting"], condition=Q(origin__isnull=False)
            ),
            # What was earned together matures and expires at about the same time.
            BrinIndex(
                name="cashback_lot_by_instants",
                fields=["available_at", "expires_at"],
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaining} of {self.amount} until {self.expires_at}"


class LotShare(models.Model):
    """How much of a lot one line of the order earned, and how much of that was taken back."""

    pk = models.CompositePrimaryKey("lot_id", "line_id")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="shares", db_index=False)
    #: The shop's id of the order's line.
    line_id = models.CharField(max_length=128)
    #: The line's place in the order.
    position = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    taken_back = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cashback_share_taken_back_within_amount",
                condition=Q(amount__gt=0, taken_back__gte=0, taken_back__lte=F("amount")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.line_id}"


class Allocation(models.Model):
    """What one posting took from a lot (below zero) or gave back to it. Append-only.

    With a hold it is for that hold: the sum over a hold is what it still keeps, or has spent.
    """

    # A trigger holds that there are all three, and that the posting is one of this very transaction (migration
    # 0010); none is ever deleted.
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, related_name="allocations", db_constraint=False
    )
    posting = models.ForeignKey(
        "cashback.Posting",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    hold = models.ForeignKey(
        "cashback.Hold",
        on_delete=models.PROTECT,
        null=True,
        related_name="allocations",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cashback_allocation_is_something", condition=~Q(amount=0)),
        ]
        indexes = [
            models.Index(
                name="cashback_allocation_of_hold", fields=["hold"], condition=Q(hold__isnull=False)
            ),
            # For the seal, which reads what came last.
            BrinIndex(name="cashback_allocation_in_turn", fields=["posting"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.lot_id}"
