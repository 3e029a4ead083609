"""Imports of codes: send a file, see how far it is, read what was left out."""

from typing import Any

from django.contrib import admin
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import actor_of
from common.ids import public_id
from promotions.actions.imports import ERRORS_TOLD, order_import
from promotions.admin.filters import PromotionFilter
from promotions.admin.progress import JobAdmin, job_of, number
from promotions.forms.imports import ImportCodesForm, told_in_page_language
from promotions.models import CodeImport
from promotions.queries.imports import all_errors, errors_of
from promotions.serializers.imports import report_chunks


@admin.register(CodeImport)
class CodeImportAdmin(JobAdmin):
    """A file is sent once, first to be checked and then to be imported."""

    form = ImportCodesForm
    trail_kind = "code_import"
    list_display = (
        "named",
        "of_promotion",
        "sort",
        "state",
        "progress",
        "right",
        "wrong",
        "report",
    )
    list_display_links = ("named",)
    list_filter = (("promotion", PromotionFilter),)
    list_select_related = ("promotion",)
    shown = (
        "import_id_", "of_promotion", "asked", "stands", "progress", "right", "wrong", "report",
    )  # fmt: skip
    change_form_after_template = "promotions/admin/import_errors.html"

    def trail_id(self, obj: CodeImport) -> str:
        return self.import_id_(obj)

    def get_fields(self, request: HttpRequest, obj: CodeImport | None = None) -> tuple[str, ...]:
        return self.shown if obj else ("promotion", "file", "is_dry_run")

    def get_readonly_fields(
        self, request: HttpRequest, obj: CodeImport | None = None
    ) -> tuple[str, ...]:
        return self.shown if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj: CodeImport | None = kwargs.get("obj")
        if obj is not None:
            context["problems"] = [
                {"line": line, "column": column, "what": told_in_page_language(detail)}
                for line, column, _code, detail in errors_of(obj.pk, limit=ERRORS_TOLD)
            ]
            context["problem_titles"] = (_("Row"), _("Column"), _("What is wrong"))
            if obj.rejected > ERRORS_TOLD:
                context["report_url"] = _report_url(obj)
                context["more_hint"] = _("All rows that were left out (CSV)")
            if obj.is_dry_run and job_of(obj).status == "succeeded":
                context["checked_hint"] = _(
                    "Nothing was imported. To import the rows that are right, send the file again "
                    "without “Only check”."
                )
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: CodeImport, form: ImportCodesForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        asked = order_import(
            promotion_id=form.cleaned_data["promotion"].reference,
            file=form.cleaned_data["file"],
            is_dry_run=form.cleaned_data["is_dry_run"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        obj.__dict__.update(asked.__dict__)

    def response_add(
        self, request: HttpRequest, obj: CodeImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To where its progress is seen."""
        return HttpResponseRedirect(reverse("admin:promotions_codeimport_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_csv)
        return [
            path("<int:key>/report.csv", view, name="promotions_codeimport_report"),
            *super().get_urls(),
        ]

    def report_csv(self, request: HttpRequest, key: int) -> StreamingHttpResponse:
        """Every row that was left out, in the language of the page."""
        found = CodeImport.objects.filter(pk=key).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        name = public_id("imp", found.import_id)
        return StreamingHttpResponse(
            report_chunks(all_errors(found.pk), told=told_in_page_language),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )

    @display(description=_("Id"))
    def import_id_(self, obj: CodeImport) -> str:
        return public_id("imp", obj.import_id)

    @display(description=_("What"), label={"check": "", "import": "info"})
    def sort(self, obj: CodeImport) -> tuple[str, str]:
        return ("check", str(_("check"))) if obj.is_dry_run else ("import", str(_("import")))

    @display(description=_("What"))
    def asked(self, obj: CodeImport) -> str:
        return self.sort(obj)[1]

    @display(description=_("Right"))
    def right(self, obj: CodeImport) -> str:
        return number(obj.good)

    @display(description=_("Left out"))
    def wrong(self, obj: CodeImport) -> str:
        return number(obj.rejected)

    @display(description=_("Report"))
    def report(self, obj: CodeImport) -> str:
        if not obj.rejected:
            return "–"
        return format_html('<a class="text-link" href="{}" download>CSV</a>', _report_url(obj))


def _report_url(obj: CodeImport) -> str:
    return reverse("admin:promotions_codeimport_report", args=[obj.pk])
