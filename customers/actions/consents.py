"""Acts on consents: record what a customer said. The history grows; the state follows from it."""

from datetime import datetime, timedelta
from typing import Any

from common.errors import FieldError, ValidationFailed
from common.instants import instant_errors
from customers.actions.people import lock_customer
from customers.domain.consents import Said, State, outcome
from customers.models import Consent, ConsentRecord
from journal.actions import record_audit

#: A shop's clock may be ahead of ours by this much.
SKEW = timedelta(minutes=5)


def record_consent(
    *,
    customer: str,
    channel: str,
    purpose: str,
    state: State,
    source: str,
    text_version: str,
    ip_address: str,
    recorded_at: datetime | None,
    actor: str,
    now: datetime,
) -> tuple[Consent, bool]:
    """Add to the history and say what it comes to, and whether this was its first record.

    A record that comes late takes its place by `recorded_at`; a newer one stands. The same record
    told again changes nothing.

    Raises:
        NotFound: there is no such customer.
        ValidationFailed: it was recorded in the future.
    """
    at = recorded_at or now
    errors = instant_errors({"/recorded_at": at})
    if at > now + SKEW:
        errors.append(FieldError("/recorded_at", "invalid", "This instant is still to come."))
    if errors:
        raise ValidationFailed(errors=errors)
    key = lock_customer(customer).pk
    rows = ConsentRecord.objects.filter(customer_id=key, channel=channel, purpose=purpose)
    said: dict[str, Any] = {
        "state": state, "source": source, "text_version": text_version, "ip_address": ip_address,
        "recorded_at": at,
    }  # fmt: skip
    is_repeated = rows.filter(**said).exists()
    if not is_repeated:
        ConsentRecord.objects.create(
            customer_id=key, channel=channel, purpose=purpose, created_at=now, **said
        )
    history = rows.order_by("recorded_at", "id").values_list("state", "recorded_at")
    counts = outcome(Said(word, when) for word, when in history)  # type: ignore[arg-type]  # choices
    assert counts is not None
    consent, created = Consent.objects.update_or_create(
        customer_id=key, channel=channel, purpose=purpose,
        defaults={"state": counts.state, "recorded_at": counts.recorded_at},
    )  # fmt: skip
    if not is_repeated:
        record_audit(
            actor=actor, action="consent.recorded", subject_kind="customer", subject_id=str(key),
            after={"channel": channel, "purpose": purpose, "state": state}, now=now,
        )  # fmt: skip
    return consent, created
