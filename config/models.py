"""The scheduler's heartbeat."""

from django.db import models


class Tick(models.Model):
    """One row: when the scheduler last ticked."""

    ticked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="config_tick_is_one_row", condition=models.Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.ticked_at)
