"""Membership plans, and who is in them."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from customers.admin.money import money_text
from customers.domain.memberships import status_at
from customers.models import Membership, MembershipPlan
from journal.admin.history import TrailAdmin

_STATES = {"upcoming": _("upcoming"), "active": _("active"), "ended": _("ended")}
_COLOURS = {"upcoming": "info", "active": "success", "ended": ""}


def _in_language(texts: dict[str, Any]) -> Any:
    """The text of the page's language, else any."""
    language = "de" if (get_language() or "").startswith("de") else "en"
    return texts.get(language) or next(iter(texts.values()), "")


@admin.register(MembershipPlan)
class MembershipPlanAdmin(ReadOnlyAdmin, TrailAdmin):
    """What the shop sells; what members get at checkout are promotions."""

    trail_kind = "membership_plan"
    list_display = ("reference", "named", "fee", "period")
    list_filter = ("period",)
    search_fields = ("reference__exact",)
    search_help_text = _("The whole plan id")
    ordering = ("reference",)
    fields = ("reference", "named", "fee", "period", "told_benefits", "created_at")
    readonly_fields = ("named", "fee", "told_benefits")

    @display(description=_("Name"))
    def named(self, plan: MembershipPlan) -> str:
        return str(_in_language(plan.name))

    @display(description=_("Fee"))
    def fee(self, plan: MembershipPlan) -> str:
        return money_text(plan.price, plan.currency)

    @display(description=_("Benefits"))
    def told_benefits(self, plan: MembershipPlan) -> SafeString | str:
        told = _in_language(plan.benefits)
        lines = told if isinstance(told, list) else [told] if told else []
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "–"


def _state(membership: Membership) -> tuple[str, str]:
    state = status_at(membership.starts_at, membership.ends_at, now=timezone.now())
    return state, str(_STATES[state])


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who is, was or will be a member."""

    list_display = ("customer", "plan", "state", "starts_at", "ends_at")
    list_filter = ("plan",)
    list_select_related = ("customer", "plan")
    search_fields = ("customer__reference__exact",)
    search_help_text = _("The whole customer id")
    ordering = ("-id",)
    fields = ("customer", "plan", "state", "starts_at", "ends_at", "created_at")
    readonly_fields = ("state",)

    @display(description=_("Status"), label=_COLOURS)
    def state(self, membership: Membership) -> tuple[str, str]:
        return _state(membership)


class MembershipInline(ReadOnlyInline):
    """The memberships of a customer."""

    model = Membership
    fields = ("plan", "state", "starts_at", "ends_at")
    readonly_fields = fields
    ordering = ("-starts_at",)

    @display(description=_("Status"), label=_COLOURS)
    def state(self, membership: Membership) -> tuple[str, str]:
        return _state(membership)
