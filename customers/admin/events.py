"""Behaviour: what customers did, as the shop told it."""

import json

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from customers.models import Event
from customers.queries.people import customer_by_reference

_SHOWN = 200


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """Found by customer or by the event's id: nothing here counts the rows or reads them all."""

    list_display = ("occurred_at", "name", "customer", "told_properties")
    list_display_links = ("occurred_at",)
    list_select_related = ("customer",)
    search_fields = ("event_id__exact",)
    search_help_text = _("The whole customer id or event id")
    show_facets = admin.ShowFacets.NEVER  # they count
    fields = ("event_id", "customer", "name", "occurred_at", "received_at", "told_properties")
    readonly_fields = ("told_properties",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self._seen(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Event | None = None) -> tuple[str, ...]:
        return self._seen(request, self.fields)

    def _seen(self, request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
        """What somebody searched for is as personal as their name."""
        if request.user.has_perm("customers.see_personal_values"):
            return names
        return tuple(name for name in names if name != "told_properties")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The latest first; of one customer as the index has them."""
        of_one = "customer__id__exact" in request.GET or request.GET.get("q")
        return ("-occurred_at", "-id") if of_one else ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if (customer := customer_by_reference(term)) is not None:
            return queryset.filter(customer_id=customer.pk), False
        return queryset.filter(event_id=term), False

    @display(description=_("Properties"))
    def told_properties(self, event: Event) -> str:
        text = json.dumps(event.properties, ensure_ascii=False) if event.properties else "–"
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
