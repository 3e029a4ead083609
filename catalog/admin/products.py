"""Products: the list, and the form with what is bought together with each."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from catalog.actions.products import edit_product, put_product
from catalog.domain.products import ProductState
from catalog.forms.products import ProductForm
from catalog.models import Product
from catalog.queries.pairs import companions_of
from catalog.queries.products import state_of
from common.admin import ActingAdmin, actor_of
from common.money import format_money
from common.words import language_in_use
from journal.admin.history import TrailAdmin

_COMPANIONS = 10
_FIELDS: tuple[Any, ...] = (
    ("name_de", "name_en"), ("price", "list_price", "currency"), ("unit_cost", "available"),
    ("categories", "tags"), "brand", "url", "image_url",
)  # fmt: skip


@admin.register(Product)
class ProductAdmin(ActingAdmin, TrailAdmin):
    """The form speaks the contract's fields; `put_product` writes them, as for the API."""

    form = ProductForm
    trail_kind = "product"
    list_display = ("named", "in_categories", "brand", "costs", "availability")
    list_display_links = ("named",)
    list_filter = ("available",)
    search_fields = ("sku", "name_de", "name_en")
    search_help_text = _("SKU or name")
    ordering = ("sku",)
    list_per_page = 50
    compressed_fields = False
    show_facets = admin.ShowFacets.NEVER  # they count
    actions = ("offer", "withdraw")
    actions_list = ("import_products",)
    change_form_before_template = "journal/admin/seen.html"

    def trail_id(self, obj: Product) -> str:
        return obj.sku

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        first = "shown_sku" if obj else "sku"
        sets: list[Any] = [(None, {"fields": (first, *_FIELDS)})]
        if obj is not None:
            sets.append((_("Recommendations"), {"fields": ("companions",)}))
        return sets

    def get_readonly_fields(
        self, request: HttpRequest, obj: Product | None = None
    ) -> tuple[str, ...]:
        return ("shown_sku", "companions") if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["seen"] = getattr(context["adminform"].form, "current", "")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Product, form: ProductForm, change: bool
    ) -> None:
        """Part of the admin's own transaction, which a refusal rolls back."""
        written = put_product(
            sku=obj.sku if change else form.cleaned_data["sku"],
            state=form.state,
            if_match=form.data.get("seen") or None if change else None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        obj.__dict__.update(written.product.__dict__)

    @display(description=_("Product"), header=True, ordering="sku")
    def named(self, obj: Product) -> tuple[str, str]:
        return state_of(obj).name.told(language_in_use()), obj.sku

    @display(description=_("SKU"))
    def shown_sku(self, obj: Product) -> str:
        return obj.sku

    @display(description=_("Categories"))
    def in_categories(self, obj: Product) -> str:
        return ", ".join(obj.categories) or "–"

    @display(description=_("Price"), ordering="price")
    def costs(self, obj: Product) -> str:
        if obj.price is None:
            return "–"
        price = format_money(obj.price, obj.currency, language=language_in_use())
        if obj.list_price is None or obj.list_price <= obj.price:
            return price
        was = format_money(obj.list_price, obj.currency, language=language_in_use())
        return format_html("{} <s>{}</s>", price, was)

    @display(description=_("Available"), ordering="available", label={"yes": "success", "no": ""})
    def availability(self, obj: Product) -> tuple[str, str]:
        return ("yes", gettext("yes")) if obj.available else ("no", gettext("no"))

    @display(description=_("Often bought together with"))
    def companions(self, obj: Product) -> str:
        rows = [
            (
                reverse("admin:catalog_product_change", args=[found.product.pk]),
                state_of(found.product).name.told(language_in_use()),
                ngettext("%(count)s order", "%(count)s orders", found.together)
                % {"count": formats.number_format(found.together, force_grouping=True)},
                formats.number_format(round(found.lift / 1000, 1)),
            )
            for found in companions_of(obj.pk, limit=_COMPANIONS)
        ]
        told = gettext("times as often as by chance")
        return format_html_join(
            "",
            '<div><a class="text-link" href="{}">{}</a> · {} · {} {}</div>',
            [(*row, told) for row in rows],
        ) or gettext("nothing so far")

    @admin.action(description=_("Make available"), permissions=["change"])
    def offer(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._set_available(request, queryset, is_available=True)

    @admin.action(description=_("Take out of the shop"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._set_available(request, queryset, is_available=False)

    @action(description=_("Import products"), icon="upload_file", url_path="import")
    def import_products(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_productimport_add"))

    def _set_available(
        self, request: HttpRequest, queryset: QuerySet[Product], *, is_available: bool
    ) -> None:
        changed = 0
        for sku in queryset.order_by("sku").values_list("sku", flat=True):
            with transaction.atomic():
                edit_product(
                    sku=sku,
                    edit=_with_availability(is_available=is_available),
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            changed += 1
        text = ngettext("%(count)d product changed.", "%(count)d products changed.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)


def _with_availability(*, is_available: bool) -> Callable[[ProductState], ProductState]:
    return lambda state: msgspec.structs.replace(state, available=is_available)
