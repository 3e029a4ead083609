"""Orders with their lines and returns."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from customers.admin.money import money_text
from customers.models import Order, OrderLine, OrderReturn
from journal.admin.history import TrailAdmin


class OrderLineInline(ReadOnlyInline):
    """Lines with their money."""

    model = OrderLine
    fields = ("line_id", "sku", "name", "quantity", "price", "discount", "returned_quantity")
    readonly_fields = fields
    ordering = ("position",)

    @display(description=_("Unit price"))
    def price(self, line: OrderLine) -> str:
        return money_text(line.unit_price, line.order.currency)

    @display(description=_("Discount"))
    def discount(self, line: OrderLine) -> str:
        return money_text(line.discount_amount, line.order.currency)


class OrderReturnInline(ReadOnlyInline):
    """What came back."""

    model = OrderReturn
    fields = ("reference", "returned_at", "refund", "shipping")
    readonly_fields = fields
    ordering = ("id",)

    @display(description=_("Refund"))
    def refund(self, made: OrderReturn) -> str:
        return money_text(made.refund_amount, made.order.currency)

    @display(description=_("of which shipping"))
    def shipping(self, made: OrderReturn) -> str:
        return money_text(made.shipping_refunded, made.order.currency)


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
        return money_text(order.shipping_amount, order.currency)

    @display(description=_("Discount on shipping"))
    def shipping_reduction(self, order: Order) -> str:
        return money_text(order.shipping_discount, order.currency)
