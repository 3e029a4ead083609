"""How often places on the site were shown."""

from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign

#: Views of nobody known are counted in so many rows, so that no shop window waits for another.
PARTS = 16


class Impression(models.Model):
    """How often a campaign was shown to a customer, or to visitors of whom nothing is known."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="impressions", db_index=False
    )
    # As of a delivery, not checked for each row.
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    part = models.PositiveSmallIntegerField(default=0)
    views = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="campaigns_impression_once",
                fields=["campaign", "customer", "part"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="campaigns_impression_is_something", condition=Q(views__gte=1)
            ),
            models.CheckConstraint(
                name="campaigns_impression_of_customer_in_one_part",
                condition=Q(customer__isnull=True, part__lt=PARTS) | Q(part=0),
            ),
        ]
        indexes = [
            models.Index(
                name="campaigns_impression_customer",
                fields=["customer", "id"],
                condition=Q(customer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} to {self.customer_id}: {self.views}"
