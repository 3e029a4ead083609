"""Promotions: the list with what each does and gave, and the form."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from common.admin import actor_of
from common.api.preconditions import PreconditionFailed
from common.money import format_money
from common.words import language_in_use
from customers.forms.choices import segment_choices
from journal.admin.history import TrailAdmin
from promotions.actions.promotions import edit_promotion, put_promotion
from promotions.admin.checklist import told_checklist
from promotions.admin.layout import CONDITIONAL_FIELDS, fieldsets
from promotions.admin.preview import PreviewedAdmin
from promotions.domain.definition import PromotionDefinition, Status
from promotions.forms.promotion import PromotionForm
from promotions.models import Promotion
from promotions.queries.definitions import definition_of, summary_of
from promotions.queries.forecasts import forecasts_of

_STATES = {
    "running": _("running"),
    "upcoming": _("upcoming"),
    "ended": _("ended"),
    "draft": _("draft"),
    "paused": _("paused"),
    "archived": _("archived"),
}


@admin.register(Promotion)
class PromotionAdmin(PreviewedAdmin, TrailAdmin):
    """The form speaks the contract's fields; `put_promotion` writes them, as for the API."""

    form = PromotionForm
    trail_kind = "promotion"
    list_display = ("named", "sentence", "state", "uses", "budget")
    list_display_links = ("named",)
    list_filter = ("status", "activation")
    search_fields = ("reference", "name")
    search_help_text = _("Id or name")
    ordering = ("-id",)
    list_per_page = 25
    list_select_related = ("counter",)
    actions = ("activate", "pause", "archive")
    # Its codes behind one button, or the promotion's id had no room beside them.
    actions_detail = (
        "show_report",
        "show_forecast",
        {
            "title": _("Codes"),
            "icon": "confirmation_number",
            "items": ["show_codes", "new_code", "make_codes", "import_codes"],
        },
    )
    warn_unsaved_form = True
    change_form_template = "promotions/admin/promotion_form.html"
    change_form_before_template = "journal/admin/seen.html"
    change_form_outer_before_template = "promotions/admin/beside.html"
    conditional_fields = CONDITIONAL_FIELDS
    # The labels stand above: the form shares the page with the basket.
    compressed_fields = False

    class Media:
        js = ("staff/rows.js", "staff/sentences.js", "promotions/form.js")
        css = {"all": ("staff/form.css", "promotions/staff.css", "promotions/form.css")}

    def get_fieldsets(self, request: HttpRequest, obj: Promotion | None = None) -> Any:
        return fieldsets(id_field="promotion_id" if obj is None else "shown_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Promotion | None = None) -> list[str]:
        return [] if obj is None else ["shown_id"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Promotion | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        bound = {
            "original": definition_of(obj) if obj else None,
            "known_segments": segment_choices(),
        }
        kwargs["form"] = type("PromotionForm", (self.form,), bound)
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        obj = kwargs.get("obj")
        context |= self.beside(request, obj, form.definition or form.original)
        context["chosen_effect"] = form["effect_kind"].value()
        context["seen"] = form.current
        if obj is not None:
            result = forecasts_of(obj.pk).result
            context["checklist"] = told_checklist(obj, result=result, now=timezone.now())
        if obj is not None and not self.has_change_permission(request, obj):
            context["adminform"] = self._locked(request, form, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _locked(self, request: HttpRequest, form: PromotionForm, obj: Promotion) -> AdminForm:
        """The same form for whoever may only look; Django would show dashes for our own fields."""
        for field in form.fields.values():
            field.disabled = True
        sets = self.get_fieldsets(request, obj)
        return AdminForm(form, sets, {}, self.get_readonly_fields(request, obj), model_admin=self)

    def save_model(
        self, request: HttpRequest, obj: Promotion, form: PromotionForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        promotion_id = obj.reference if change else form.cleaned_data["promotion_id"]
        written = put_promotion(
            promotion_id=promotion_id,
            definition=form.sound_definition,
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.promotion.__dict__)

    @display(description=_("Promotion"), header=True, ordering="reference")
    def named(self, obj: Promotion) -> tuple[str, str]:
        return obj.name, obj.reference

    @display(description=_("Id"))
    def shown_id(self, obj: Promotion) -> str:
        return obj.reference

    @display(description=_("What it does"))
    def sentence(self, obj: Promotion) -> str:
        text = summary_of(definition_of(obj), today=timezone.localdate())[language_in_use()]
        return format_html('<span class="plain-sentence">{}</span>', text)

    @display(
        description=_("Status"),
        ordering="status",
        label={
            "running": "success",
            "upcoming": "info",
            "paused": "warning",
            "ended": "danger",
            "draft": "",
            "archived": "",
        },
    )
    def state(self, obj: Promotion) -> tuple[str, str]:
        state = _state(obj)
        return state, str(_STATES[state])

    @display(description=_("Uses"), ordering="counter__used")
    def uses(self, obj: Promotion) -> str:
        used = formats.number_format(obj.counter.used, force_grouping=True)
        if obj.redemptions_limit is None:
            return used
        return f"{used} / {formats.number_format(obj.redemptions_limit, force_grouping=True)}"

    @display(description=_("Budget left"))
    def budget(self, obj: Promotion) -> str:
        if obj.discount_budget is None:
            return "–"
        left = obj.discount_budget - obj.counter.spent - obj.counter.held_amount
        return format_money(max(left, 0), obj.currency or "", language=language_in_use())

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> None:
        self._set_status(request, queryset, "active")

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> None:
        self._set_status(request, queryset, "paused")

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> None:
        self._set_status(request, queryset, "archived")

    @action(description=_("Report"), icon="bar_chart", url_path="report")
    def show_report(self, request: HttpRequest, object_id: str) -> HttpResponse:
        reference = self.row(request, object_id).reference
        url = reverse("admin:checkout_promotion_report", args=[reference])
        return HttpResponseRedirect(url)

    @action(description=_("Forecast"), icon="query_stats", url_path="forecast")
    def show_forecast(self, request: HttpRequest, object_id: str) -> HttpResponse:
        reference = self.row(request, object_id).reference
        url = reverse("admin:promotions_promotion_forecast", args=[reference])
        return HttpResponseRedirect(url)

    @action(description=_("List of codes"), icon="confirmation_number", url_path="codes")
    def show_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _go("code_changelist", f"promotion__id__exact={self.row(request, object_id).pk}")

    @action(description=_("New code"), icon="add", url_path="new-code", permissions=["change"])
    def new_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _go("code_add", f"promotion={self.row(request, object_id).pk}")

    @action(
        description=_("Many codes"),
        icon="library_add",
        url_path="make-codes",
        permissions=["change"],
    )
    def make_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _go("codebatch_add", f"promotion={self.row(request, object_id).pk}")

    @action(
        description=_("Import codes"),
        icon="upload_file",
        url_path="import-codes",
        permissions=["change"],
    )
    def import_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return _go("codeimport_add", f"promotion={self.row(request, object_id).pk}")

    def _set_status(
        self, request: HttpRequest, queryset: QuerySet[Promotion], status: Status
    ) -> None:
        changed = 0
        for promotion_id in queryset.values_list("reference", flat=True):
            with transaction.atomic():
                edit_promotion(
                    promotion_id=promotion_id,
                    edit=_with_status(status),
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            changed += 1
        text = ngettext("%(count)d promotion changed.", "%(count)d promotions changed.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)


def _with_status(status: Status) -> Callable[[PromotionDefinition], PromotionDefinition]:
    return lambda definition: msgspec.structs.replace(definition, status=status)


def _state(promotion: Promotion) -> str:
    now = timezone.now()
    if promotion.status != Promotion.Status.ACTIVE:
        return promotion.status
    if promotion.ends_at is not None and promotion.ends_at <= now:
        return "ended"
    if promotion.starts_at is not None and promotion.starts_at > now:
        return "upcoming"
    return "running"


def _go(page: str, query: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(f'admin:promotions_{page}')}?{query}")
