"""The form by which a customer asks for a payout: read, and said in words where it is wrong."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from django.utils.translation import gettext as _

from cashback.domain.payouts import LONGEST_NAME, NOT_SEPA, SEPA_CURRENCY, SepaDestination, refusals
from common.forms.amounts import amount_text, parse_amount
from common.money import MAX_AMOUNT
from common.words import language_in_use, money

#: Of a payout's form; more is none of ours.
LONGEST = 200
#: Beside which a name is looked at.
_SOUND_IBAN = "DE89370400440532013000"
_FIELDS = ("amount", "name", "iban")
#: What is wrong with the form as a whole stands under this name.
WHOLE = "whole"


@dataclass(slots=True)
class PayoutForm:
    """What was typed, and what is wrong with it, by field."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def empty_form(*, amount: str, name: str) -> PayoutForm:
    """A form with what is known already."""
    return PayoutForm({"amount": amount, "name": name[:LONGEST_NAME], "iban": ""})


def read_form(posted: Mapping[str, str]) -> tuple[PayoutForm, tuple[int, SepaDestination] | None]:
    """The form as it was typed; with the amount (minor units) and where it should go, if all is right.

    Whether there is so much is not asked here: what this form holds already is no longer there.
    """
    form = PayoutForm({name: posted.get(name, "")[:LONGEST].strip() for name in _FIELDS})
    amount, destination = _amount(form), _destination(form)
    return form, (amount, destination) if amount and destination else None


def insufficient(form: PayoutForm, *, available: int) -> None:
    """Say that there is not so much."""
    most = money(available, SEPA_CURRENCY)
    form.errors["amount"] = _("You can have up to %(amount)s paid out.") % {"amount": most}


def _amount(form: PayoutForm) -> int | None:
    amount = 0
    # What is no amount is as wrong as nothing.
    with suppress(ValueError):
        amount = parse_amount(
            form.typed["amount"], currency=SEPA_CURRENCY, language=language_in_use()
        )
    if 0 < amount <= MAX_AMOUNT:
        return amount
    example = amount_text(1250, currency=SEPA_CURRENCY, language=language_in_use())
    form.errors["amount"] = _("Please enter an amount such as %(amount)s.") % {"amount": example}
    return None


def _destination(form: PayoutForm) -> SepaDestination | None:
    given = {"kind": "sepa", "iban": form.typed["iban"], "name": form.typed["name"]}
    # Each beside a sound one: read together, only the first that is wrong would be told.
    sound = {"iban": _SOUND_IBAN, "name": "X"}
    for name in sound:
        if (said := _wrong_with(name, given | sound | {name: given[name]})) is not None:
            form.errors[name] = said
    return None if form.errors.keys() & sound.keys() else msgspec.convert(given, SepaDestination)


def _wrong_with(name: str, given: Mapping[str, str]) -> str | None:
    """What is said of that field; None where nothing is wrong with it."""
    try:
        found = msgspec.convert(given, SepaDestination)
    except msgspec.ValidationError:
        return _sentences()[name]
    for error in refusals(found, currency=SEPA_CURRENCY):
        if error.pointer == f"/destination/{name}":
            is_far = error.detail == NOT_SEPA
            return _("This account is not in the SEPA area.") if is_far else _sentences()[name]
    return None


def _sentences() -> dict[str, str]:
    return {
        "name": _("Please enter whose account it is, in at most 70 letters."),
        "iban": _("Please look at the IBAN again: there is a mistake in it."),
    }
