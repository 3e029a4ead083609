"""Acts: leave by the link of a mail, and take that back."""

from datetime import datetime

from django.db import transaction

from campaigns.domain.evidence import truncated_ip
from customers.actions.consents import say

LINK = "unsubscribe link"
TAKEN_BACK = "unsubscribe link, taken back"


def leave(*, customer_key: int, channel: str = "email", now: datetime) -> bool:
    """Withdraw the consent to marketing by the channel, at once; False where it was withdrawn before.

    Opens its own transaction: it holds when this returns.
    """
    with transaction.atomic():
        return say(
            customer_key=customer_key, channel=channel, purpose="marketing", state="withdrawn",
            source=LINK, now=now,
        )  # fmt: skip


def come_back(*, customer_key: int, channel: str = "email", ip: str, now: datetime) -> bool:
    """Grant it again, by the word of whoever holds the link. Opens its own transaction."""
    with transaction.atomic():
        return say(
            customer_key=customer_key, channel=channel, purpose="marketing", state="granted",
            source=TAKEN_BACK, ip_address=truncated_ip(ip), now=now,
        )  # fmt: skip
