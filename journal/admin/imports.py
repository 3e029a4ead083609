"""Pages of files that are taken in: send one, see how far it is, read what was left out."""

from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.words import number
from journal.admin.jobs import JobAdmin, job_of
from journal.forms.imports import told_in_page_language
from journal.queries import all_row_errors, row_errors
from journal.serializers.jobs import report_chunks

#: Of so many wrong lines the page tells; all are in the report.
ERRORS_TOLD = 100


class ImportAdmin(JobAdmin):
    """Rows of a `FileImport`. A file is sent once, first to be checked and then to be imported.

    Its class says which fields are `asked_for`, which are `shown`, and has a `save_model` that orders
    the import.
    """

    asked_for: tuple[str, ...] = ("file", "is_dry_run")
    shown: tuple[str, ...] = (
        "import_id_", "file_name", "asked", "stands", "progress", "right", "wrong", "report",
    )  # fmt: skip
    list_display: tuple[str, ...] = (
        "named", "file_name", "sort", "state", "progress", "right", "wrong", "report",
    )  # fmt: skip
    list_display_links = ("named",)
    change_form_after_template = "journal/admin/import_errors.html"

    def trail_id(self, obj: Any) -> str:
        return str(obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj else self.asked_for

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context["problems"] = [
                {"line": line, "column": column, "what": told_in_page_language(detail)}
                for line, column, _code, detail in row_errors(obj.job_id, limit=ERRORS_TOLD)
            ]
            context["problem_titles"] = (_("Row"), _("Column"), _("What is wrong"))
            if obj.rejected > ERRORS_TOLD:
                context["report_url"] = self._report_url(obj)
                context["more_hint"] = _("All rows that were left out (CSV)")
            if obj.is_dry_run and job_of(obj).status == "succeeded":
                context["checked_hint"] = _(
                    "Nothing was imported. To import the rows that are right, send the file again "
                    "without “Only check”."
                )
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To where its progress is seen."""
        return HttpResponseRedirect(reverse(f"admin:{self._named}_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_csv)
        return [
            path("<int:key>/report.csv", view, name=f"{self._named}_report"),
            *super().get_urls(),
        ]

    def report_csv(self, request: HttpRequest, key: int) -> StreamingHttpResponse:
        """Every row that was left out, in the language of the page."""
        found = self.model._default_manager.filter(pk=key).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return StreamingHttpResponse(
            report_chunks(all_row_errors(found.job_id), told=told_in_page_language),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{found}.csv"'},
        )

    @display(description=_("Id"))
    def import_id_(self, obj: Any) -> str:
        return str(obj)

    @display(description=_("File"))
    def file_name(self, obj: Any) -> str:
        return job_of(obj).order.get("file_name") or "–"

    @display(description=_("What"), label={"check": "", "import": "info"})
    def sort(self, obj: Any) -> tuple[str, str]:
        return ("check", str(_("check"))) if obj.is_dry_run else ("import", str(_("import")))

    @display(description=_("What"))
    def asked(self, obj: Any) -> str:
        return self.sort(obj)[1]

    @display(description=_("Right"))
    def right(self, obj: Any) -> str:
        return number(obj.good)

    @display(description=_("Left out"))
    def wrong(self, obj: Any) -> str:
        return number(obj.rejected)

    @display(description=_("Report"))
    def report(self, obj: Any) -> str:
        if not obj.rejected:
            return "–"
        return format_html('<a class="text-link" href="{}" download>CSV</a>', self._report_url(obj))

    @property
    def _named(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _report_url(self, obj: Any) -> str:
        return reverse(f"admin:{self._named}_report", args=[obj.pk])
