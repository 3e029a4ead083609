"""Acts: save what a customer chose on the page of their preferences."""

from datetime import datetime

from django.db import transaction

from campaigns.domain.evidence import truncated_ip
from campaigns.domain.preferences import CHOICES, Wish
from customers.actions.consents import say
from customers.actions.preferences import set_contact_preference
from customers.queries.consents import consent_states

PAGE = "preferences page"


def save_wish(*, customer_key: int, wish: Wish, ip: str, now: datetime) -> None:
    """Record each change as the customer's own word. Opens its own transaction."""
    evidence = truncated_ip(ip)
    with transaction.atomic():
        for (channel, purpose), is_wanted in wish.consents.items():
            say(
                customer_key=customer_key, channel=channel, purpose=purpose,
                state="granted" if is_wanted else "withdrawn",
                source=PAGE, ip_address=evidence if is_wanted else "", now=now,
            )  # fmt: skip
        set_contact_preference(
            customer_key=customer_key, most_per_days=wish.most_per_days,
            paused_until=wish.paused_until, now=now,
        )  # fmt: skip


def leave_everything(*, customer_key: int, now: datetime) -> None:
    """Withdraw all that was granted, and marketing by e-mail in any case. Opens its own transaction."""
    with transaction.atomic():
        states = consent_states(customer_key)
        for channel, purpose in dict.fromkeys((*CHOICES, *states)):
            is_mail = (channel, purpose) == ("email", "marketing")
            if is_mail or states.get((channel, purpose)) in ("granted", "requested"):
                say(
                    customer_key=customer_key, channel=channel, purpose=purpose,
                    state="withdrawn", source=PAGE, now=now,
                )  # fmt: skip
