"""Campaigns: the list with when each goes out and how far it is, and the form."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from campaigns.actions.campaigns import has_begun, put_campaign
from campaigns.admin.acts import CampaignActs
from campaigns.admin.beside import BesideAdmin
from campaigns.admin.layout import CONDITIONAL_FIELDS, fieldsets
from campaigns.admin.pages import CampaignPages
from campaigns.admin.standing import progress_cell, standing
from campaigns.admin.words import sentences
from campaigns.forms.campaign import CampaignForm
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from campaigns.queries.overview import progress_of
from common.admin import ActingAdmin, actor_of
from common.api.preconditions import PreconditionFailed
from common.words import language_in_use
from customers.forms.choices import segment_choices
from journal.admin.history import TrailAdmin

#: As these it can still be changed, and is a draft then.
_OPEN = {"draft", "submitted", "approved", "scheduled"}


def _is_open(campaign: Campaign) -> bool:
    is_paused = campaign.status == "paused"
    return campaign.status in _OPEN or (is_paused and not has_begun(campaign, now=timezone.now()))


@admin.register(Campaign)
class CampaignAdmin(CampaignPages, BesideAdmin, ActingAdmin, CampaignActs, TrailAdmin):
    """The form speaks the contract's fields; `put_campaign` writes them, as for the API."""

    form = CampaignForm
    trail_kind = "campaign"
    list_display = ("named", "told_sentence", "state", "progress")
    list_display_links = ("named",)
    list_filter = ("status", "purpose", "channel")
    search_fields = ("reference", "name")
    search_help_text = _("Id or name")
    ordering = ("-id",)
    list_per_page = 25
    list_select_related = ("promotion",)
    warn_unsaved_form = True
    change_form_before_template = "journal/admin/seen.html"
    change_form_outer_before_template = "campaigns/admin/beside.html"
    conditional_fields = CONDITIONAL_FIELDS
    # The labels stand above: the form shares the page with the letter.
    compressed_fields = False

    class Media:
        js = ("staff/sentences.js", "staff/rows.js", "campaigns/staff.js")
        css = {"all": ("staff/form.css", "journal/progress.css", "campaigns/staff.css")}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("promotion")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With how far all rows are, counted in one statement."""
        changelist = super().get_changelist_instance(request)
        counted = progress_of([row.pk for row in changelist.result_list])
        for row in changelist.result_list:
            row.counted = counted[row.pk]
        return changelist

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        return fieldsets(id_field="campaign_id" if obj is None else "shown_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> list[str]:
        return [] if obj is None else ["shown_id"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Campaign | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        bound = {
            "original": definition_of(obj) if obj else None,
            "known_segments": segment_choices(),
            "is_open": obj is None or _is_open(obj),
        }
        kwargs["form"] = type("CampaignForm", (self.form,), bound)
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        obj = kwargs.get("obj")
        context |= self.beside(request, obj, form.definition or form.original)
        context["seen"] = form.current
        if obj is not None:
            context["standing"] = standing(request, obj)
            if not self.has_change_permission(request, obj):
                context["adminform"] = self._locked(request, form, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _locked(self, request: HttpRequest, form: CampaignForm, obj: Campaign) -> AdminForm:
        """The same form for whoever may only look; Django would show dashes for our own fields."""
        for field in form.fields.values():
            field.disabled = True
        sets = self.get_fieldsets(request, obj)
        return AdminForm(form, sets, {}, self.get_readonly_fields(request, obj), model_admin=self)

    def save_model(
        self, request: HttpRequest, obj: Campaign, form: CampaignForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        before = obj.status
        written = put_campaign(
            campaign_id=obj.reference if change else form.cleaned_data["campaign_id"],
            definition=form.sound_definition,
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.campaign.__dict__)
        if change and obj.status == "draft" != before:
            text = gettext(
                "It is a draft again: submit it anew, since what was approved was changed."
            )
            self.message_user(request, text, messages.WARNING)

    @display(description=_("Campaign"), header=True, ordering="reference")
    def named(self, obj: Campaign) -> tuple[str, str]:
        return obj.name, obj.reference

    @display(description=_("Id"))
    def shown_id(self, obj: Campaign) -> str:
        return obj.reference

    @display(description=_("What it does"))
    def told_sentence(self, obj: Campaign) -> str:
        text = sentences(definition_of(obj))[language_in_use()]
        return format_html('<span class="plain-sentence">{}</span>', text)

    @display(
        description=_("Status"),
        ordering="status",
        label={
            "draft": "", "submitted": "warning", "approved": "info", "scheduled": "info",
            "running": "success", "paused": "warning", "finished": "", "cancelled": "danger",
        },
    )  # fmt: skip
    def state(self, obj: Campaign) -> tuple[str, str]:
        return obj.status, str(Campaign.Status(obj.status).label)

    @display(description=_("Done"))
    def progress(self, obj: Any) -> str:
        return progress_cell(obj.counted)
