"""Imports of codes: send a file, see how far it is, read what was left out."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from common.admin import actor_of
from journal.admin.imports import ImportAdmin
from promotions.actions.imports import order_import
from promotions.admin.filters import PromotionFilter
from promotions.admin.progress import OfPromotion
from promotions.forms.imports import ImportCodesForm
from promotions.models import CodeImport


@admin.register(CodeImport)
class CodeImportAdmin(OfPromotion, ImportAdmin):
    """Each file goes to one promotion."""

    form = ImportCodesForm
    trail_kind = "code_import"
    asked_for = ("promotion", *ImportAdmin.asked_for)
    shown = ("import_id_", "of_promotion", *ImportAdmin.shown[1:])
    list_display = ("named", "of_promotion", *ImportAdmin.list_display[1:])
    list_filter = (("promotion", PromotionFilter),)
    list_select_related = ("promotion",)

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
