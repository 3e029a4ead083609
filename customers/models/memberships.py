"""Memberships: what plans there are, and who is in which from when to when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MembershipPlan(models.Model):
    """A membership that the shop sells. The shop collects the fee; its benefits are promotions whose
    audience is the plan.
    """

    class Period(models.TextChoices):
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    reference = models.CharField(_("plan id"), max_length=128, db_collation="C")
    #: By language, `de` and `en`.
    name = models.JSONField(_("name"))
    #: In words, for people to read.
    benefits = models.JSONField(_("benefits"), default=dict)
    #: The fee of one period, in minor units of `currency`.
    price = models.BigIntegerField(_("price"))
    currency = models.CharField(_("currency"), max_length=3)
    period = models.CharField(_("period"), max_length=5, choices=Period)
    created_at = models.DateTimeField(_("created at"))
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("membership plan")
        verbose_name_plural = _("membership plans")
        constraints = [
            models.UniqueConstraint(name="customers_plan_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="customers_plan_price_not_below_zero", condition=Q(price__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Membership(models.Model):
    """A customer's membership of a plan, from its start (included) to its end (excluded)."""

    plan = models.ForeignKey(
        MembershipPlan,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("plan"),
        db_index=False,
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("customer"),
        db_index=False,
    )
    starts_at = models.DateTimeField(_("starts at"))
    #: Null: open. At the start: it was ended before it began, and never held.
    ends_at = models.DateTimeField(_("ends at"), null=True)
    created_at = models.DateTimeField(_("created at"))
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="customers_membership_once_per_plan", fields=["customer", "plan"]
            ),
            models.CheckConstraint(
                name="customers_membership_ends_not_before_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
            ),
        ]
        indexes = [
            models.Index(name="customers_membership_of_plan", fields=["plan", "customer"]),
            models.Index(
                name="customers_membership_by_end",
                fields=["ends_at"],
                condition=Q(ends_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in plan {self.plan_id}"
