"""Forecasts that were asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Forecast(models.Model):
    """A promotion replayed over past orders by one job, whose result is what came of it."""

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="forecasts"
    )
    job_id = models.UUIDField(unique=True)
    #: Orders placed from then on, and before.
    since = models.DateTimeField()
    until = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [
            models.CheckConstraint(
                name="promotions_forecast_ends_after_start",
                condition=models.Q(until__gt=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"
