"""Segments: the list with how many are in them, and the form that builds their rule."""

from typing import Any

import msgspec
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from common.admin import ActingAdmin, actor_of
from common.api.preconditions import PreconditionFailed
from customers.actions.refresh import ensure_thresholds
from customers.actions.segments import put_segment
from customers.forms.segments import SegmentForm, names_in, rule_problems, sentence_of
from customers.models import Segment
from customers.queries.preview import preview
from customers.queries.rules import read_rule
from customers.queries.segment_book import current_segments
from customers.queries.segments import members_page
from journal.admin.history import TrailAdmin

_MEMBERS_SHOWN = 50


@admin.register(Segment)
class SegmentAdmin(ActingAdmin, TrailAdmin):
    """The rule is put together from fields; `put_segment` writes it, as for the API."""

    form = SegmentForm
    trail_kind = "segment"
    list_display = ("named", "sentence", "members", "evaluated_at")
    list_display_links = ("named",)
    list_filter = ("kind",)
    search_fields = ("reference__exact", "name")
    search_help_text = gettext_lazy("Id or name")
    ordering = ("reference",)
    list_per_page = 25
    warn_unsaved_form = True
    compressed_fields = False
    actions_detail = ("show_members",)
    change_form_before_template = "journal/admin/seen.html"

    class Media:
        js = ("customers/rule_values.js", "customers/rule.js")
        css = {"all": ("customers/rule.css",)}

    def get_urls(self) -> list[URLPattern]:
        count = self.admin_site.admin_view(self.count)
        return [path("count/", count, name="customers_segment_count"), *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the names of all that the rules name, read together."""
        changelist = super().get_changelist_instance(request)
        rows = changelist.result_list
        names = names_in([read_rule(row.rule) for row in rows if row.rule is not None])
        for row in rows:
            row.names = names
        return changelist

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("segment_id", "name", "rule")}),)
        asked = ("name", "list_told" if obj.kind == Segment.Kind.STATIC else "rule")
        return ((None, {"fields": ("shown_id", *asked, "members", "evaluated_at")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> list[str]:
        return [] if obj is None else ["shown_id", "list_told", "members", "evaluated_at"]

    def get_form(
        self,
        request: HttpRequest,
        obj: Segment | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if "rule" in made.base_fields:
            made.base_fields["rule"].widget.count_url = reverse("admin:customers_segment_count")
        return made

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["seen"] = context["adminform"].form.current
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Segment, form: SegmentForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        written = put_segment(
            reference=obj.reference if change else form.cleaned_data["segment_id"],
            name=form.cleaned_data["name"],
            rule=form.cleaned_data.get("rule"),
            if_match=form.cleaned_data["seen"] or None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        if not change and not written.created:
            raise PreconditionFailed
        obj.__dict__.update(written.segment.__dict__)

    def has_show_members_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("customers.view_customer")

    @action(
        description=gettext_lazy("Members"),
        icon="group",
        url_path="members",
        permissions=["show_members"],
    )
    def show_members(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """By their key, as the index has them: never counted, never skipped over."""
        segment, after = self.row(request, object_id), request.GET.get("after", "")
        if not self.has_view_permission(request, segment):
            raise PermissionDenied
        rows = members_page(
            segment_key=segment.pk,
            after=int(after) if after.isdecimal() and len(after) < 19 else 0,
            limit=_MEMBERS_SHOWN,
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Members of %(segment)s") % {"segment": segment.name or segment.reference},
            "rows": rows[:_MEMBERS_SHOWN],
            "next": f"?after={rows[_MEMBERS_SHOWN - 1][0]}" if len(rows) > _MEMBERS_SHOWN else "",
            "back": reverse("admin:customers_segment_change", args=[segment.pk]),
            "words": {
                "customer": _("Customer"),
                "since": _("In it since"),
                "nobody": _("Nobody is in it."),
                "back": _("To the segment"),
                "next": _("Next"),
            },
        }
        return render(request, "customers/admin/members.html", context)

    def count(self, request: HttpRequest) -> JsonResponse:
        """How many the rule in the form holds of, in words, or what is wrong with it."""
        if request.method != "POST" or not self.has_view_permission(request):
            return JsonResponse({}, status=403)
        try:
            rule = msgspec.json.decode(request.POST.get("rule", ""))
        except (msgspec.DecodeError, RecursionError):
            rule = None
        reference = request.POST.get("segment_id") or None
        if problems := rule_problems(rule, reference=reference):
            text = _("The count waits until the rule is complete.")
            return JsonResponse({"text": text, "problems": problems})
        read, book, now = read_rule(rule), current_segments(), timezone.now()
        ensure_thresholds(read, book=book, now=now)
        found = preview(read, book=book, now=now)
        return JsonResponse(
            {"text": _counted(found.members, found.is_estimate), "sentence": sentence_of(rule)}
        )

    @display(description=gettext_lazy("Segment"), header=True, ordering="reference")
    def named(self, obj: Segment) -> tuple[str, str]:
        return obj.name, obj.reference

    @display(description=gettext_lazy("Id"))
    def shown_id(self, obj: Segment) -> str:
        return obj.reference

    @display(description=gettext_lazy("Who is in it"))
    def list_told(self, obj: Segment) -> str:
        return format_html(
            "{}<br><code>PUT /api/v1/segments/{}/members</code>",
            _("A list that the shop sends. It is replaced as a whole over the API:"),
            obj.reference,
        )

    @display(description=gettext_lazy("Who is in it"))
    def sentence(self, obj: Segment) -> str:
        if obj.rule is None:
            text = _("A list that the shop sends.")
        else:
            text = sentence_of(obj.rule, names=obj.names)  # type: ignore[attr-defined]  # not a column
        return format_html('<span class="plain-sentence">{}</span>', text)

    @display(description=gettext_lazy("Members"), ordering="member_count")
    def members(self, obj: Segment) -> str:
        return formats.number_format(obj.member_count, force_grouping=True)


def _counted(count: int, is_estimate: bool) -> str:
    shown = formats.number_format(count, force_grouping=True)
    if is_estimate:
        text = ngettext("About %(count)s customer", "About %(count)s customers", count)
    else:
        text = ngettext("%(count)s customer", "%(count)s customers", count)
    return text % {"count": shown}
