"""What partners have paid of their shares."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cashback.models.rules import Partner


class Settlement(models.Model):
    """A payment of a partner's to the shop; below zero one that went back, or was entered wrongly.

    Its posting moves the amount from `settled` to the partner's account, so that less is owed.
    """

    settlement_id = models.UUIDField(unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="settlements")
    currency = models.CharField(max_length=3)
    #: Minor units.
    amount = models.BigIntegerField()
    #: What finance finds the payment by.
    reference = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=50)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        constraints = [
            models.CheckConstraint(name="cashback_settlement_is_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.partner} ({self.currency}), {self.received_at:%Y-%m-%d}"
