"""Files of customers and orders: send one, see how far it is, read what was left out."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from common.admin import actor_of
from customers.actions import customer_imports, order_imports
from customers.forms.imports import ImportCustomersForm, ImportOrdersForm
from customers.models import CustomerImport, OrderImport
from journal.admin.imports import ImportAdmin


@admin.register(CustomerImport)
class CustomerImportAdmin(ImportAdmin):
    """Who the shop knows."""

    form = ImportCustomersForm
    trail_kind = "customer_import"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        asked = customer_imports.order_import(**_order(request, form))
        obj.__dict__.update(asked.__dict__)


@admin.register(OrderImport)
class OrderImportAdmin(ImportAdmin):
    """What they bought."""

    form = ImportOrdersForm
    trail_kind = "order_import"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        asked = order_imports.order_import(**_order(request, form))
        obj.__dict__.update(asked.__dict__)


def _order(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {
        "file": form.cleaned_data["file"],
        "is_dry_run": form.cleaned_data["is_dry_run"],
        "actor": actor_of(request),
        "now": timezone.now(),
    }
