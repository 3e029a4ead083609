"""Acts: have a request for consent confirmed by whoever reads the address (double opt-in)."""

from datetime import datetime
from typing import Protocol

from customers.domain.consents import CONFIRMED_WITHIN, is_mail_due
from customers.models import Channel, ConsentRecord, ConsentState, Customer


class AskConfirmation(Protocol):
    """Sends the mail that asks, in the caller's transaction. `record_key` is that of the request."""

    def __call__(
        self, *, customer_key: int, record_key: int, channel: str, purpose: str, now: datetime
    ) -> None: ...


_asking: list[AskConfirmation] = []


def register_confirmation(ask: AskConfirmation) -> None:
    """Say who sends the mail; called once, when the service starts."""
    if ask not in _asking:
        _asking.append(ask)


def ask_for_confirmation(customer: Customer, record: ConsentRecord, *, now: datetime) -> bool:
    """Whether a mail asks for this request's confirmation.

    Only of e-mail, where an address is known; not where one was sent within the hour, and not for a
    request of long ago, told by a shop that brings its history. The customer is locked by the caller.
    """
    is_old = now - record.recorded_at >= CONFIRMED_WITHIN
    if record.channel != Channel.EMAIL or not customer.email or is_old:
        return False
    requests = ConsentRecord.objects.filter(
        customer_id=customer.pk, channel=record.channel, purpose=record.purpose,
        state=ConsentState.REQUESTED,
    )  # fmt: skip
    if not is_mail_due(requests.order_by("created_at", "id").values_list("created_at", flat=True)):
        return False
    for ask in _asking:
        ask(
            customer_key=customer.pk, record_key=record.pk, channel=record.channel,
            purpose=record.purpose, now=now,
        )  # fmt: skip
    return True
