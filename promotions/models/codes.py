"""Codes, one by one and in batches."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import public_id


class CodeBatch(models.Model):
    """Codes that were made together by one job."""

    batch_id = models.UUIDField(unique=True)
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="batches"
    )
    pattern = models.CharField(max_length=128)
    #: How many codes: asked for, or the segment's members, counted again when all are made.
    count = models.PositiveIntegerField()
    segment = models.ForeignKey(
        "customers.Segment", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    job_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("code batch")
        verbose_name_plural = _("code batches")

    def __str__(self) -> str:
        return public_id("bat", self.batch_id)


class Code(models.Model):
    """A code. `code` is what is compared (upper case letters and digits), `spelling` what people see."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        DISABLED = "disabled", _("disabled")

    # The indexes of the three keys are below, each with the column that their readers sort by: every
    # further one would be paid for a million times by one batch.
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="codes", db_index=False
    )
    code = models.CharField(max_length=64)
    spelling = models.CharField(max_length=200)
    #: A personal code's holder: nobody else can use it.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        related_name="codes",
        db_index=False,
    )
    batch = models.ForeignKey(
        CodeBatch, on_delete=models.CASCADE, null=True, related_name="codes", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    #: Its own limit; null: the promotion's `per_code`, else 1 for personal and batch codes, else none.
    max_redemptions = models.BigIntegerField(null=True)
    used = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    #: How many of `used` came with an import: uses in the shop's former system, without a row here.
    used_before = models.BigIntegerField(db_default=0)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.CheckConstraint(
                name="promotions_code_counts_not_below_zero",
                condition=Q(used__gte=0, held__gte=0),
            ),
            models.CheckConstraint(
                name="promotions_code_used_includes_former",
                condition=Q(used_before__gte=0) & Q(used__gte=F("used_before")),
            ),
            models.CheckConstraint(
                name="promotions_code_ends_after_start",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="promotions_code_limit_above_zero",
                condition=Q(max_redemptions__isnull=True) | Q(max_redemptions__gte=1),
            ),
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(name="promotions_code_is_unique", fields=["code"]),
            # A job that is run again finds its members' codes instead of making second ones.
            models.UniqueConstraint(
                name="promotions_code_once_per_batch_and_customer",
                fields=["batch", "customer"],
                condition=Q(batch__isnull=False, customer__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="promotions_code_of_promotion", fields=["promotion", "code"]),
            models.Index(
                name="promotions_code_of_batch",
                fields=["batch", "code"],
                condition=Q(batch__isnull=False),
            ),
            models.Index(
                name="promotions_code_disabled",
                fields=["promotion", "code"],
                condition=Q(status="disabled"),
            ),
            # Codes for everybody that were made one by one: few, unless a file brought them.
            models.Index(
                name="promotions_code_for_everybody",
                fields=["promotion", "code"],
                condition=Q(batch__isnull=True, customer__isnull=True),
            ),
            models.Index(
                name="promotions_code_of_customer",
                fields=["customer", "promotion"],
                condition=Q(customer__isnull=False),
            ),
            # Those that were made together end together: next to nothing to pay for a batch.
            BrinIndex(name="promotions_code_by_end", fields=["valid_until"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.spelling


class IssuedCodes(models.Model):
    """How many codes one act made. The rows of a promotion add up to all that it ever issued, so
    that ten million codes need not be counted; many rows are folded into one now and then.
    """

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="+"
    )
    #: Below zero where a recount found fewer than were noted.
    codes = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.codes} of {self.promotion_id}"
