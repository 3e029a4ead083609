"""The test basket: a small cart that staff make up beside the form of a promotion."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from common.api.bodies import convert
from common.cart import MAX_UNITS, Cart
from common.errors import ValidationFailed
from common.forms.fields import CountField, LineField, MoneyField, switch, text_input
from common.forms.paths import read_amount
from common.forms.rows import ROWS_REFUSED, RowsField, RowsWidget, kept

#: Of the names of its fields on the page.
PREFIX = "basket"
#: Where neither the basket nor the promotion names a currency.
_CURRENCY = "EUR"
_ABOUT = ("channel", "shipping_country", "payment_method", "shipping_method")


class LineForm(forms.Form):
    """A line of the basket; what is left empty is nothing."""

    sku = LineField(label=_("SKU"), max_length=128)
    category = LineField(label=_("Category"), max_length=128)
    quantity = CountField(label=_("Pieces"), max_value=MAX_UNITS, initial=1)
    price = MoneyField(label=_("Price"))
    brand = LineField(label=_("Brand"), max_length=128)
    tag = LineField(label=_("Tag"), max_length=128)
    list_price = MoneyField(label=_("Former price"))


class BasketForm(forms.Form):
    """The basket. `cart` says what it comes to, once the currency of the promotion is known."""

    lines = RowsField(
        RowsWidget(LineForm, add=_("Add a line"), template="promotions/admin/basket_lines.html")
    )
    shipping_amount = MoneyField(label=_("Shipping"))
    customer_id = LineField(
        label=_("Customer"), max_length=128, widget=text_input(placeholder=_("a guest"))
    )
    codes = LineField(label=_("Codes"), max_length=1_000, help_text=_("With blanks in between."))
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("Empty: now."),
        widget=UnfoldAdminTextInputWidget({"type": "datetime-local"}),
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}\Z", label=_("Currency"), required=False, widget=UnfoldAdminTextInputWidget()
    )
    channel = LineField(label=_("Channel"), max_length=128)
    shipping_country = LineField(label=_("Delivered to"), max_length=2)
    payment_method = LineField(label=_("Paid by"), max_length=128)
    shipping_method = LineField(label=_("Sent by"), max_length=128)
    with_others = switch(_("With the other running promotions"))

    def __init__(
        self, sent: Any = None, *, may_name: Mapping[str, bool], initial: Any = None
    ) -> None:
        """`may_name` says whether this member of staff may ask by customer and by code."""
        super().__init__(sent, initial=initial, prefix=PREFIX)
        for name, may in may_name.items():
            if not may:
                del self.fields[name]

    @property
    def first(self) -> list[forms.BoundField]:
        """What stands right below the lines."""
        return self._shown("shipping_amount", "customer_id")

    @property
    def more(self) -> list[forms.BoundField]:
        """What seldom matters."""
        return self._shown("codes", "at", "currency", *_ABOUT)

    def cart(self, *, currency: str | None) -> Cart | None:
        """The cart of a cleaned basket; None after adding what it cannot be to the errors."""
        cleaned = self.cleaned_data
        told = (cleaned["currency"] or currency or _CURRENCY).upper()
        rows = kept(cleaned["lines"])
        shape: dict[str, Any] = {
            "currency": told,
            "lines": [_line(row, f"{number}", told) for number, row in enumerate(rows, start=1)],
            "shipping_amount": read_amount(self, "shipping_amount", told) or 0,
            "customer_id": cleaned.get("customer_id") or None,
            "codes": cleaned.get("codes", "").replace(",", " ").split(),
            **{name: cleaned[name] or None for name in _ABOUT},
        }
        if shape["shipping_country"]:
            shape["shipping_country"] = shape["shipping_country"].upper()
        if not rows:
            self.add_error("lines", _("The basket is empty."))
        if self.errors or not all(row.is_valid() for row in rows):
            return None
        return self._checked(shape, rows)

    def problems(self) -> dict[str, str]:
        """What cannot be, by the name of its field on the page."""
        found = {
            form[name].html_name: str(errors[0])
            for form in (self, *self["lines"].value().forms)
            for name, errors in form.errors.items()
        }
        # What is wrong in a line is said there.
        return {name: text for name, text in found.items() if text != ROWS_REFUSED} or found

    def _shown(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def _checked(self, shape: dict[str, Any], rows: Any) -> Cart | None:
        try:
            cart: Cart = convert(shape, Cart)
        except ValidationFailed as refused:
            self._place(refused.errors[0].pointer, rows)
            return None
        if cart.units > MAX_UNITS:
            self.add_error("lines", _("These are too many pieces."))
            return None
        return cart

    def _place(self, pointer: str, rows: Any) -> None:
        """At the field that the cart's own check names."""
        wrong = ValidationError(_("This cannot be."))
        _root, name, *below = pointer.split("/")
        if len(below) < 2:
            self.add_error(name, wrong)
            return
        number, field = below[:2]
        field = {"unit_price": "price", "categories": "category", "tags": "tag"}.get(field, field)
        rows[int(number)].add_error(field, wrong)


def _line(row: forms.Form, line_id: str, currency: str) -> dict[str, Any]:
    cleaned = row.cleaned_data
    price = read_amount(row, "price", currency)
    if price is None and "price" not in row.errors:
        row.add_error("price", _("This field is needed."))
    return {
        "line_id": line_id,
        "sku": cleaned["sku"] or line_id,
        "categories": [cleaned["category"]] if cleaned["category"] else [],
        "brand": cleaned["brand"] or None,
        "tags": [cleaned["tag"]] if cleaned["tag"] else [],
        "quantity": cleaned["quantity"] or 1,
        "unit_price": price,
        "list_price": read_amount(row, "list_price", currency),
    }
