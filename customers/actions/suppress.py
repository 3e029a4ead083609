"""Acts: send no mail to an address any more."""

from datetime import datetime

from customers.domain.reach import SuppressionReason
from customers.models import Suppression
from customers.queries.erasure import email_hash


def suppress(email: str, *, reason: SuppressionReason, now: datetime) -> None:
    """Note why this address gets no mail from now on; the same reason twice is one row.

    It is of the address, not of the customer: once theirs is another, that one is free of it.
    """
    Suppression.objects.bulk_create(
        [Suppression(email_hash=email_hash(email), reason=reason, created_at=now)],
        ignore_conflicts=True,
    )
