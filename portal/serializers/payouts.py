"""The words of the form for a payout."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from cashback.domain.payouts import LONGEST_NAME
from common.words import money
from portal.actions.account import OwnPayout
from portal.serializers import words

#: So long is an IBAN that is written with spaces, and an amount that anybody means.
_LONGEST_IBAN, _LONGEST_AMOUNT = 50, 20


class ShownField(NamedTuple):
    """A field as the page has it."""

    name: str
    label: str
    value: str
    error: str
    autocomplete: str
    inputmode: str
    longest: int


def shown_fields(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[ShownField]:
    """The fields in their order, with what was typed and what is wrong with it."""
    shown = (
        ("amount", _("Amount in euros"), "off", "decimal", _LONGEST_AMOUNT),
        ("name", _("Account holder"), "name", "", LONGEST_NAME),
        ("iban", _("IBAN"), "off", "", _LONGEST_IBAN),
    )
    return [
        ShownField(name, label, typed[name], errors.get(name, ""), autocomplete, inputmode, longest)
        for name, label, autocomplete, inputmode, longest in shown
    ]


class ShownPayout(NamedTuple):
    """What was asked for, and how far it is."""

    amount: str
    what: str
    day: str
    #: Where to; empty once that was erased.
    masked: str
    is_void: bool


def shown_payout(payout: OwnPayout) -> ShownPayout:
    """A line of the list."""
    ended = words.day(payout.ended_at) if payout.ended_at else ""
    told = {
        "requested": _("We are looking at it."),
        "approved": _("It is transferred in the next days."),
        "submitted": _("It is on its way."),
        "paid": _("Paid on %(day)s.") % {"day": ended},
        "failed": _("It did not arrive: the money is back with your cashback."),
        "rejected": _("It was not paid: the money is back with your cashback."),
    }
    return ShownPayout(
        amount=money(payout.amount, payout.currency),
        what=told[payout.status],
        day=words.day(payout.requested_at),
        masked=payout.masked,
        is_void=payout.status in {"failed", "rejected"},
    )


def form_labels() -> dict[str, str]:
    """What stands on the form, and on the page after it."""
    return {
        "title": _("Payout to your bank account"),
        "nothing": _("There is nothing to pay out just now."),
        "note": _(
            "The amount is set aside at once. We look at each request and then transfer the money,"
            " which takes a few days. You will find it in your statement."
        ),
        "check": _("Please look at what is marked below."),
        "send": _("Have it paid out"),
        "sent": _("Your request is with us"),
    }


def available_text(amount: str) -> str:
    """What there is to ask for."""
    return _("You have %(amount)s to spend or to have paid out.") % {"amount": amount}


def sent_text(*, amount: str, masked: str) -> str:
    """What was asked for, to be read once more."""
    return _("%(amount)s are set aside for the account %(iban)s. Thank you.") % {
        "amount": amount,
        "iban": masked,
    }


def stale_text() -> str:
    """Of a form that was sent already, or was not made for this page."""
    return _("Please look at your statement first, then send this form once more.")
