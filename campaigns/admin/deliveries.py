"""Deliveries: who got a campaign, who did not, and why."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from campaigns.admin.words import STATES, reason_text, state_word
from campaigns.models import Delivery
from common.admin import ReadOnlyAdmin
from common.words import moment
from customers.queries.people import customer_by_reference


class StateFilter(admin.SimpleListFilter):
    """In the words of the page."""

    title = _("Status")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state, word) for state, (word, _kind) in STATES.items()]

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[Delivery]"
    ) -> "QuerySet[Delivery]":
        state = self.value()
        return queryset.filter(state=state) if state else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Rows that the service writes; customers by their ids alone."""

    list_display = ("who", "of_campaign", "condition", "why", "due", "sent", "its_code")
    list_display_links = ("who",)
    list_filter = (StateFilter,)
    list_filter_submit = True
    list_select_related = ("customer", "campaign", "code")
    search_fields = ("customer__reference__exact",)
    search_help_text = _("The whole customer id")
    ordering = ("-id",)
    show_facets = admin.ShowFacets.NEVER  # they count
    fields = (
        "who", "of_campaign", "occurrence", "channel", "variant", "stands", "why", "due", "expires",
        "sent", "closed", "attempts", "its_code",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Delivery]":
        found: QuerySet[Delivery] = super().get_queryset(request)
        return found.select_related("customer", "campaign", "code")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "campaign__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Delivery]", search_term: str
    ) -> tuple["QuerySet[Delivery]", bool]:
        """By index only."""
        term = search_term.strip()
        if not term:
            return queryset, False
        customer = customer_by_reference(term)
        found = queryset.filter(customer_id=customer.pk) if customer else queryset.none()
        return found, False

    @display(description=_("Customer"))
    def who(self, obj: Delivery) -> str:
        return obj.customer.reference

    @display(description=_("Campaign"))
    def of_campaign(self, obj: Delivery) -> str:
        return obj.campaign.name if obj.campaign else str(_("Confirmation of a consent"))

    @display(
        description=_("Status"),
        label={state: kind for state, (_word, kind) in STATES.items()},
    )
    def condition(self, obj: Delivery) -> tuple[str, str]:
        return obj.state, state_word(obj.state)

    @display(description=_("Status"))
    def stands(self, obj: Delivery) -> str:
        return state_word(obj.state)

    @display(description=_("Why"))
    def why(self, obj: Delivery) -> str:
        return reason_text(obj) or "–"

    @display(description=_("Not before"))
    def due(self, obj: Delivery) -> str:
        return moment(obj.not_before)

    @display(description=_("Not after"))
    def expires(self, obj: Delivery) -> str:
        return moment(obj.expires_at)

    @display(description=_("Handed over"))
    def sent(self, obj: Delivery) -> str:
        return moment(obj.submitted_at)

    @display(description=_("Closed"))
    def closed(self, obj: Delivery) -> str:
        return moment(obj.closed_at)

    @display(description=_("Code"))
    def its_code(self, obj: Delivery) -> str:
        return obj.code.spelling if obj.code else "–"
