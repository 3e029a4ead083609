"""Files of products: send one, see how far it is, read what was left out."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from catalog.actions.imports import order_import
from catalog.forms.imports import ImportProductsForm
from catalog.models import ProductImport
from common.admin import actor_of
from journal.admin.imports import ImportAdmin


@admin.register(ProductImport)
class ProductImportAdmin(ImportAdmin):
    """The shop's feed."""

    form = ImportProductsForm
    trail_kind = "product_import"

    def save_model(
        self, request: HttpRequest, obj: ProductImport, form: ImportProductsForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        asked = order_import(
            file=form.cleaned_data["file"],
            is_dry_run=form.cleaned_data["is_dry_run"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        obj.__dict__.update(asked.__dict__)
