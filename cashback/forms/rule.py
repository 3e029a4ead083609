"""The cashback rule as a form: every field of the contract in its own place, none of them JSON."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
)

from cashback.domain.rules import EXPIRES_AFTER_DAYS, PENDING_DAYS, RuleDefinition
from cashback.forms.rule_shape import AMOUNT, PERCENT, definition_from, initial_of, place_errors
from cashback.models import Rule
from cashback.queries.rules import definition_at, rule_by_id
from common.errors import ValidationFailed
from common.forms.fields import (
    InstantField,
    LineField,
    MoneyField,
    NamesField,
    PercentField,
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

Choices = tuple[tuple[str, str], ...]

_CLAWBACK = [
    ("debt", _("is owed, and comes off later cashback")),
    ("offset_refund", _("comes off the refund")),
    ("absorb", _("stays the customer's; the shop bears it")),
]
_ADD_TIER = _("Add a segment")


def _days(label: Any, *, least: int, initial: int, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=3650,
        initial=initial,
        help_text=help_text,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


class SegmentTierForm(forms.Form):
    """What customers of a segment get in place of the rule's own percentage."""

    segment = forms.ChoiceField(label=_("Segment"), widget=UnfoldAdminSelectWidget())
    percent = PercentField(label=_("Percent"))

    #: Set by the form around it: the segments to choose from.
    known: tuple[tuple[str, Any], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["segment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *self.known]
        self.fields["percent"].required = True


class RuleForm(SeenForm):
    """Nothing of it is saved by the form: `definition` goes through the same act as the API's."""

    rule_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    name = LineField(label=_("Name"), required=True, max_length=255, help_text=_("For staff only."))
    status = choice(_("Status"), Rule.Status.choices)
    currency = forms.RegexField(
        r"^[A-Za-z]{3}\Z",
        label=_("Currency"),
        required=False,
        help_text=_("Needed as soon as an amount of money is named."),
        widget=text_input(maxlength="3"),
    )

    gives = choice(
        _("Gives"),
        [(PERCENT, _("a percentage of what is paid")), (AMOUNT, _("an amount per order"))],
    )
    percent = PercentField(
        label=_("Percent"), help_text=_("Empty: only the segments named below earn.")
    )
    amount = MoneyField(
        label=_("Amount"),
        help_text=_("Once per order, where no percentage is about any of its lines."),
    )
    tiers = RowsField(
        RowsWidget(SegmentTierForm, add=_ADD_TIER), label=_("Other percentages for segments")
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

    segments = SegmentsField(
        label=_("Only in one of these segments"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    min_subtotal = MoneyField(label=_("Cart worth at least"))
    max_per_order = MoneyField(label=_("Per order at most"))
    max_per_customer_month = MoneyField(
        label=_("Per customer and month at most"),
        help_text=_("It cuts what is earned, and refuses no order."),
    )
    partner_id = forms.ChoiceField(
        label=_("Partner"),
        required=False,
        help_text=_("Pays their share; on orders of other partners the rule gives nothing."),
        widget=UnfoldAdminSelect2Widget(),
    )

    pending_days = _days(
        _("Days of waiting"),
        least=0,
        initial=PENDING_DAYS,
        help_text=_("From the delivery, or the payment where none is told, until it may be spent."),
    )
    expires_after_days = _days(
        _("Days to spend it"),
        least=1,
        initial=EXPIRES_AFTER_DAYS,
        help_text=_("Then it expires, at the end of the last day."),
    )
    clawback = choice(
        _("When an order comes back, what was spent already"),
        _CLAWBACK,
    )

    starts_at = InstantField(label=_("Begins"))
    ends_at = InstantField(label=_("Ends"), about=_("The first moment at which it is over."))
    timezone = forms.ChoiceField(label=_("Time zone"), required=False, widget=LongSelect())
    weekly = RowsField(RowsWidget(WindowForm, add=_("Add hours")), label=_("Only at these hours"))

    terms_de = TextField(label=_("Terms in German"), max_length=10_000)
    terms_en = TextField(label=_("Terms in English"), max_length=10_000)
    seen = SeenField()

    class Meta:
        model = Rule
        fields: tuple[str, ...] = ()

    #: Set by the admin: ids of the segments and partners that there are.
    known_segments: Choices = ()
    known_partners: Choices = ()
    #: Set by the admin: what is edited; None for a new rule.
    original: RuleDefinition | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = initial_of(self.original)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.definition: RuleDefinition | None = None
        if self.instance.pk is not None:
            del self.fields["rule_id"]
        named = {*initial["segments"], *(tier["segment"] for tier in initial["tiers"])}
        known = with_unknown(self.known_segments, named)
        self._choose("segments", known)
        row = type("SegmentTierForm", (SegmentTierForm,), {"known": tuple(known)})
        self.fields["tiers"].widget = RowsWidget(row, add=_ADD_TIER)
        named_partner = {initial["partner_id"]} - {""}
        self._choose("partner_id", [("", "–"), *with_unknown(self.known_partners, named_partner)])
        self._choose("timezone", time_zones(initial["timezone"]))

    def clean_rule_id(self) -> str:
        rule_id: str = self.cleaned_data["rule_id"]
        if rule_by_id(rule_id) is not None:
            raise ValidationError(_("This id is taken."))
        return rule_id

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
        # Left over from the other choice, nobody sees it, and it is not read.
        hidden = ("percent", "tiers") if cleaned.get("gives") == AMOUNT else ("amount",)
        for name in hidden:
            self.errors.pop(name, None)
        try:
            self.definition = definition_from(self, original=self.original)
        except ValidationFailed as refused:
            place_errors(self, refused.errors)
        return cleaned

    @property
    def sound_definition(self) -> RuleDefinition:
        """Once valid: what the form says."""
        assert self.definition is not None
        return self.definition

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
