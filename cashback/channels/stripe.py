"""Stripe: transfers to customers' connected accounts, and what its webhooks say of them.

A transfer carries our payout's id three times: as the idempotency key, so that telling it twice pays once;
as its `transfer_group`, by which it is found again; and in its metadata, for people.
"""

from typing import Any

import msgspec
import stripe
from django.conf import settings
from msgspec import Struct

from cashback.channels.providers import (
    BadSignature,
    Outcome,
    PaymentOrder,
    ReportedTransfer,
)
from cashback.domain.payouts import StripeDestination
from common.ids import public_id

#: So old a signature may be.
TOLERANCE_SECONDS = 300
#: Nothing was done, and nothing will be by telling it again as it is.
_DECLINED = (stripe.InvalidRequestError, stripe.CardError)
#: Nothing was done, for a reason that passes or that staff have to mend.
_LATER = (stripe.RateLimitError, stripe.AuthenticationError, stripe.PermissionError)


class Transfer(Struct, frozen=True):
    """What Stripe tells of a transfer, as far as it matters here."""

    id: str
    amount: int
    currency: str
    transfer_group: str | None = None
    reversed: bool = False


class _EventContent(Struct, frozen=True):
    object: msgspec.Raw


class _Event(Struct, frozen=True):
    type: str
    data: _EventContent


class StripeTransfers:
    """`CalledProvider` by Stripe's own library."""

    def __init__(self) -> None:
        base = {"api": settings.STRIPE_API_URL} if settings.STRIPE_API_URL else None
        client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses=base,  # type: ignore[arg-type]  # a plain dictionary will do
            http_client=stripe.RequestsClient(timeout=settings.STRIPE_PATIENCE_MS / 1000),
            # What is unknown is asked for, not blindly told again.
            max_network_retries=0,
        )
        self._transfers = client.v1.transfers

    def send(self, order: PaymentOrder) -> Outcome:
        """Tell Stripe to transfer it."""
        our_id = public_id("pay", order.payout_id)
        try:
            made = self._transfers.create(
                {
                    "amount": order.amount,
                    "currency": order.currency.lower(),
                    "destination": _account(order),
                    "transfer_group": our_id,
                    "metadata": {"payout_id": our_id},
                },
                {"idempotency_key": our_id},
            )
        except stripe.StripeError as error:
            return _failed(error)
        return _outcome(_told(made), order)

    def find(self, order: PaymentOrder) -> Outcome | None:
        """Ask by our id; a failure to answer is `unknown`."""
        our_id = public_id("pay", order.payout_id)
        try:
            found = self._transfers.list({"transfer_group": our_id, "limit": 1}).data
        except stripe.StripeError as error:
            return Outcome("unknown", _code(error))
        return _outcome(_told(found[0]), order) if found else None


def read_event(raw: bytes, *, signature: str) -> ReportedTransfer | None:
    """What a webhook says of a transfer; None where it says something else.

    Raises:
        BadSignature: it is not by Stripe, was changed, or is old.
    """
    if not signature.isascii():
        raise BadSignature  # the library would stumble over it
    try:
        stripe.WebhookSignature.verify_header(
            raw, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_SECONDS
        )
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        raise BadSignature from None
    try:
        event = msgspec.json.decode(raw, type=_Event)
        if not event.type.startswith("transfer."):
            return None
        told = msgspec.json.decode(event.data.object, type=Transfer)
    except msgspec.MsgspecError:
        return None
    return ReportedTransfer(
        payout_id=told.transfer_group or "",
        reference=told.id,
        amount=told.amount,
        currency=told.currency.upper(),
        is_reversed=told.reversed,
    )


def _account(order: PaymentOrder) -> str:
    assert isinstance(order.destination, StripeDestination), (
        "the database knows whose provider it is"
    )
    return order.destination.account


def _told(made: Any) -> Transfer:
    return msgspec.convert(made.to_dict(), Transfer)


def _outcome(transfer: Transfer, order: PaymentOrder) -> Outcome:
    if (transfer.amount, transfer.currency.upper()) != (order.amount, order.currency):
        return Outcome("unknown", "amount_differs", transfer.id)
    if transfer.reversed:
        return Outcome("declined", "reversed", transfer.id)
    return Outcome("paid", reference=transfer.id)


def _failed(error: stripe.StripeError) -> Outcome:
    if isinstance(error, _DECLINED):
        return Outcome("declined", _code(error))
    return Outcome("later" if isinstance(error, _LATER) else "unknown", _code(error))


def _code(error: stripe.StripeError) -> str:
    """Codes are words of Stripe's; its sentences may name people."""
    status = f"http_{error.http_status}" if error.http_status else "no_answer"
    return str(error.code or status)[:60]
