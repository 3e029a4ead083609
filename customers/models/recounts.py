"""When customers' figures were counted again last."""

from django.db import models


class MetricsRecount(models.Model):
    """One row: when the last recount was asked for, and how many figures it found wrong."""

    asked_at = models.DateTimeField()
    #: Null: it has not ended yet.
    breaches = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_metricsrecount_is_one_row", condition=models.Q(id=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at}: {self.breaches}"
