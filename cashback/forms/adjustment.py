"""Cashback that staff give or take, as a form."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cashback.forms.partner import SENT_ALREADY
from cashback.models import Adjustment
from common.forms.fields import (
    InstantField,
    LineField,
    MoneyField,
    choice,
    in_minor_units,
    text_input,
)
from common.ids import new_id
from customers.queries.people import customer_by_reference

_GIVE, _TAKE = "give", "take"


class AdjustmentForm(forms.ModelForm):
    """`adjust` books it, as for the API; once, however often the form is sent."""

    customer_id = LineField(label=_("Customer id"), required=True, max_length=128)
    currency = forms.RegexField(
        r"^[A-Za-z]{3}\Z", label=_("Currency"), widget=text_input(maxlength="3")
    )
    direction = choice(
        _("Cashback is"), [(_GIVE, _("given to the customer")), (_TAKE, _("taken from them"))]
    )
    amount = MoneyField(label=_("Amount"))
    reason = LineField(
        label=_("Reason"),
        required=True,
        max_length=255,
        help_text=_("The customer reads it in the statement."),
    )
    expires_at = InstantField(label=_("Expires"), about=_("Of what is given; empty: in 365 days."))
    adjustment_id = forms.UUIDField(label="", widget=forms.HiddenInput(), initial=new_id)

    class Meta:
        model = Adjustment
        fields: tuple[str, ...] = ()

    #: Whose it is, once the id is known to be somebody's.
    customer_key: int
    #: What the same form has booked before.
    done: Adjustment | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("adjustment_id", None)
        self.fields["amount"].required = True

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_customer_id(self) -> str:
        customer_id: str = self.cleaned_data["customer_id"]
        customer = customer_by_reference(customer_id)
        if customer is None:
            raise ValidationError(_("There is no customer with this id."))
        self.customer_key = customer.pk
        return customer_id

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        takes = cleaned.get("direction") == _TAKE
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
            cleaned["minor_units"] = -read if takes else read
        if takes and cleaned.get("expires_at") is not None:
            self.add_error("expires_at", _("What is taken does not expire."))
        self.done = self._booked(cleaned.get("adjustment_id"))
        return cleaned

    def _booked(self, adjustment_id: UUID | None) -> Adjustment | None:
        rows = Adjustment.objects.select_related("wallet")
        found = rows.filter(adjustment_id=adjustment_id).first() if adjustment_id else None
        if found is not None and not self.is_same_as(found):
            self.add_error(None, SENT_ALREADY)
        return found

    def is_same_as(self, booked: Adjustment) -> bool:
        """Whether that is what this form says."""
        cleaned = self.cleaned_data
        wallet = booked.wallet
        return (wallet.customer_id, wallet.currency, booked.amount, booked.reason) == (
            getattr(self, "customer_key", None),
            cleaned.get("currency"),
            cleaned.get("minor_units"),
            cleaned.get("reason"),
        )

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""
