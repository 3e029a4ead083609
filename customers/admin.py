"""The staff's pages on people, orders and segments: to look at. Changes come by the API."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from common.money import format_money
from customers.domain.masking import mask_email, mask_phone, mask_text
from customers.models import Customer, Order, OrderLine, OrderReturn, Segment
from journal.actions import record_audit
from journal.admin import TrailAdmin

_PERSONAL = (
    "first_name", "last_name", "email", "phone", "birth_date", "gender", "postal_code", "city",
)  # fmt: skip


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin, TrailAdmin):
    """People, masked, save for staff who may see personal values: what they open is recorded."""

    trail_kind = "customer"

    list_display = ("reference", "masked_email", "country", "locale", "registered_at")
    search_fields = ("reference__exact", "email__iexact")
    search_help_text = _("The whole customer id or e-mail address")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("reference", "registered_at", "created_at")}),
        (_("Person"), {"fields": _PERSONAL}),
        (_("Settings"), {"fields": ("country", "locale", "timezone", "told_attributes")}),
    )
    readonly_fields = ("told_attributes",)

    def trail_id(self, obj: Customer) -> str:
        return str(obj.pk)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Customer | None:
        """The customer as this person may see them."""
        customer = super().get_object(request, object_id, from_field)
        if customer is None:
            return None
        if not request.user.has_perm("customers.see_personal_values"):
            return masked(customer)
        record_audit(
            actor=f"staff:{request.user.pk}",
            action="customer.read",
            subject_kind="customer",
            subject_id=str(customer.pk),
            now=timezone.now(),
        )
        return customer

    @display(description=_("Attributes"))
    def told_attributes(self, customer: Customer) -> SafeString | str:
        rows = [
            (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for name, value in customer.attributes.items()
        ]
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    @display(description=_("E-mail"))
    def masked_email(self, customer: Customer) -> str:
        return mask_email(customer.email)


def masked(customer: Customer) -> Customer:
    """The same customer, with what leads to the person made unreadable; not to be saved."""
    customer.email = mask_email(customer.email)
    customer.phone = mask_phone(customer.phone)
    customer.first_name = mask_text(customer.first_name)
    customer.last_name = mask_text(customer.last_name)
    customer.gender = mask_text(customer.gender)
    customer.postal_code = mask_text(customer.postal_code)
    customer.city = mask_text(customer.city)
    customer.birth_date = None
    customer.attributes = dict.fromkeys(customer.attributes, "•••")
    return customer


def _money(amount: int, currency: str) -> str:
    language = "de" if (get_language() or "").startswith("de") else "en"
    return format_money(amount, currency, language=language)


class OrderLineInline(ReadOnlyInline):
    """Lines with their money."""

    model = OrderLine
    fields = ("line_id", "sku", "name", "quantity", "price", "discount", "returned_quantity")
    readonly_fields = fields
    ordering = ("position",)

    @display(description=_("Unit price"))
    def price(self, line: OrderLine) -> str:
        return _money(line.unit_price, line.order.currency)

    @display(description=_("Discount"))
    def discount(self, line: OrderLine) -> str:
        return _money(line.discount_amount, line.order.currency)


class OrderReturnInline(ReadOnlyInline):
    """What came back."""

    model = OrderReturn
    fields = ("reference", "returned_at", "refund", "shipping")
    readonly_fields = fields
    ordering = ("id",)

    @display(description=_("Refund"))
    def refund(self, made: OrderReturn) -> str:
        return _money(made.refund_amount, made.order.currency)

    @display(description=_("of which shipping"))
    def shipping(self, made: OrderReturn) -> str:
        return _money(made.shipping_refunded, made.order.currency)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin, TrailAdmin):
    """Orders with their lines and returns."""

    trail_kind = "order"

    list_display = (
        "reference", "customer", "shown_status", "placed_at", "channel", "is_redeemed",
    )  # fmt: skip
    list_filter = ("status", "is_redeemed")
    list_select_related = ("customer",)
    search_fields = ("reference__exact", "customer__reference__exact")
    search_help_text = _("The whole order id or customer id")
    ordering = ("-id",)
    inlines = (OrderLineInline, OrderReturnInline)
    fieldsets = (
        (None, {"fields": ("reference", "customer", "status", "channel", "is_redeemed")}),
        (
            _("Instants"),
            {"fields": ("placed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at")},
        ),
        (_("Shipping"), {"fields": ("shipping", "shipping_reduction", "shipping_refunded")}),
    )
    readonly_fields = ("shipping", "shipping_reduction")

    @display(
        description=_("Status"),
        label={
            "placed": "info", "paid": "success", "shipped": "success", "delivered": "success",
            "cancelled": "danger",
        },
    )  # fmt: skip
    def shown_status(self, order: Order) -> tuple[str, Any]:
        return order.status, order.get_status_display()

    @display(description=_("Shipping before discount"))
    def shipping(self, order: Order) -> str:
        return _money(order.shipping_amount, order.currency)

    @display(description=_("Discount on shipping"))
    def shipping_reduction(self, order: Order) -> str:
        return _money(order.shipping_discount, order.currency)


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin, TrailAdmin):
    """Segments and how many are in them."""

    trail_kind = "segment"

    list_display = ("reference", "name", "kind", "member_count", "evaluated_at")
    list_filter = ("kind",)
    search_fields = ("reference__exact", "name")
    ordering = ("reference",)
    fields = ("reference", "name", "kind", "member_count", "evaluated_at", "created_at")
