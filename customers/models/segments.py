"""Groups of customers."""

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
    evaluated_at = models.DateTimeField(_("evaluated at"))
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
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="customers_segments_of_customer", fields=["customer", "segment"])
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"
