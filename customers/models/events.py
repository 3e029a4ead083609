"""Behaviour: what customers did on the site, in the app or in the shop, as the shop tells it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that a customer did: a page view, a search, a sign-up, an abandoned cart."""

    #: The shop's own id: told again, it changes nothing.
    event_id = models.CharField(_("event id"), max_length=128, db_collation="C")
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name=_("customer"),
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=128)
    occurred_at = models.DateTimeField(_("occurred at"))
    properties = models.JSONField(_("properties"), default=dict)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(name="customers_event_id_once", fields=["event_id"]),
        ]
        indexes = [
            models.Index(
                name="customers_event_of_customer", fields=["customer", "name", "occurred_at"]
            ),
            # Rows come in the order of their receipt: whoever forgets old ones reads few pages.
            BrinIndex(name="customers_event_received", fields=["received_at"], autosummarize=True),
            # And, since most are told at once, in that of their happening.
            BrinIndex(name="customers_event_occurred", fields=["occurred_at"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.event_id}"
