"""The log of deliveries: what was sent to whom, what came of each attempt, what waits."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from common.ids import parse_public_id, public_id
from journal.actions.messages import body_of
from journal.models import WebhookAttempt, WebhookDelivery


class WebhookAttemptInline(ReadOnlyInline):
    """Each try, with the beginning of the receiver's answer."""

    model = WebhookAttempt
    fields = ("number", "at", "status_code", "shown_failure", "milliseconds", "answer")
    readonly_fields = fields
    ordering = ("number",)
    verbose_name_plural = _("Attempts")

    @display(description=_("Failure"))
    def shown_failure(self, attempt: WebhookAttempt) -> str:
        return attempt.get_failure_display() or "–"


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What is over stays for 30 days."""

    list_display = ("named", "endpoint", "shown_state", "attempts", "last_status", "occurred_at")
    list_display_links = ("named",)
    list_filter = ("state", "endpoint")
    list_select_related = ("event", "endpoint")
    search_fields = ("event__type",)
    search_help_text = _("The whole id of an event (evt_…), or a type")
    ordering = ("-id",)
    inlines = (WebhookAttemptInline,)
    fields = (
        "event_id_", "endpoint", "stands", "kind", "occurred_at", "due_at", "give_up_at",
        "finished_at", "message",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        tries = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
        found: QuerySet[WebhookDelivery] = super().get_queryset(request).select_related("event")
        return found.annotate(
            last_code=Subquery(tries.values("status_code")[:1]),
            last_failure=Subquery(tries.values("failure")[:1]),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery], search_term: str
    ) -> tuple[QuerySet[WebhookDelivery], bool]:
        """By the index of the event's id, where one is asked for."""
        event_id = parse_public_id("evt", search_term.strip())
        if event_id is not None:
            return queryset.filter(event__event_id=event_id), False
        if search_term:
            return queryset.filter(event__type=search_term.strip()), False
        return queryset, False

    @display(description=_("Event"), header=True)
    def named(self, obj: WebhookDelivery) -> tuple[str, str]:
        # Beginning and end tell them apart; a list has no room for all of it.
        whole = self.event_id_(obj)
        return obj.event.type, f"{whole[:12]}…{whole[-6:]}"

    @display(description=_("Id of the event"))
    def event_id_(self, obj: WebhookDelivery) -> str:
        return public_id("evt", obj.event.event_id)

    @display(
        description=_("State"),
        ordering="state",
        label={
            "waiting": "info", "delivered": "success", "given_up": "danger", "skipped": "warning",
        },
    )  # fmt: skip
    def shown_state(self, obj: WebhookDelivery) -> tuple[str, Any]:
        return obj.state, obj.get_state_display()

    @display(description=_("State"))
    def stands(self, obj: WebhookDelivery) -> str:
        return obj.get_state_display()

    @display(description=_("Kind"))
    def kind(self, obj: WebhookDelivery) -> str:
        return str(_("replay") if obj.is_replay else _("first delivery"))

    @display(description=_("Last answer"))
    def last_status(self, obj: WebhookDelivery) -> str:
        code: int | None = obj.last_code  # type: ignore[attr-defined]  # annotated
        failure: str | None = obj.last_failure  # type: ignore[attr-defined]  # annotated
        if code is not None:
            return str(code)
        return str(WebhookAttempt.Failure(failure).label) if failure else "–"

    @display(description=_("Occurred at"), ordering="id")
    def occurred_at(self, obj: WebhookDelivery) -> str:
        return formats.date_format(timezone.localtime(obj.event.occurred_at), "DATETIME_FORMAT")

    @display(description=_("Message"))
    def message(self, obj: WebhookDelivery) -> str:
        told = json.dumps(json.loads(body_of(obj.event)), indent=2, ensure_ascii=False)
        return format_html('<pre class="overflow-x-auto text-xs">{}</pre>', told)
