"""Acts: leave by the link of a mail, and take that back."""

from datetime import datetime, timedelta

from django.db import transaction

from campaigns.actions.responding import forget_leaving, note_leaving
from campaigns.domain.evidence import truncated_ip
from customers.actions.consents import say
from customers.queries.people import consent_history_of

#: So long a mistake is taken back by the same page.
REGRET = timedelta(hours=24)
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
    """Grant it again, by the word of whoever has just left by a link; False where nobody has, or it was
    long ago: then it is asked for anew. Opens its own transaction.
    """
    with transaction.atomic():
        if not _has_just_left(customer_key, channel, now=now):
            return False
        forget_leaving(customer_key=customer_key, delivery_key=delivery_key)
        return say(
            customer_key=customer_key, channel=channel, purpose="marketing", state="granted",
            source=TAKEN_BACK, ip_address=truncated_ip(ip), now=now,
        )  # fmt: skip


def _has_just_left(customer_key: int, channel: str, *, now: datetime) -> bool:
    said = [
        record
        for record in consent_history_of(customer_key)
        if (record.channel, record.purpose) == (channel, "marketing")
    ]
    if not said or (said[-1].state, said[-1].source) != ("withdrawn", LINK):
        return False
    return now - said[-1].recorded_at <= REGRET
