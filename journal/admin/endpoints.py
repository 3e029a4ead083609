"""Webhook endpoints: who is told of what, whether it works, and what staff do about it."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import F, Func, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from common.admin import actor_of
from common.api.preconditions import PreconditionFailed
from journal.actions.deliveries import replay
from journal.actions.endpoints import WrittenEndpoint, put_endpoint, rotate_secret
from journal.admin.asking import AskingAdmin
from journal.admin.history import TrailAdmin
from journal.forms.endpoints import EndpointForm, ReplayForm
from journal.models import WebhookDelivery, WebhookEndpoint
from journal.queries import missed_since

_STANDING = (
    "standing", "why", "last_delivered_at", "waiting", "failures", "failing_since", "next_attempt_at",
    "created_at",
)  # fmt: skip


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(AskingAdmin, TrailAdmin):
    """Saving is `put_endpoint`, as for the API; a secret is shown on the page that follows, once."""

    form = EndpointForm
    trail_kind = "webhook_endpoint"
    list_display = ("named", "state", "last_delivered_at", "waiting", "failing_since")
    list_display_links = ("named",)
    list_filter = ("status",)
    search_fields = ("reference", "url")
    ordering = ("reference",)
    # Behind one button, or the endpoint's id had no room beside them.
    actions_detail = (
        "show_log",
        {
            "title": _("Act"),
            "icon": "more_vert",
            "items": ["replay_period", "new_secret", "enable", "disable"],
        },
    )
    compressed_fields = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        waiting = WebhookDelivery.objects.filter(
            endpoint=OuterRef("pk"), state=WebhookDelivery.State.WAITING
        )
        counted = waiting.order_by().annotate(n=Func(F("pk"), function="count")).values("n")
        found: QuerySet[WebhookEndpoint] = super().get_queryset(request)
        return found.annotate(waiting_count=Subquery(counted))

    def get_fieldsets(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("endpoint_id", "url", "event_types", "seen")})]
        return [
            (None, {"fields": ("reference", "url", "event_types", "seen")}),
            (_("How it stands"), {"fields": _STANDING}),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: WebhookEndpoint | None = None
    ) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return ("reference", *_STANDING)
        return ("reference", "url", "event_types", *_STANDING)

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: EndpointForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        written = put_endpoint(
            reference=obj.reference if change else form.cleaned_data["endpoint_id"],
            url=form.cleaned_data["url"],
            event_types=form.cleaned_data["event_types"],
            status=obj.status,
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.endpoint.__dict__)
        # For `response_add`: it is told nowhere else.
        obj.new_secret = written.secret  # type: ignore[attr-defined]  # not a column

    def response_add(
        self, request: HttpRequest, obj: WebhookEndpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.to_secret(request, obj, obj.new_secret)  # type: ignore[attr-defined]

    @display(description=_("Endpoint"), header=True, ordering="reference")
    def named(self, obj: WebhookEndpoint) -> tuple[str, str]:
        return obj.reference, obj.url

    @display(
        description=_("Status"),
        ordering="status",
        label={"active": "success", "failing": "warning", "disabled": "danger"},
    )
    def state(self, obj: WebhookEndpoint) -> tuple[str, Any]:
        if obj.status == WebhookEndpoint.Status.ACTIVE and obj.failures:
            return "failing", _("fails")
        return obj.status, obj.get_status_display()

    @display(description=_("Status"))
    def standing(self, obj: WebhookEndpoint) -> str:
        return str(self.state(obj)[1])

    @display(description=_("Why switched off"))
    def why(self, obj: WebhookEndpoint) -> str:
        if obj.disabled_at is None:
            return "–"
        at = formats.date_format(timezone.localtime(obj.disabled_at), "SHORT_DATETIME_FORMAT")
        return f"{obj.get_disabled_reason_display()}, {at}"

    @display(description=_("Waiting"))
    def waiting(self, obj: WebhookEndpoint) -> str:
        count: int = obj.waiting_count  # type: ignore[attr-defined]  # annotated
        return formats.number_format(count, force_grouping=True)

    def has_enable_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_switch(request, object_id, WebhookEndpoint.Status.DISABLED)

    def has_disable_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_switch(request, object_id, WebhookEndpoint.Status.ACTIVE)

    def _may_switch(self, request: HttpRequest, object_id: Any, status: str) -> bool:
        if not self.has_change_permission(request):
            return False
        found = self.get_object(request, str(object_id)) if object_id else None
        return found is None or found.status == status

    @action(description=_("Deliveries"), icon="outbox", url_path="deliveries")
    def show_log(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.row(request, object_id).pk
        url = reverse("admin:journal_webhookdelivery_changelist")
        return HttpResponseRedirect(f"{url}?endpoint__id__exact={key}")

    @action(description=_("Send again"), icon="replay", url_path="replay", permissions=["change"])
    def replay_period(self, request: HttpRequest, object_id: str) -> HttpResponse:
        endpoint = self.row(request, object_id)
        initial = {"since": missed_since(endpoint), "until": timezone.now()}
        form = ReplayForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():

            def act() -> str:
                queued = replay(
                    reference=endpoint.reference,
                    since=form.cleaned_data["since"],
                    until=form.cleaned_data["until"],
                    actor=actor_of(request),
                    now=timezone.now(),
                )
                text = ngettext("%(count)d event waits.", "%(count)d events wait.", queued)
                return text % {"count": queued}

            return self.done_to(request, endpoint, act)
        return self.ask_about(
            request,
            endpoint,
            title=_("Send again what happened in a period?"),
            consequence=_(
                "Events that the endpoint listens to, with the same ids as the first time. What"
                " waits already is not sent twice."
            ),
            button=_("Send again"),
            form=form,
        )

    @action(
        description=_("New secret"), icon="key", url_path="rotate-secret", permissions=["change"]
    )
    def new_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        endpoint = self.row(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                written: WrittenEndpoint = rotate_secret(
                    reference=endpoint.reference, actor=actor_of(request), now=timezone.now()
                )
            return self.to_secret(request, endpoint, str(written.secret))
        return self.ask_about(
            request,
            endpoint,
            title=_("Replace the secret?"),
            consequence=_(
                "The new one is shown once. For 24 hours messages are signed with both, so that the"
                " receiver can change over."
            ),
            button=_("New secret"),
        )

    @action(
        description=_("Switch on"), icon="play_arrow", url_path="enable", permissions=["enable"]
    )
    def enable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._switch(
            request,
            object_id,
            status="active",
            title=_("Switch the endpoint on?"),
            consequence=_(
                "It is told what happens from now on. What it has missed can be sent again after"
                " that."
            ),
            button=_("Switch on"),
        )

    @action(
        description=_("Switch off"),
        icon="block",
        url_path="disable",
        permissions=["disable"],
        variant=ActionVariant.DANGER,
    )
    def disable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._switch(
            request,
            object_id,
            status="disabled",
            title=_("Switch the endpoint off?"),
            consequence=_(
                "Nothing more is sent to it, and what waits is skipped. It can be sent again later."
            ),
            button=_("Switch off"),
        )

    def _switch(
        self, request: HttpRequest, object_id: str, *, status: str, **words: Any
    ) -> HttpResponse:
        endpoint = self.row(request, object_id)
        if request.method != "POST":
            return self.ask_about(request, endpoint, **words)

        def act() -> str:
            put_endpoint(
                reference=endpoint.reference,
                url=endpoint.url,
                event_types=endpoint.event_types,
                status=status,
                if_match=None,
                actor=actor_of(request),
                now=timezone.now(),
            )
            return str(_("The endpoint is changed."))

        return self.done_to(request, endpoint, act)
