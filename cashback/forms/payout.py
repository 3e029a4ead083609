"""What becomes of a payout, in a person's words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.fields import LineField


class ReasonForm(forms.Form):
    """Why it is not paid out, or was not."""

    reason = LineField(
        label=_("Reason"),
        required=True,
        max_length=255,
        help_text=_("For staff; it is told to nobody by webhook."),
    )


class ReferenceForm(forms.Form):
    """What the bank calls the payment."""

    reference = LineField(label=_("Reference of the bank, if there is one"), max_length=100)
