"""Codes: found by code, customer or batch among millions; made and disabled one by one."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display

from common.admin import ActingAdmin, actor_of
from common.answers import etag_of
from common.ids import parse_public_id, public_id
from customers.queries.people import customer_by_reference
from journal.admin.history import TrailAdmin
from promotions.actions.codes import CodeTerms, change_code, issue_code
from promotions.admin.filters import DisabledFilter, PromotionFilter
from promotions.domain.codes import normalise, span_of
from promotions.forms.codes import ChangeCodeForm, IssueCodeForm, TermsForm
from promotions.models import Code, CodeBatch
from promotions.queries.codes import effective_limit

_MOST_AT_ONCE = 1_000


@admin.register(Code)
class CodeAdmin(ActingAdmin, TrailAdmin):
    """Nothing here counts the rows or reads them all: there may be many millions."""

    trail_kind = "code"
    list_display = ("spelled", "of_promotion", "holder", "state", "until", "uses")
    list_display_links = ("spelled",)
    list_filter = (DisabledFilter, ("promotion", PromotionFilter))
    list_filter_submit = True
    search_fields = ("code",)
    search_help_text = _("A code or its first 4 letters, a customer's id or a batch's id")
    autocomplete_fields = ("promotion",)
    list_per_page = 50
    list_disable_select_all = True
    show_facets = admin.ShowFacets.NEVER  # they count
    actions = ("disable", "enable")
    actions_list = ("import_codes",)
    actions_detail = ("why",)
    add_form_fields = (
        "promotion", "given", "customer_id", "valid_from", "valid_until", "max_redemptions",
    )  # fmt: skip
    change_form_fields = (
        "spelled", "of_promotion", "holder", "of_batch", "uses",
        "status", "valid_from", "valid_until", "max_redemptions",
    )  # fmt: skip
    change_form_before_template = "journal/admin/seen.html"

    def trail_id(self, obj: Code) -> str:
        return obj.code

    def get_queryset(self, request: HttpRequest) -> QuerySet[Code]:
        rows = super().get_queryset(request).select_related("promotion", "customer", "batch")
        return rows.only(
            "code", "spelling", "status", "valid_from", "valid_until", "max_redemptions", "used",
            "held", "revision", "promotion__reference", "promotion__name",
            "promotion__per_code_limit", "customer__reference", "batch__batch_id",
        )  # fmt: skip

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Code], search_term: str
    ) -> tuple[QuerySet[Code], bool]:
        """By index only: codes that begin like this, all of one customer, or those of one batch."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if (batch_id := parse_public_id("bat", term)) is not None:
            batch = CodeBatch.objects.filter(batch_id=batch_id).only("promotion_id").first()
            if batch is None:
                return queryset.none(), False
            # With the promotion, so that the index of its disabled codes can serve as well.
            return queryset.filter(batch=batch, promotion_id=batch.promotion_id), False
        code = normalise(term)
        if (customer := customer_by_reference(term)) is not None:
            return queryset.filter(Q(code=code or "") | Q(customer_id=customer.pk)), False
        return (queryset.filter(code__range=span_of(code)) if code else queryset.none()), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest first; a part of them by code, as each part's index has them."""
        asked = request.GET.keys() & {"q", "status", "promotion__id__exact"}
        return ("code",) if any(request.GET[name] for name in asked) else ("-id",)

    def get_form(
        self, request: HttpRequest, obj: Code | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = ChangeCodeForm if change else IssueCodeForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Code | None = None) -> tuple[str, ...]:
        return self.change_form_fields if obj else self.add_form_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Code | None = None) -> tuple[str, ...]:
        return ("spelled", "of_promotion", "holder", "of_batch", "uses") if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        context["seen"] = etag_of(obj.pk, obj.revision) if obj else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Code, form: TermsForm, change: bool) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        if change:
            written = change_code(
                promotion_id=obj.promotion.reference,
                given=obj.code,
                change=lambda _now: form.terms,
                if_match=form.cleaned_data["seen"] or None,
                actor=actor_of(request),
                now=timezone.now(),
            )
        else:
            written = issue_code(
                promotion_id=form.cleaned_data["promotion"].reference,
                given=form.cleaned_data["given"] or None,
                customer_id=form.cleaned_data["customer_id"] or None,
                terms=form.terms,
                actor=actor_of(request),
                now=timezone.now(),
            )
        obj.__dict__.update(written.__dict__)

    @display(description=_("Code"), ordering="code")
    def spelled(self, obj: Code) -> str:
        return obj.spelling

    @display(description=_("Promotion"))
    def of_promotion(self, obj: Code) -> str:
        return f"{obj.promotion.name} ({obj.promotion.reference})"

    @display(description=_("Customer"))
    def holder(self, obj: Code) -> str:
        return obj.customer.reference if obj.customer else "–"

    @display(description=_("Batch"))
    def of_batch(self, obj: Code) -> str:
        return public_id("bat", obj.batch.batch_id) if obj.batch else "–"

    @display(description=_("Status"), label={"active": "success", "disabled": "danger"})
    def state(self, obj: Code) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Valid until"))
    def until(self, obj: Code) -> str:
        if obj.valid_until is None:
            return "–"
        return formats.date_format(timezone.localtime(obj.valid_until), "SHORT_DATETIME_FORMAT")

    @display(description=_("Uses"))
    def uses(self, obj: Code) -> str:
        limit = effective_limit(obj)
        used = formats.number_format(obj.used, force_grouping=True)
        return (
            used
            if limit is None
            else f"{used} / {formats.number_format(limit, force_grouping=True)}"
        )

    @action(description=_("Import codes"), icon="upload_file", url_path="import")
    def import_codes(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("promotion__id__exact", "")
        chosen = f"?promotion={asked}" if asked.isdecimal() else ""
        return HttpResponseRedirect(reverse("admin:promotions_codeimport_add") + chosen)

    @action(description=_("Why was this refused?"), icon="contact_support", url_path="why")
    def why(self, request: HttpRequest, object_id: str) -> HttpResponse:
        code = self.row(request, object_id).code
        url = reverse("admin:checkout_decision_changelist")
        return HttpResponseRedirect(f"{url}?code={code}")

    @admin.action(description=_("Disable"), permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Code]) -> None:
        self._set_status(request, queryset, Code.Status.DISABLED)

    @admin.action(description=_("Enable"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Code]) -> None:
        self._set_status(request, queryset, Code.Status.ACTIVE)

    def _set_status(self, request: HttpRequest, queryset: QuerySet[Code], status: str) -> None:
        chosen = list(queryset.values_list("promotion__reference", "code")[:_MOST_AT_ONCE])
        for promotion_id, code in chosen:
            with transaction.atomic():
                change_code(
                    promotion_id=promotion_id,
                    given=code,
                    change=lambda terms: _with_status(terms, status),
                    actor=actor_of(request),
                    now=timezone.now(),
                )
        text = ngettext("%(count)d code changed.", "%(count)d codes changed.", len(chosen))
        self.message_user(request, text % {"count": len(chosen)}, messages.SUCCESS)


def _with_status(terms: CodeTerms, status: str) -> CodeTerms:
    return replace(terms, status=status)
