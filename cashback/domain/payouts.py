"""Payouts in plain Python: where money may go, how that is shown, and who has to approve it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError
from text_unidecode import unidecode

from common.errors import FieldError
from common.fields import NO_NUL, spelled

ProviderKind = Literal["sepa", "stripe"]

#: A payout that nobody had to approve was approved by this.
POLICY = "policy"
#: As ISO 20022 has it.
LONGEST_NAME = 70
SEPA_CURRENCY = "EUR"
#: The countries by which the IBANs of the SEPA area begin, as the European Payments Council lists them
#: (EPC409-09, "List of SEPA scheme countries and territories", in force in 2026). The outermost regions of
#: France and of others, Guernsey, Jersey and the Isle of Man have the IBANs of their mother countries.
SEPA_COUNTRIES = frozenset(
    [
        "AD",
        "AL",
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GI",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MC",
        "MD",
        "ME",
        "MK",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "RS",
        "SE",
        "SI",
        "SK",
        "SM",
        "VA",
    ]
)
#: What is said of the others.
NOT_SEPA = "This account is not in the SEPA area."

_END = r"$(?!\n)"
# What the European Payments Council lets a bank rely on.
_NOT_FOR_BANKS = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)

_Iban = Annotated[
    str,
    spelled(
        r"^ *[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{8,40}" + _END,
        "An IBAN: DE89 3704 0044 0532 0130 00.",
        description="With or without spaces. Checked: check digits, length and form of its country.",
        examples=["DE89 3704 0044 0532 0130 00"],
    ),
]
_Name = Annotated[
    str,
    NO_NUL,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        description="Whose account it is. Banks get it without accents.",
        examples=["Ada Lovelace"],
    ),
]
_Account = Annotated[
    str,
    spelled(
        r"^acct_[A-Za-z0-9]{1,64}" + _END,
        "A connected account of Stripe: acct_1032D82eZvKYlo2C.",
        description="The customer's connected account.",
        examples=["acct_1032D82eZvKYlo2C"],
    ),
]


class SepaDestination(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sepa"
):
    """A bank account in the SEPA area, which is paid in euros."""

    iban: _Iban
    name: _Name


class StripeDestination(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="stripe"
):
    """A connected account of Stripe."""

    account: _Account


Destination = SepaDestination | StripeDestination


def refusals(destination: Destination, *, currency: str) -> Iterator[FieldError]:
    """Everything that is wrong with where the money should go."""
    if isinstance(destination, StripeDestination):
        return
    if currency != SEPA_CURRENCY:
        yield FieldError("/currency", "invalid", "SEPA pays euros only.")
    iban = compact_iban(destination.iban)
    if iban is None:
        yield FieldError(
            "/destination/iban",
            "invalid",
            "This IBAN has a mistake: in its check digits, its length or its form.",
        )
    elif iban[:2] not in SEPA_COUNTRIES:
        yield FieldError("/destination/iban", "invalid", NOT_SEPA)
    if not bank_text(destination.name):
        yield FieldError("/destination/name", "invalid", "A name in letters that banks can write.")


def compact_iban(text: str) -> str | None:
    """The IBAN as machines write it; None where its check digits, length or form are wrong.

    >>> compact_iban("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    >>> compact_iban("DE89370400440532013001") is None
    True
    """
    try:
        return ibans.validate(text)
    except ValidationError:
        return None


def as_kept(destination: Destination) -> Destination:
    """The destination, checked, in the one spelling in which it is kept."""
    if isinstance(destination, StripeDestination):
        return destination
    iban = compact_iban(destination.iban) or ""
    return SepaDestination(iban=iban, name=" ".join(destination.name.split()))


def masked(destination: Destination) -> str:
    """How it is shown wherever it is shown: the country and the last four characters.

    >>> masked(SepaDestination("DE89370400440532013000", "Ada"))
    'DE****************3000'
    """
    if isinstance(destination, StripeDestination):
        return destination.account
    return f"{destination.iban[:2]}{'*' * (len(destination.iban) - 6)}{destination.iban[-4:]}"


def bank_text(text: str) -> str:
    """The text in the letters that every bank reads; empty where none is left.

    >>> bank_text("Jürgen & Zoë")
    'Jurgen Zoe'
    """
    return " ".join(_NOT_FOR_BANKS.sub(" ", unidecode(text)).split())[:LONGEST_NAME]


def needs_approval(amount: int, *, above: int) -> bool:
    """Whether somebody else than who asked has to approve so much (minor units)."""
    return amount > above


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the provider is asked again.

    >>> [pause_after(n).seconds for n in (1, 2, 3, 20)]
    [30, 60, 120, 3600]
    """
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts - 1, 10))
