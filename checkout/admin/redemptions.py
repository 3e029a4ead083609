"""Redemptions, to look at: what an order was promised and got."""

from datetime import datetime
from typing import Any

import msgspec
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from checkout.domain.priced import PricedCart
from checkout.models import Redemption
from common.admin import ReadOnlyAdmin
from common.ids import parse_public_id, public_id
from common.money import format_money
from customers.queries.orders import order_by_key
from customers.queries.people import customer_by_reference

_STATES = {"redeemed": _("redeemed"), "cancelled": _("cancelled")}


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdmin):
    """The answer of that moment, as it was kept; nothing here can be changed."""

    list_display = ("of_order", "holder", "offers", "discount", "total", "state", "redeemed_on")
    list_display_links = ("of_order",)
    list_filter = ("status",)
    search_fields = ("order__reference",)
    search_help_text = _("A whole order id, customer id or redemption id")
    ordering = ("-redeemed_at", "-id")
    list_select_related = ("order", "customer")
    show_facets = admin.ShowFacets.NEVER  # they count
    fields = (
        "redemption_id", "of_order", "holder", "stands", "redeemed_on", "cancelled_on",
        "given_back_on", "offers", "lines", "sums",
    )  # fmt: skip
    #: What may be seen on pages of its own is a link to them.
    linked = {"of_order": "customers.view_order", "holder": "customers.view_customer"}

    def get_fields(self, request: HttpRequest, obj: Redemption | None = None) -> list[str]:
        return [
            f"{name}_linked"
            if name in self.linked and request.user.has_perm(self.linked[name])
            else name
            for name in self.fields
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Redemption | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Redemption], search_term: str
    ) -> tuple[QuerySet[Redemption], bool]:
        """By index only."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if (redemption_id := parse_public_id("red", term)) is not None:
            return queryset.filter(pk=redemption_id), False
        of_order = queryset.filter(order__reference=term)
        customer = customer_by_reference(term)
        if customer is None or of_order.exists():
            return of_order, False
        return queryset.filter(customer_id=customer.pk), False

    @display(description=_("Id"))
    def redemption_id(self, obj: Redemption) -> str:
        return public_id("red", obj.pk)

    @display(description=_("Order"))
    def of_order(self, obj: Redemption) -> str:
        return obj.order.reference

    @display(description=_("Customer"))
    def holder(self, obj: Redemption) -> str:
        return obj.customer.reference if obj.customer else str(_("guest"))

    @display(description=_("Order"))
    def of_order_linked(self, obj: Redemption) -> str:
        return _link("order", obj.order_id, obj.order.reference)

    @display(description=_("Customer"))
    def holder_linked(self, obj: Redemption) -> str:
        if obj.customer is None:
            return str(_("guest"))
        return _link("customer", obj.customer_id, obj.customer.reference)

    @display(description=_("Status"), label={"redeemed": "success", "cancelled": "danger"})
    def state(self, obj: Redemption) -> tuple[str, str]:
        return obj.status, str(_STATES[obj.status])

    @display(description=_("Status"))
    def stands(self, obj: Redemption) -> str:
        return self.state(obj)[1]

    @display(description=_("Redeemed"), ordering="redeemed_at")
    def redeemed_on(self, obj: Redemption) -> str:
        return _instant(obj.redeemed_at)

    @display(description=_("Cancelled"))
    def cancelled_on(self, obj: Redemption) -> str:
        return _instant(obj.cancelled_at)

    @display(description=_("Uses given back"))
    def given_back_on(self, obj: Redemption) -> str:
        return _instant(obj.restored_at)

    @display(description=_("Offers used"))
    def offers(self, obj: Redemption) -> SafeString | str:
        priced = _priced(obj)
        rows = [
            (
                offer.code or offer.promotion_id,
                offer.titles.get(_language()) or offer.promotion_id,
                _money(offer.amount, priced),
            )
            for offer in priced.applied
        ]
        if not rows:
            return "–"
        told = format_html_join("", "<div><b>{}</b> {} · {}</div>", rows)
        return format_html('<div class="several">{}</div>', told)

    @display(description=_("Discount"))
    def discount(self, obj: Redemption) -> str:
        priced = _priced(obj)
        return _money(priced.item_discount + priced.shipping_discount, priced)

    @display(description=_("Total"))
    def total(self, obj: Redemption) -> str:
        priced = _priced(obj)
        return _money(priced.total, priced)

    @display(description=_("Lines"))
    def lines(self, obj: Redemption) -> SafeString:
        priced = _priced(obj)
        skus = _skus(obj)
        head = (_("Line"), _("SKU"), _("Before"), _("Discount"), _("Cashback"), _("Left to pay"))
        rows = [
            (
                line.line_id,
                skus.get(line.line_id, "–"),
                _money(line.subtotal, priced),
                _money(line.discount, priced),
                _money(line.cashback, priced),
                _money(line.subtotal - line.discount - line.cashback, priced),
            )
            for line in priced.lines
        ]
        return _table(head, rows)

    @display(description=_("Sums"))
    def sums(self, obj: Redemption) -> SafeString:
        priced = _priced(obj)
        rows = [
            (_("Items"), _money(priced.subtotal, priced)),
            (_("Discount on items"), _money(-priced.item_discount, priced)),
            (_("Shipping"), _money(priced.shipping_amount, priced)),
            (_("Discount on shipping"), _money(-priced.shipping_discount, priced)),
            (_("Cashback"), _money(-priced.cashback.spent, priced)),
            (_("Total"), _money(priced.total, priced)),
        ]
        return _table((), rows)


def _link(model: str, key: Any, text: str) -> SafeString:
    url = reverse(f"admin:customers_{model}_change", args=[key])
    return format_html('<a class="text-link" href="{}">{}</a>', url, text)


def _skus(redemption: Redemption) -> dict[str, str]:
    """By the id of the line, as the order has them."""
    order = order_by_key(redemption.order_id)
    return {line.line_id: line.sku for line in order.lines} if order else {}


def _priced(redemption: Redemption) -> PricedCart:
    """The kept answer, read once for all columns of its row."""
    if not hasattr(redemption, "_priced"):
        redemption._priced = msgspec.convert(redemption.quote, PricedCart)  # type: ignore[attr-defined]
    priced: PricedCart = redemption._priced  # type: ignore[attr-defined]
    return priced


def _instant(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def _language() -> Any:
    return "de" if (get_language() or "").startswith("de") else "en"


def _money(amount: int, priced: PricedCart) -> str:
    return format_money(amount, priced.currency, language=_language())


#: Columns of a table that has a name and an amount only.
_SUMS = 2
_CELL = '<td style="white-space:nowrap;padding:.25rem .9rem .25rem 0;text-align:{}">{}</td>'


def _table(head: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> SafeString:
    return format_html(
        '<div style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">{}</table></div>',
        format_html_join(
            "", "<tr>{}</tr>", [(_cells(row),) for row in ([head] if head else []) + rows]
        ),
    )


def _cells(row: tuple[Any, ...]) -> SafeString:
    texts = 2 if len(row) > _SUMS else 1
    sides = ["left"] * texts + ["right"] * (len(row) - texts)
    return format_html_join("", _CELL, zip(sides, row, strict=True))
