"""Audiences for advertising: who was handed to which network, as hashes of addresses."""

from django.db import models
from django.db.models import Q

from common.ids import new_id


class AudienceExport(models.Model):
    """One handing over of a segment to a network. An audience is a segment and a network, by their names:
    it outlives both.
    """

    export_id = models.UUIDField(unique=True, default=new_id)
    segment = models.CharField(max_length=128, db_collation="C")
    network = models.CharField(max_length=128, db_collation="C")
    job_id = models.UUIDField(unique=True)
    members = models.PositiveIntegerField(default=0)
    #: How many have left since the one before.
    removed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="campaigns_audienceexport_of", fields=["segment", "network", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.segment} for {self.network}"


class AudienceMember(models.Model):
    """An address that a network was told, until it was told to drop it."""

    segment = models.CharField(max_length=128, db_collation="C")
    network = models.CharField(max_length=128, db_collation="C")
    #: SHA-256 of the normalised address.
    hashed = models.BinaryField(max_length=32)
    # As of a delivery, not checked for each row.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    #: The last export that it was in.
    export = models.ForeignKey(
        AudienceExport, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_audiencemember_once", fields=["segment", "network", "hashed"]
            ),
            models.CheckConstraint(
                name="campaigns_audiencemember_of_nobody_has_left",
                condition=Q(customer__isnull=False) | Q(left_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="campaigns_audience_of_customer",
                fields=["customer", "id"],
                condition=Q(customer__isnull=False),
            ),
            models.Index(
                name="campaigns_audience_by_leaving",
                fields=["left_at"],
                condition=Q(left_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment} for {self.network}"
