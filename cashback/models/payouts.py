"""Payouts: money on its way out of a wallet, and the files by which banks are told."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import new_id


class SepaFile(models.Model):
    """A file of credit transfers for the shop's bank. Each payout is in one at most."""

    id = models.UUIDField(primary_key=True, default=new_id)
    #: By which a bank tells a file that it had before.
    message_id = models.CharField(max_length=35, unique=True)
    payouts_count = models.PositiveIntegerField()
    #: Minor units of EUR.
    total = models.BigIntegerField()
    #: The file, sealed; empty when its time is over or somebody in it was erased.
    content = models.BinaryField()
    created_by = models.CharField(max_length=50)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file for the bank")
        verbose_name_plural = _("files for the bank")
        constraints = [
            models.CheckConstraint(
                name="cashback_sepafile_holds_something",
                condition=Q(payouts_count__gt=0, total__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Payout(models.Model):
    """Money that a customer gets out. Where the money itself is, its hold says."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "requested"
        APPROVED = "approved", "approved"
        SUBMITTED = "submitted", "submitted"
        PAID = "paid", "paid"
        FAILED = "failed", "failed"
        REJECTED = "rejected", "rejected"

    class Provider(models.TextChoices):
        SEPA = "sepa", "SEPA"
        STRIPE = "stripe", "Stripe"

    class Contradiction(models.TextChoices):
        REVERSED = "reversed_after_paid", "taken back after it was paid"
        PAID = "paid_after_failed", "paid after it had failed"

    #: Also the reference of its hold, and what providers know it by.
    id = models.UUIDField(primary_key=True, default=new_id)
    wallet = models.ForeignKey(
        "cashback.Wallet", on_delete=models.PROTECT, related_name="payouts", db_index=False
    )
    #: Minor units.
    amount = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    provider = models.CharField(max_length=10, choices=Provider)
    #: Where to, sealed; empty once the customer is erased and the payout is over.
    destination = models.BinaryField()
    #: The same as it may be shown.
    masked = models.CharField(max_length=80, blank=True)
    #: Why it was rejected, or has failed, in a person's words.
    reason = models.CharField(max_length=255, blank=True)
    #: Why it has failed, as a code.
    failure = models.CharField(max_length=60, blank=True)
    #: `key:3`, `staff:7`; who approved may be `policy`.
    requested_by = models.CharField(max_length=50)
    requested_at = models.DateTimeField()
    approved_by = models.CharField(max_length=50, blank=True)
    approved_at = models.DateTimeField(null=True)
    rejected_by = models.CharField(max_length=50, blank=True)
    submitted_at = models.DateTimeField(null=True)
    #: When it was paid, has failed, or was rejected.
    ended_at = models.DateTimeField(null=True)
    sepa_file = models.ForeignKey(
        SepaFile, on_delete=models.PROTECT, null=True, related_name="payouts"
    )
    #: What the provider calls it.
    provider_reference = models.CharField(max_length=100, blank=True)
    #: How often the provider was called for it, and when it is next.
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    #: Since when nobody knows whether the provider has paid, and what it said last.
    unknown_since = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=60, blank=True)
    #: The provider has said something else since it ended: for a person to look at.
    contradiction = models.CharField(max_length=20, choices=Contradiction, blank=True)
    #: Its customer was erased while it was under way: what leads to them goes with its end.
    forgets_at_end = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.CheckConstraint(
                name="cashback_payout_amount_above_zero", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="cashback_payout_approved_by_another",
                condition=~Q(approved_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="cashback_payout_approval_has_instant",
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="cashback_payout_approved_before_it_goes_on",
                condition=Q(status="requested", approved_by="")
                | Q(status="rejected")
                | (Q(status__in=["approved", "submitted", "paid", "failed"]) & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="cashback_payout_rejected_by_another",
                condition=(
                    Q(status="rejected") & ~Q(rejected_by="") & ~Q(rejected_by=F("requested_by"))
                )
                | (~Q(status="rejected") & Q(rejected_by="")),
            ),
            models.CheckConstraint(
                name="cashback_payout_submitted_has_instant",
                condition=Q(status__in=["submitted", "paid", "failed"], submitted_at__isnull=False)
                | Q(
                    status__in=["requested", "approved", "rejected"],
                    submitted_at__isnull=True,
                    sepa_file__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="cashback_payout_ended_has_instant",
                condition=Q(status__in=["paid", "failed", "rejected"], ended_at__isnull=False)
                | Q(status__in=["requested", "approved", "submitted"], ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cashback_payout_file_is_sepa",
                condition=Q(sepa_file__isnull=True) | Q(provider="sepa"),
            ),
            models.CheckConstraint(
                name="cashback_payout_waits_for_its_provider",
                condition=Q(next_attempt_at__isnull=True, unknown_since__isnull=True)
                | Q(next_attempt_at__isnull=False, status="submitted", provider="stripe"),
            ),
        ]
        indexes = [
            models.Index(name="cashback_payout_by_status", fields=["status", "id"]),
            models.Index(name="cashback_payout_of_wallet", fields=["wallet", "id"]),
            models.Index(
                name="cashback_payout_next_attempt",
                fields=["next_attempt_at"],
                condition=Q(next_attempt_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wallet}, {self.requested_at:%Y-%m-%d}"
