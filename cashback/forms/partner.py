"""A partner as a form, and what they have paid."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cashback.domain.rules import PartnerDefinition
from cashback.models import Partner, Settlement
from cashback.queries.partners import definition_of, partner_by_id, partner_choices
from common.forms.amounts import decimal_text
from common.forms.fields import (
    InstantField,
    LineField,
    MoneyField,
    PercentField,
    choice,
    in_minor_units,
    text_input,
)
from common.forms.seen import SeenField, SeenForm
from common.ids import new_id
from common.words import language_in_use

#: Of a form whose content was changed after it had been sent.
SENT_ALREADY = _(
    "This form was sent already, and that was done. What you have changed since was not: open a new one."
)

_PAID, _WENT_BACK = "paid", "went_back"


class PartnerForm(SeenForm):
    """`put_partner` writes it, as for the API."""

    partner_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    name = LineField(label=_("Name"), required=True, max_length=255)
    share_percent = PercentField(
        label=_("Share in percent"),
        help_text=_("Of the cashback that is earned with them. What was earned keeps its share."),
    )
    seen = SeenField()

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share_percent"].required = True
        if self.instance.pk is None:
            return
        del self.fields["partner_id"]
        told = definition_of(self.instance)
        self.initial["name"] = told.name
        self.initial["share_percent"] = decimal_text(told.share_percent, language=language_in_use())

    @property
    def definition(self) -> PartnerDefinition:
        """Once valid: what the form says."""
        cleaned = self.cleaned_data
        return PartnerDefinition(name=cleaned["name"], share_percent=cleaned["share_percent"])

    def clean_partner_id(self) -> str:
        partner_id: str = self.cleaned_data["partner_id"]
        if partner_by_id(partner_id) is not None:
            raise ValidationError(_("This id is taken."))
        return partner_id

    def clean(self) -> dict[str, Any]:
        """Whoever was overtaken keeps what was typed, and overwrites nothing unknowingly."""
        if self.instance.pk:
            self.tell_meanwhile()
        return self.cleaned_data

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """What is otherwise than it was typed."""
        yield from (
            (name, self.initial[name]) for name in self.changed_data if name in self.initial
        )

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""


class SettlementForm(forms.ModelForm):
    """What a partner has paid. `settle` books it, once however often the form is sent."""

    partner_id = forms.ChoiceField(label=_("Partner"))
    currency = forms.RegexField(
        r"^[A-Za-z]{3}\Z", label=_("Currency"), widget=text_input(maxlength="3")
    )
    direction = choice(
        _("Money"),
        [(_PAID, _("came from the partner")), (_WENT_BACK, _("went back to the partner"))],
    )
    amount = MoneyField(label=_("Amount"))
    reference = LineField(
        label=_("Reference"),
        required=True,
        max_length=255,
        help_text=_("What the payment is found by: the number on the bank's statement."),
    )
    received_at = InstantField(label=_("Received"), about=_("Empty: now."))
    settlement_id = forms.UUIDField(label="", widget=forms.HiddenInput(), initial=new_id)

    class Meta:
        model = Settlement
        fields: tuple[str, ...] = ()

    #: What the same form has booked before.
    done: Settlement | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("settlement_id", None)
        field = self.fields["partner_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *partner_choices()]
        self.fields["amount"].required = True

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            read = in_minor_units(
                cleaned.get("amount", ""), currency=cleaned.get("currency") or "EUR"
            )
        except ValidationError as wrong:
            self.add_error("amount", wrong)
            return cleaned
        if read == 0:
            self.add_error("amount", _("An amount above zero."))
        elif read is not None:
            sign = -1 if cleaned.get("direction") == _WENT_BACK else 1
            cleaned["minor_units"] = sign * read
        self.done = self._booked(cleaned.get("settlement_id"))
        return cleaned

    def _booked(self, settlement_id: UUID | None) -> Settlement | None:
        rows = Settlement.objects.select_related("partner")
        found = rows.filter(settlement_id=settlement_id).first() if settlement_id else None
        if found is not None and not self.is_same_as(found):
            self.add_error(None, SENT_ALREADY)
        return found

    def is_same_as(self, booked: Settlement) -> bool:
        """Whether that is what this form says."""
        cleaned = self.cleaned_data
        return (booked.partner.reference, booked.currency, booked.amount, booked.reference) == (
            cleaned.get("partner_id"),
            cleaned.get("currency"),
            cleaned.get("minor_units"),
            cleaned.get("reference"),
        )

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""
