"""Bodies and answers of payouts and of the files by which banks are told."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cashback.domain.payouts import Destination, SepaDestination
from cashback.models import Payout, SepaFile
from cashback.queries.payouts import destination_of
from common.fields import NO_NUL, Currency, PositiveAmount, ShopId
from common.ids import public_id

PayoutStatus = Literal["requested", "approved", "submitted", "paid", "failed", "rejected"]

_Reason = Annotated[
    str,
    NO_NUL,
    Meta(
        min_length=1, max_length=255, description="Staff read it; it is told to nobody by webhook."
    ),
]


class RequestPayoutRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who gets how much, and where."""

    customer_id: ShopId
    currency: Currency
    amount: PositiveAmount
    destination: Destination


class RejectPayoutRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not paid out."""

    reason: _Reason


class FailPayoutRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the bank or the provider did not pay."""

    reason: _Reason


class PaidPayoutRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What the bank or the provider calls the payment, if it is known."""

    reference: Annotated[str, NO_NUL, Meta(max_length=100)] = ""


class MakeSepaFileRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How many payouts at most."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 500


class MaskedDestinationResponse(Struct, frozen=True, kw_only=True):
    """Where it goes. An IBAN is shown by its country and its last four characters."""

    kind: Literal["sepa", "stripe"]
    #: Null once it was erased.
    iban: str | None = None
    name: str | None = None
    account: str | None = None


class PayoutResponse(Struct, frozen=True, kw_only=True):
    """A payout as it stands."""

    payout_id: str
    customer_id: str
    currency: str
    amount: int
    status: PayoutStatus
    destination: MaskedDestinationResponse
    #: Why it was rejected, or has failed, in a person's words.
    reason: str | None
    #: Why it has failed: `by_hand`, or a code of the provider's.
    failure: str | None
    #: `key:` or `staff:` and a number.
    requested_by: str
    requested_at: datetime
    #: `policy` where nobody had to approve it.
    approved_by: str | None
    approved_at: datetime | None
    rejected_by: str | None
    submitted_at: datetime | None
    #: When it was paid, has failed, or was rejected.
    ended_at: datetime | None
    sepa_file_id: str | None
    provider_reference: str | None
    #: Since when nobody knows whether the provider has paid; it is asked until it tells.
    unknown_since: datetime | None
    #: The provider has said something else since it ended: somebody has to look at it.
    contradiction: Literal["reversed_after_paid", "paid_after_failed"] | None


class SepaFileResponse(Struct, frozen=True):
    """A file for the bank."""

    sepa_file_id: str
    #: By which the bank tells it from others.
    message_id: str
    payouts: int
    total: int
    currency: str
    created_by: str
    created_at: datetime


class FilePaidResponse(Struct, frozen=True):
    """How many payouts were paid by this."""

    sepa_file_id: str
    paid: int


def payout_response(payout: Payout) -> PayoutResponse:
    """The payout as an answer."""
    return PayoutResponse(
        payout_id=public_id("pay", payout.pk),
        customer_id=payout.wallet.customer.reference,
        currency=payout.wallet.currency,
        amount=payout.amount,
        status=payout.status,  # type: ignore[arg-type]  # one of its choices
        destination=_masked(payout),
        reason=payout.reason or None,
        failure=payout.failure or None,
        requested_by=payout.requested_by,
        requested_at=payout.requested_at,
        approved_by=payout.approved_by or None,
        approved_at=payout.approved_at,
        rejected_by=payout.rejected_by or None,
        submitted_at=payout.submitted_at,
        ended_at=payout.ended_at,
        sepa_file_id=public_id("sep", payout.sepa_file_id) if payout.sepa_file_id else None,
        provider_reference=payout.provider_reference or None,
        unknown_since=payout.unknown_since,
        contradiction=payout.contradiction or None,  # type: ignore[arg-type]  # one of its choices
    )


def sepa_file_response(file: SepaFile) -> SepaFileResponse:
    """The file as an answer, without what is in it."""
    return SepaFileResponse(
        sepa_file_id=public_id("sep", file.pk),
        message_id=file.message_id,
        payouts=file.payouts_count,
        total=file.total,
        currency="EUR",
        created_by=file.created_by,
        created_at=file.created_at,
    )


def _masked(payout: Payout) -> MaskedDestinationResponse:
    if payout.provider == Payout.Provider.STRIPE:
        return MaskedDestinationResponse(kind="stripe", account=payout.masked or None)
    full = destination_of(payout)
    return MaskedDestinationResponse(
        kind="sepa",
        iban=payout.masked or None,
        name=full.name if isinstance(full, SepaDestination) else None,
    )
