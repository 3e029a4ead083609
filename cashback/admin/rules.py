"""Cashback rules: the list with what each gives and how often it did, and the form."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from cashback.actions.rules import delete_rule, edit_rule, put_rule
from cashback.admin.filters import RuleStatusFilter
from cashback.admin.rule_layout import CONDITIONAL_FIELDS, fieldsets
from cashback.domain.rules import RuleDefinition
from cashback.forms.rule import RuleForm
from cashback.models import Rule
from cashback.queries.partners import partner_choices
from cashback.queries.rule_book import definition_of
from cashback.queries.rules import MOST_USES, is_used, summary_of, uses_of
from common.admin import ActingAdmin, actor_of
from common.api.preconditions import PreconditionFailed
from common.asking import Asking
from common.forms.problems import problems_of
from common.sentence_words import Language
from common.words import language_in_use, number
from customers.forms.choices import segment_choices
from journal.admin.history import TrailAdmin

_STATES = {
    "running": _("running"),
    "upcoming": _("upcoming"),
    "ended": _("ended"),
    "archived": _("archived"),
}


@admin.register(Rule)
class RuleAdmin(ActingAdmin, Asking, TrailAdmin):
    """The form speaks the contract's fields; `put_rule` writes them, as for the API."""

    form = RuleForm
    trail_kind = "cashback_rule"
    list_display = ("named", "told_sentence", "state", "uses")
    list_display_links = ("named",)
    list_filter = (RuleStatusFilter,)
    list_filter_submit = True
    list_select_related = ("partner",)
    search_fields = ("reference", "name")
    search_help_text = _("Id or name")
    ordering = ("-id",)
    list_per_page = 25
    actions = ("activate", "archive")
    actions_detail = ("remove",)
    warn_unsaved_form = True
    change_form_before_template = "journal/admin/seen.html"
    change_form_outer_before_template = "cashback/admin/beside.html"
    conditional_fields = CONDITIONAL_FIELDS
    compressed_fields = False

    class Media:
        js = ("staff/rows.js", "staff/sentences.js", "cashback/rule.js")
        css = {"all": ("staff/form.css",)}

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        name = "cashback_rule_preview"
        return [
            path("preview/", preview, name=name),
            path("<int:key>/preview/", preview, name=name),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the uses of all rows, counted in one statement."""
        changelist = super().get_changelist_instance(request)
        uses = uses_of([row.pk for row in changelist.result_list])
        for row in changelist.result_list:
            row.uses = uses[row.pk]
        return changelist

    def get_fieldsets(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        return fieldsets(id_field="rule_id" if obj is None else "shown_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Rule | None = None) -> list[str]:
        return [] if obj is None else ["shown_id"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Rule | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        bound = {
            "original": definition_of(obj) if obj else None,
            "known_segments": segment_choices(),
            "known_partners": partner_choices(),
        }
        kwargs["form"] = type("RuleForm", (self.form,), bound)
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        obj = kwargs.get("obj")
        context |= _beside(obj, form.definition or form.original)
        context["seen"] = form.current
        if obj is not None and not self.has_change_permission(request, obj):
            context["adminform"] = self._locked(request, form, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _locked(self, request: HttpRequest, form: RuleForm, obj: Rule) -> AdminForm:
        """The same form for whoever may only look; Django would show dashes for our own fields."""
        for field in form.fields.values():
            field.disabled = True
        sets = self.get_fieldsets(request, obj)
        return AdminForm(form, sets, {}, self.get_readonly_fields(request, obj), model_admin=self)

    def save_model(self, request: HttpRequest, obj: Rule, form: RuleForm, change: bool) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        written = put_rule(
            rule_id=obj.reference if change else form.cleaned_data["rule_id"],
            definition=form.sound_definition,
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.rule.__dict__)

    def preview(self, request: HttpRequest, key: int | None = None) -> JsonResponse:
        """The sentences of what stands in the form, or what is wrong with it; nothing is saved."""
        rule = None if key is None else Rule.objects.filter(pk=key).first()
        if key is not None and rule is None:
            raise Http404
        may_write = (
            self.has_add_permission(request)
            if rule is None
            else self.has_change_permission(request, rule)
        )
        if request.method != "POST" or not may_write:
            return JsonResponse({}, status=403)
        typed = request.POST.copy()
        typed["name"] = typed.get("name") or "-"
        typed["seen"] = ""
        made = self.get_form(request, rule, change=rule is not None)
        form = made(typed, instance=rule)
        form.fields.pop("rule_id", None)
        if not form.is_valid():
            return JsonResponse({"problems": problems_of(form)})
        return JsonResponse({"sentences": _sentences(form.sound_definition)})

    @display(description=_("Cashback rule"), header=True, ordering="reference")
    def named(self, obj: Rule) -> tuple[str, str]:
        return obj.name, obj.reference

    @display(description=_("Id"))
    def shown_id(self, obj: Rule) -> str:
        return obj.reference

    @display(description=_("What it gives"))
    def told_sentence(self, obj: Rule) -> str:
        text = _sentences(definition_of(obj))[language_in_use()]
        return format_html('<span class="plain-sentence">{}</span>', text)

    @display(
        description=_("Status"),
        ordering="status",
        label={"running": "success", "upcoming": "info", "ended": "danger", "archived": ""},
    )
    def state(self, obj: Rule) -> tuple[str, str]:
        state = _state(definition_of(obj))
        return state, str(_STATES[state])

    @display(description=_("Orders that earned"))
    def uses(self, obj: Any) -> str:
        count = obj.uses
        return f"{number(count)}+" if count >= MOST_USES else number(count)

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        self._set_status(request, queryset, "active")

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        self._set_status(request, queryset, "archived")

    def has_remove_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Only what nobody has earned by; the rest can be archived."""
        if not request.user.has_perm("cashback.delete_rule"):
            return False
        rule = self.get_object(request, str(object_id)) if object_id else None
        return rule is None or not is_used(rule.pk)

    @action(
        description=_("Delete"),
        icon="delete",
        url_path="remove",
        permissions=["remove"],
        variant=ActionVariant.DANGER,
    )
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked by GET, done by POST."""
        rule = self.row(request, object_id)
        if request.method == "POST":

            def act() -> str:
                delete_rule(rule_id=rule.reference, actor=actor_of(request), now=timezone.now())
                return gettext("The rule is deleted.")

            return self.done(request, act, back=reverse("admin:cashback_rule_changelist"))
        return self.ask(
            request,
            about=rule.reference,
            title=gettext("Delete this cashback rule?"),
            consequence=gettext("Nobody has earned by it. This cannot be undone."),
            button=gettext("Delete"),
            is_final=True,
            back=reverse("admin:cashback_rule_change", args=[rule.pk]),
        )

    def _set_status(self, request: HttpRequest, queryset: QuerySet[Rule], status: str) -> None:
        changed = 0
        for rule_id in queryset.order_by("reference").values_list("reference", flat=True):
            with transaction.atomic():
                edit_rule(
                    rule_id=rule_id,
                    edit=_with_status(status),
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            changed += 1
        text = ngettext("%(count)d rule changed.", "%(count)d rules changed.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)


def _with_status(status: Any) -> Callable[[RuleDefinition], RuleDefinition]:
    return lambda definition: msgspec.structs.replace(definition, status=status)


def _state(definition: RuleDefinition) -> str:
    if definition.status == "archived":
        return "archived"
    now, schedule = timezone.now(), definition.schedule
    if schedule.ends_at is not None and schedule.ends_at <= now:
        return "ended"
    if schedule.starts_at is not None and schedule.starts_at > now:
        return "upcoming"
    return "running"


def _sentences(definition: RuleDefinition) -> dict[Language, str]:
    return summary_of(definition, today=timezone.localdate())


def _beside(rule: Rule | None, definition: RuleDefinition | None) -> dict[str, Any]:
    """What the template needs to show the sentences, before anything is typed."""
    arguments = [] if rule is None else [rule.pk]
    return {
        "preview_url": reverse("admin:cashback_rule_preview", args=arguments),
        "sentences": _sentences(definition) if definition else {},
        "words": {
            "sentences": gettext("In plain words"),
            "hint": gettext("It says here what the rule gives."),
            "failed": gettext("The server did not answer. It is asked again as you go on typing."),
        },
    }
