"""Groups of customers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """A group of customers; a static one is the list that the shop sent."""

    class Kind(models.TextChoices):
        STATIC = "static", _("static")
        DYNAMIC = "dynamic", _("dynamic")

    reference = models.CharField(_("id"), max_length=128, db_collation="C")
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    rule = models.JSONField(null=True)
    member_count = models.PositiveIntegerField(_("members"), default=0)
    #: Null: its rule is new, and nobody has been looked for yet.
    evaluated_at = models.DateTimeField(_("evaluated at"), null=True)
    created_at = models.DateTimeField(_("created at"))
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            models.UniqueConstraint(name="customers_segment_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="customers_segment_rule_is_of_dynamic_ones",
                condition=models.Q(kind="static", rule__isnull=True)
                | models.Q(kind="dynamic", rule__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class SegmentMember(models.Model):
    """A customer's place in a segment."""

    pk = models.CompositePrimaryKey("segment_id", "customer_id")
    segment = models.ForeignKey(
        Segment, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    # Customers are never deleted, and a check for each of a million members would cost as much as
    # writing them.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="customers_segments_of_customer", fields=["customer", "segment"])
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"


class SegmentPassage(models.Model):
    """That a customer entered a dynamic segment or left it, as a refresh saw it.

    Who is in a segment when it is filled for the first time has not entered it.
    """

    segment = models.ForeignKey(
        Segment, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    entered = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="customers_passages_of_segment", fields=["segment", "id"]),
            models.Index(name="customers_passages_of_customer", fields=["customer", "id"]),
            BrinIndex(name="customers_passage_by_instant", fields=["at"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {'into' if self.entered else 'out of'} {self.segment_id}"


class SegmentStamp(models.Model):
    """Moves with every change of what a segment is, so that processes renew what they know."""

    version = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_segmentstamp_is_one_row", condition=models.Q(id=1)
            )
        ]

    def __str__(self) -> str:
        return str(self.version)


class RfmThreshold(models.Model):
    """Where the five classes of buyers part: the quintiles of a measure, rising."""

    class Measure(models.TextChoices):
        RECENCY = "recency", "recency"
        FREQUENCY = "frequency", "frequency"
        MONEY = "money", "money"

    measure = models.CharField(max_length=10, choices=Measure)
    #: Of money alone.
    currency = models.CharField(max_length=3, blank=True, default="")
    thresholds = ArrayField(models.BigIntegerField(), size=4)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_rfmthreshold_once", fields=["measure", "currency"]
            ),
            models.CheckConstraint(
                name="customers_rfmthreshold_money_has_currency",
                condition=(models.Q(measure="money") & ~models.Q(currency=""))
                | (~models.Q(measure="money") & models.Q(currency="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.currency}"
