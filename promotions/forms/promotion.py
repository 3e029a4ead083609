"""The promotion as a form: every field of the contract in its own place, none of them JSON."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
)

from common.errors import ValidationFailed
from common.forms.fields import (
    CountField,
    InstantField,
    LineField,
    MoneyField,
    NamesField,
    SegmentsField,
    TextField,
    choice,
    switch,
    text_input,
)
from common.forms.long_select import LongSelect
from common.forms.rows import RowsField, RowsWidget
from common.forms.schedule import WindowForm, time_zones
from common.forms.seen import SeenField, SeenForm
from common.items import MAX_SKUS
from customers.forms.choices import with_unknown
from promotions.domain.definition import PromotionDefinition
from promotions.forms.effect_shape import NEEDED, drop_hidden_errors, needed_fields
from promotions.forms.effects import EffectFields
from promotions.forms.problems import place_errors
from promotions.forms.shape import definition_from, initial_of
from promotions.models import Promotion
from promotions.queries.definitions import definition_at, promotion_key


class ContainsForm(forms.Form):
    """Something that must be in the cart."""

    include_skus = NamesField(label=_("SKUs"), are_ids=True, max_names=MAX_SKUS)
    include_categories = NamesField(label=_("Categories"))
    include_brands = NamesField(label=_("Brands"))
    include_tags = NamesField(label=_("Tags"))
    exclude_skus = NamesField(label=_("but not SKUs"), are_ids=True, max_names=MAX_SKUS)
    exclude_categories = NamesField(label=_("but not categories"))
    exclude_brands = NamesField(label=_("but not brands"))
    exclude_tags = NamesField(label=_("but not tags"))
    min_quantity = CountField(label=_("Pieces at least"), initial=1)
    min_amount = MoneyField(label=_("Worth at least"))


class PromotionForm(EffectFields, SeenForm):
    """Nothing of it is saved by the form: `definition` goes through the same act as the API's."""

    promotion_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    name = LineField(label=_("Name"), required=True, max_length=255, help_text=_("For staff only."))
    status = choice(_("Status"), Promotion.Status.choices)
    activation = choice(_("Used"), Promotion.Activation.choices)
    currency = forms.RegexField(
        r"^[A-Za-z]{3}\Z",
        label=_("Currency"),
        required=False,
        help_text=_("Needed as soon as an amount of money is named."),
        widget=text_input(maxlength="3"),
    )

    include_skus = NamesField(label=_("SKUs"), are_ids=True, max_names=MAX_SKUS)
    include_categories = NamesField(
        label=_("Categories"), help_text=_("One a line; where all four are empty: everything.")
    )
    include_brands = NamesField(label=_("Brands"))
    include_tags = NamesField(label=_("Tags"))
    exclude_skus = NamesField(label=_("but not SKUs"), are_ids=True, max_names=MAX_SKUS)
    exclude_categories = NamesField(label=_("but not categories"))
    exclude_brands = NamesField(label=_("but not brands"))
    exclude_tags = NamesField(label=_("but not tags"))
    skip_reduced = switch(_("Leave out what is reduced already"))
    min_unit_price = MoneyField(label=_("Price of a piece from"))
    max_unit_price = MoneyField(label=_("Price of a piece up to"))

    min_subtotal = MoneyField(label=_("Cart worth at least"))
    max_subtotal = MoneyField(label=_("Cart worth at most"))
    min_quantity = CountField(label=_("Eligible pieces at least"))
    nth_order = CountField(
        label=_("Only the order number"), max_value=1_000_000, help_text=_("1: the first order.")
    )
    contains = RowsField(
        RowsWidget(ContainsForm, add=_("Add what must be in the cart")), label=_("In the cart")
    )
    channels = NamesField(label=_("Channels"), max_names=200)
    countries = NamesField(
        label=_("Delivered to"), max_names=300, help_text=_("Countries of two letters: DE.")
    )
    payment_methods = NamesField(label=_("Paid by"), max_names=200)
    shipping_methods = NamesField(label=_("Sent by"), max_names=200)

    registered = switch(_("Registered customers only"))
    segments = SegmentsField(
        label=_("Only in one of these segments"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    exclude_segments = SegmentsField(
        label=_("Not in these segments"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget(),
    )

    starts_at = InstantField(label=_("Begins"))
    ends_at = InstantField(label=_("Ends"), about=_("The first moment at which it is over."))
    timezone = forms.ChoiceField(label=_("Time zone"), required=False, widget=LongSelect())
    weekly = RowsField(RowsWidget(WindowForm, add=_("Add hours")), label=_("Only at these hours"))

    exclusive = switch(_("Not together with other promotions"))
    group = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Group"),
        required=False,
        help_text=_("Of promotions of one group a cart gets one at most."),
        widget=text_input(),
    )
    priority = forms.IntegerField(
        label=_("Priority"),
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("The higher one is taken off first."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    redemptions = CountField(label=_("Uses in all"))
    per_customer = CountField(label=_("Uses per customer"))
    per_code = CountField(
        label=_("Uses per code"), help_text=_("Else 1 for personal codes and those of batches.")
    )
    discount_budget = MoneyField(label=_("Discount in all at most"))
    after_cancel = choice(_("After a cancelled order its use is"), Promotion.AfterCancel.choices)

    title_de = LineField(label=_("Title in German"), max_length=255)
    title_en = LineField(label=_("Title in English"), max_length=255)
    terms_de = TextField(label=_("Terms in German"), max_length=10_000)
    terms_en = TextField(label=_("Terms in English"), max_length=10_000)
    seen = SeenField()

    class Meta:
        model = Promotion
        fields: tuple[str, ...] = ()

    #: Set by the admin: ids of the segments that there are.
    known_segments: tuple[tuple[str, str], ...] = ()
    #: Set by the admin: what is edited; None for a new promotion.
    original: PromotionDefinition | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = initial_of(self.original)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.definition: PromotionDefinition | None = None
        if self.instance.pk is not None:
            del self.fields["promotion_id"]
        # The API knows names that show nothing; they stay until somebody gives a better one.
        self.fields["name"].required = self.original is None or bool(self.original.name.strip())
        for name in needed_fields():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = NEEDED
        named = {*initial["segments"], *initial["exclude_segments"]}
        for name in ("segments", "exclude_segments"):
            self._field(name).choices = with_unknown(self.known_segments, named)
        self._field("timezone").choices = time_zones(initial["timezone"])

    def clean_promotion_id(self) -> str:
        promotion_id: str = self.cleaned_data["promotion_id"]
        if promotion_key(promotion_id) is not None:
            raise ValidationError(_("This id is taken."))
        return promotion_id

    def clean(self) -> dict[str, Any]:
        cleaned = self._defined()
        self.tell_meanwhile()
        return cleaned

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """By the audit trail; nothing where that does not reach back so far."""
        now, before = initial_of(self.original), initial_of(definition_at(self.instance, seen))
        for name in self.fields:
            if name in now and now[name] != before.get(name):
                yield name, None if isinstance(self.fields[name], RowsField) else now[name]

    def _defined(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["currency"] = (cleaned.get("currency") or "").upper()
        cleaned["countries"] = [name.upper() for name in cleaned.get("countries") or ()]
        drop_hidden_errors(self)
        try:
            self.definition = definition_from(self, original=self.original)
        except ValidationFailed as refused:
            place_errors(self, refused.errors)
        return cleaned

    @property
    def sound_definition(self) -> PromotionDefinition:
        """Once valid: what the form says."""
        assert self.definition is not None
        return self.definition

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field
