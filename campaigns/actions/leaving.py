"""Acts: leave by the link of a mail, and take that back."""

from datetime import datetime

from django.db import transaction

from campaigns.actions.responding import forget_leaving, note_leaving
from campaigns.domain.evidence import truncated_ip
from customers.actions.consents import say

LINK = "unsubscribe link"
TAKEN_BACK = "unsubscribe link, taken back"


def leave(
    *, customer_key: int, channel: str = "email", delivery_key: int = 0, now: datetime
) -> bool:
    """Withdraw the consent to marketing by the channel, at once; False where it was withdrawn before.

    The message with this key (0: none is known) made them leave. Opens its own transaction: it holds when
    this returns.
    """
    with transaction.atomic():
        has_left = say(
            customer_key=customer_key, channel=channel, purpose="marketing", state="withdrawn",
            source=LINK, now=now,
        )  # fmt: skip
        if has_left:
            note_leaving(customer_key=customer_key, delivery_key=delivery_key, now=now)
        return has_left


def come_back(
    *, customer_key: int, channel: str = "email", delivery_key: int = 0, ip: str, now: datetime
) -> bool:
    """Grant it again, by the word of whoever holds the link. Opens its own transaction."""
    with transaction.atomic():
        forget_leaving(customer_key=customer_key, delivery_key=delivery_key)
        return say(
            customer_key=customer_key, channel=channel, purpose="marketing", state="granted",
            source=TAKEN_BACK, ip_address=truncated_ip(ip), now=now,
        )  # fmt: skip
