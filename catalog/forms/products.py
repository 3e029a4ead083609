"""A product as a form: its fields are the contract's, an act writes them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.domain.products import ProductState, product_errors
from catalog.models import Product
from catalog.queries.products import product_by_sku, state_of
from common.api.bodies import convert
from common.api.problems import told
from common.errors import FieldError, ValidationFailed
from common.forms.amounts import amount_text
from common.forms.fields import (
    LineField,
    MoneyField,
    NamesField,
    in_minor_units,
    language_in_use,
    switch,
    text_input,
)
from common.forms.seen import SeenField, SeenForm

_A_LINE_EACH = _("One a line.")
_ONE_NAME = _("One of both names is needed.")
_AMOUNTS = ("price", "list_price", "unit_cost")
#: Where an error of the contract's field is shown.
_FIELD_OF = {"/name/de": "name_de", "/name/en": "name_en", "/name": "name_en"}


class ProductForm(SeenForm):
    """Everything but the SKU, which stays."""

    sku = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        # No star is put behind a label that ends with a full stop, as the German short one does.
        label=_("SKU of the product"),
        help_text=_("The shop's id of the product, as on its orders."),
        widget=text_input(),
    )
    name_de = LineField(label=_("Name in German"), max_length=255, help_text=_ONE_NAME)
    name_en = LineField(label=_("Name in English"), max_length=255, help_text=_ONE_NAME)
    url = LineField(label=_("Address in the shop"), widget=text_input(inputmode="url"))
    image_url = LineField(label=_("Address of its picture"), widget=text_input(inputmode="url"))
    categories = NamesField(label=_("Categories"), max_names=100, help_text=_A_LINE_EACH)
    brand = LineField(label=_("Brand"), max_length=128)
    tags = NamesField(label=_("Tags"), max_names=100, help_text=_A_LINE_EACH)
    price = MoneyField(label=_("Price"))
    list_price = MoneyField(
        label=_("List price"), help_text=_("Above the price it marks a product that is reduced.")
    )
    unit_cost = MoneyField(
        label=_("What it costs the shop"),
        help_text=_("Per unit, for reports. Empty: a share of its price."),
    )
    currency = LineField(
        label=_("Currency"),
        max_length=3,
        widget=text_input(size=5),
        help_text=_("Needed where there is a price."),
    )
    available = switch(
        _("Available"), initial=True, help_text=_("What is not available is not recommended.")
    )
    seen = SeenField()

    class Meta:
        model = Product
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        product: Product | None = kwargs.get("instance")
        if product is not None and product.pk:
            kwargs["initial"] = _shown(product) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if product is not None and product.pk:
            del self.fields["sku"]

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"]
        if product_by_sku(sku) is not None:
            raise ValidationError(_("There is a product with this SKU already."))
        return sku

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self.tell_meanwhile()
        if not self.errors:
            self._check(cleaned)
        return cleaned

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """What is otherwise than it was typed."""
        shown = _shown(self.instance)
        yield from ((name, shown[name]) for name in self.changed_data if name in shown)

    @property
    def state(self) -> ProductState:
        """Once cleaned: what stands in the form."""
        return self._state

    def _check(self, cleaned: dict[str, Any]) -> None:
        try:
            shape = self._shape(cleaned)
        except _WrongFieldError as wrong:
            self.add_error(wrong.field, wrong.error)
            return
        try:
            self._state: ProductState = convert(shape, ProductState)
            errors = product_errors(self._state)
        except ValidationFailed as refused:
            errors = list(refused.errors)
        for error in told(errors):
            self._tell(error)

    def _shape(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        currency = cleaned["currency"].upper()
        amounts = {}
        for name in _AMOUNTS:
            try:
                amounts[name] = in_minor_units(cleaned[name], currency=currency)
            except ValidationError as wrong:
                raise _WrongFieldError(name, wrong) from None
        return {
            "name": {"de": cleaned["name_de"] or None, "en": cleaned["name_en"] or None},
            "url": cleaned["url"] or None,
            "image_url": cleaned["image_url"] or None,
            "categories": cleaned["categories"],
            "brand": cleaned["brand"] or None,
            "tags": cleaned["tags"],
            "currency": currency or None,
            "available": cleaned["available"],
            **amounts,
        }

    def _tell(self, error: FieldError) -> None:
        field = _FIELD_OF.get(error.pointer, error.pointer.split("/")[1])
        self.add_error(field if field in self.fields else None, error.detail)

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""


class _WrongFieldError(Exception):
    def __init__(self, field: str, error: ValidationError) -> None:
        super().__init__(field)
        self.field, self.error = field, error


def _shown(product: Product) -> dict[str, Any]:
    """The product as the fields show it."""
    state = msgspec.to_builtins(state_of(product))
    name = state.pop("name")
    amounts = {
        field: amount_text(state[field], currency=state["currency"], language=language_in_use())
        for field in _AMOUNTS
    }
    shown = {**state, **amounts, "name_de": name.get("de"), "name_en": name.get("en")}
    return {field: "" if value is None else value for field, value in shown.items()}
