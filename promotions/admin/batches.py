"""Code batches: ask for codes for a segment, see how far they are, fetch them."""

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
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from common.admin import actor_of
from common.ids import public_id
from customers.forms.choices import segment_choices
from journal.admin.jobs import JobAdmin
from promotions.actions.batches import order_batch
from promotions.admin.filters import PromotionFilter
from promotions.admin.progress import OfPromotion
from promotions.forms.codes import MakeCodesForm
from promotions.models import CodeBatch
from promotions.queries.batches import code_rows
from promotions.serializers.batches import csv_chunks


@admin.register(CodeBatch)
class CodeBatchAdmin(OfPromotion, JobAdmin):
    """A batch is asked for and watched; what was asked for does not change."""

    form = MakeCodesForm
    trail_kind = "code_batch"
    list_display = (
        "named",
        "of_promotion",
        "for_whom",
        "by_pattern",
        "state",
        "progress",
        "download",
    )
    list_display_links = ("named",)
    list_filter = (("promotion", PromotionFilter),)
    list_select_related = ("promotion", "segment")
    actions_detail = ("show_codes",)
    shown = (
        "batch_id_", "of_promotion", "for_whom", "by_pattern", "until", "stands", "progress", "download",
    )  # fmt: skip

    def trail_id(self, obj: CodeBatch) -> str:
        return self.batch_id_(obj)

    def get_fields(self, request: HttpRequest, obj: CodeBatch | None = None) -> tuple[str, ...]:
        return self.shown if obj else ("promotion", "segment_id", "count", "pattern", "valid_days")

    def get_readonly_fields(
        self, request: HttpRequest, obj: CodeBatch | None = None
    ) -> tuple[str, ...]:
        return self.shown if obj else ()

    def get_form(
        self,
        request: HttpRequest,
        obj: CodeBatch | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        if obj is None:
            bound = {"known_segments": segment_choices(), "now": timezone.now()}
            kwargs["form"] = type("MakeCodesForm", (self.form,), bound)
        return super().get_form(request, obj, change, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: CodeBatch, form: MakeCodesForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        batch = order_batch(
            promotion_id=form.cleaned_data["promotion"].reference,
            order=form.order,
            actor=actor_of(request),
            now=timezone.now(),
        )
        obj.__dict__.update(batch.__dict__)

    def response_add(
        self, request: HttpRequest, obj: CodeBatch, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To where its progress is seen."""
        return HttpResponseRedirect(reverse("admin:promotions_codebatch_change", args=[obj.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.codes_csv)
        return [
            path("<int:key>/codes.csv", view, name="promotions_codebatch_csv"),
            *super().get_urls(),
        ]

    def codes_csv(self, request: HttpRequest, key: int) -> StreamingHttpResponse:
        """The codes, for staff who have no API key."""
        batch = CodeBatch.objects.filter(pk=key).first()
        if batch is None or not self.has_view_permission(request, batch):
            raise Http404
        name = public_id("bat", batch.batch_id)
        return StreamingHttpResponse(
            csv_chunks(code_rows(batch.pk)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )

    @display(description=_("Id"))
    def batch_id_(self, obj: CodeBatch) -> str:
        return public_id("bat", obj.batch_id)

    @display(description=_("For"))
    def for_whom(self, obj: CodeBatch) -> str:
        return obj.segment.name if obj.segment else str(_("everybody"))

    @display(description=_("Pattern"))
    def by_pattern(self, obj: CodeBatch) -> str:
        return obj.pattern

    @display(description=_("Valid until"))
    def until(self, obj: CodeBatch) -> str:
        if obj.valid_until is None:
            return "–"
        return formats.date_format(timezone.localtime(obj.valid_until), "SHORT_DATETIME_FORMAT")

    @display(description=_("Codes"))
    def download(self, obj: CodeBatch) -> str:
        url = reverse("admin:promotions_codebatch_csv", args=[obj.pk])
        return format_html('<a class="text-link" href="{}" download>CSV</a>', url)

    @action(description=_("Codes"), icon="confirmation_number", url_path="codes")
    def show_codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch_id = public_id("bat", self.row(request, object_id).batch_id)
        url = reverse("admin:promotions_code_changelist")
        return HttpResponseRedirect(f"{url}?q={batch_id}")
