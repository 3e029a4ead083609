"""Reads: what holds of consent for a page of the customer's own, and what was asked of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from customers.models import Consent, ConsentRecord, ConsentState, ContactPreference


class AskedConsent(NamedTuple):
    """A request that waits for its confirmation, was confirmed, or has been withdrawn since."""

    channel: str
    purpose: str
    text_version: str
    is_granted: bool
    is_withdrawn: bool


class Preference(NamedTuple):
    """At most one message in so many days, and none until then."""

    most_per_days: int | None
    paused_until: datetime | None


def consent_states(customer_key: int) -> Mapping[tuple[str, str], str]:
    """The state by channel and purpose; those of which nothing was said are left out."""
    rows = Consent.objects.filter(customer_id=customer_key)
    return {(row.channel, row.purpose): row.state for row in rows}


def contact_preference(customer_key: int) -> Preference:
    """How often the customer wants to hear of the shop."""
    row = ContactPreference.objects.filter(customer_id=customer_key).first()
    return Preference(row.most_per_days, row.paused_until) if row else Preference(None, None)


def asked_consent(*, customer_key: int, record_key: int) -> AskedConsent | None:
    """What became of the request with this record; None where there is none of this customer's."""
    rows = ConsentRecord.objects.filter(customer_id=customer_key)
    request = rows.filter(pk=record_key, state=ConsentState.REQUESTED).first()
    if request is None:
        return None
    same = {"channel": request.channel, "purpose": request.purpose}
    state = consent_states(customer_key).get((request.channel, request.purpose))
    # By its number, too: in one instant what was written later was said later.
    later = rows.filter(**same, state=ConsentState.WITHDRAWN, recorded_at__gte=request.recorded_at)
    is_withdrawn = any(
        (row.recorded_at, row.pk) > (request.recorded_at, request.pk) for row in later
    )
    return AskedConsent(
        **same,
        text_version=request.text_version,
        is_granted=state == ConsentState.GRANTED,
        is_withdrawn=is_withdrawn,
    )
