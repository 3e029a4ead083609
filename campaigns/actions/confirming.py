"""Acts: ask for the confirmation of a request for consent, and take it (double opt-in)."""

from datetime import datetime

from django.db import transaction

from access.domain.marks import Mark
from campaigns.actions.approvals import TICK
from campaigns.domain.evidence import truncated_ip
from campaigns.models import Delivery
from common import alarm
from customers.actions.consents import confirm_consent
from customers.domain.consents import CONFIRMED_WITHIN
from customers.queries.consents import AskedConsent


def ask_confirmation(
    *, customer_key: int, record_key: int, channel: str, purpose: str, now: datetime
) -> None:
    """Have a mail sent that asks; part of the caller's transaction."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                occurrence=f"consent:{record_key}:{purpose}",
                customer_id=customer_key,
                channel=channel,
                state=Delivery.State.PENDING,
                not_before=now,
                expires_at=now + CONFIRMED_WITHIN,
                enlisted_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    alarm.ring(TICK)


def confirm(mark: Mark, *, ip: str, now: datetime) -> AskedConsent | None:
    """Grant what was asked, unless it was withdrawn since; how it stands then. None: there is nothing.

    Opens its own transaction. Confirmed once more, nothing changes.
    """
    with transaction.atomic():
        return confirm_consent(
            customer_key=mark.customer_key,
            record_key=mark.other_key,
            ip_address=truncated_ip(ip),
            now=now,
        )
