"""Acts: save what a customer chose on the page of their preferences."""

from datetime import datetime

from django.db import transaction

from campaigns.domain.evidence import truncated_ip
from campaigns.domain.preferences import CHOICES, Wish
from customers.actions.consents import say
from customers.actions.preferences import set_contact_preference
from customers.queries.consents import consent_states

PAGE = "preferences page"
#: What may be refused without having been granted: places on the site need no consent, and heed a refusal.
_ALWAYS = {("email", "marketing"), ("in_app", "marketing"), ("in_app", "profiling")}


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
    """Withdraw all that was granted, and in any case mail and what the site would show of its own accord.

    Opens its own transaction.
    """
    with transaction.atomic():
        states = consent_states(customer_key)
        for channel, purpose in dict.fromkeys((*CHOICES, *states)):
            each = (channel, purpose)
            if each in _ALWAYS or states.get(each) in ("granted", "requested"):
                say(
                    customer_key=customer_key, channel=channel, purpose=purpose,
                    state="withdrawn", source=PAGE, now=now,
                )  # fmt: skip
