"""What a provider is to a payout: somebody who is called, or a file that finance hands on."""

from dataclasses import dataclass
from importlib import import_module
from typing import Literal, Protocol, cast
from uuid import UUID

from django.conf import settings

from cashback.domain.payouts import Destination, ProviderKind
from common.errors import DomainError


class ProviderNotSetUp(DomainError):
    """The shop has not said by whom it pays out like this."""

    code = "payout_provider_not_set_up"


class BadSignature(Exception):
    """Nobody knows who wrote this."""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What a provider is told. `payout_id` is the same whenever it is told again."""

    payout_id: UUID
    #: Minor units.
    amount: int
    currency: str
    destination: Destination


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    `paid`; `declined`, for good; `later`: surely not done, to be tried again; `unknown`: it may have been
    done. `answer` is a code of the provider's, or of ours.
    """

    kind: Literal["paid", "declined", "later", "unknown"]
    answer: str = ""
    #: What the provider calls the payment.
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReportedTransfer:
    """What a provider has said of a payment without being asked."""

    #: Our own id, as it came back.
    payout_id: str
    reference: str
    amount: int
    currency: str
    #: All of it was taken back.
    is_reversed: bool


class CalledProvider(Protocol):
    """Somebody who is called. No call may be made within a transaction."""

    def send(self, order: PaymentOrder) -> Outcome:
        """Have it paid; telling it again pays nothing again."""

    def find(self, order: PaymentOrder) -> Outcome | None:
        """What has become of it, by our own id; None: nothing was ever received."""


def check_set_up(kind: ProviderKind) -> None:
    """
    Raises:
        ProviderNotSetUp
    """
    if not is_set_up(kind):
        raise ProviderNotSetUp


def is_set_up(kind: ProviderKind) -> bool:
    """Whether the settings say by whom the shop pays out like this."""
    if kind == "stripe":
        return bool(settings.STRIPE_SECRET_KEY)
    return bool(settings.SEPA_NAME and settings.SEPA_IBAN and settings.SEPA_BIC)


def stripe_provider() -> CalledProvider:
    """Stripe. Its library takes 24 MB and half a second, which only shops that use it pay."""
    return cast(CalledProvider, import_module("cashback.channels.stripe").StripeTransfers())


def read_stripe_event(raw: bytes, *, signature: str) -> ReportedTransfer | None:
    """What a webhook of Stripe's says of a transfer; None where it says something else.

    Raises:
        BadSignature: it is not by Stripe, was changed, or is old.
    """
    read = import_module("cashback.channels.stripe").read_event
    return cast(ReportedTransfer | None, read(raw, signature=signature))
