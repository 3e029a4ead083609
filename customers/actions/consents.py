"""Acts on consents: record what a customer said. The history grows; the state follows from it."""

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import QuerySet

from common.errors import FieldError, ValidationFailed
from common.instants import instant_errors
from customers.actions.confirmations import ask_for_confirmation
from customers.actions.people import lock_customer
from customers.domain.consents import Said, State, outcome
from customers.models import Consent, ConsentRecord, Customer
from customers.queries.consents import AskedConsent, asked_consent
from journal.actions import record_audit, record_event

#: A shop's clock may be ahead of ours by this much.
SKEW = timedelta(minutes=5)
CONFIRMED = "double opt-in"


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
    told again changes nothing. A request for e-mail asks for its confirmation.

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
    person = lock_customer(customer)
    rows = _records(person.pk, channel, purpose)
    said: dict[str, Any] = {
        "state": state, "source": source, "text_version": text_version, "ip_address": ip_address,
        "recorded_at": at,
    }  # fmt: skip
    if rows.filter(**said).exists():
        return _conclude(person.pk, channel, purpose)
    record = _add(person, channel, purpose, said, actor=actor, now=now)
    consent, created = _conclude(person.pk, channel, purpose)
    if state == "requested" and consent.state == "requested":
        ask_for_confirmation(person, record, now=now)
    return consent, created


def say(
    *,
    customer_key: int,
    channel: str,
    purpose: str,
    state: Literal["granted", "withdrawn"],
    source: str,
    text_version: str = "",
    ip_address: str = "",
    now: datetime,
) -> bool:
    """Record what the customer says at this moment; False where that held already. Part of the
    caller's transaction.

    It counts from now on, also against a record of the shop's whose clock is ahead. Who withdraws
    marketing has unsubscribed, which the outside is told. Of one who was erased nothing is recorded.
    """
    # The lock makes of two at once one after the other.
    person = _lock(customer_key)
    if person is None:
        return False
    held = Consent.objects.filter(customer_id=customer_key, channel=channel, purpose=purpose)
    if held.filter(state=state).exists():
        return False
    newest = _records(customer_key, channel, purpose).order_by("-recorded_at", "-id").first()
    said: dict[str, Any] = {
        "state": state, "source": source, "text_version": text_version, "ip_address": ip_address,
        "recorded_at": max(now, newest.recorded_at) if newest else now,
    }  # fmt: skip
    _add(person, channel, purpose, said, actor=customer_actor(customer_key), now=now)
    _conclude(customer_key, channel, purpose)
    if state == "withdrawn" and purpose == "marketing":
        record_event(
            type="customer.unsubscribed",
            payload={"channel": channel, "purpose": purpose},
            customer_key=customer_key,
            now=now,
        )
    return True


def confirm_consent(
    *, customer_key: int, record_key: int, ip_address: str, now: datetime
) -> AskedConsent | None:
    """Grant what was asked by the request with this record, unless it was withdrawn since; how it
    stands then. None where there is no such request. Part of the caller's transaction.
    """
    if _lock(customer_key) is None:
        return None
    asked = asked_consent(customer_key=customer_key, record_key=record_key)
    if asked is None or asked.is_granted or asked.is_withdrawn:
        return asked
    say(
        customer_key=customer_key,
        channel=asked.channel,
        purpose=asked.purpose,
        state="granted",
        source=CONFIRMED,
        text_version=asked.text_version,
        ip_address=ip_address,
        now=now,
    )
    return asked._replace(is_granted=True)


def customer_actor(customer_key: int) -> str:
    """Whoever holds a link that was sent to the customer, as the audit trail names them."""
    return f"customer:{customer_key}"


def _lock(customer_key: int) -> Customer | None:
    """Hold the customer's row until the transaction ends; None where nobody is there any more."""
    rows = Customer.objects.select_for_update(no_key=True)
    return rows.filter(pk=customer_key, erased_at=None).first()


def _address(person: Customer, channel: str) -> str:
    """Where the channel leads to."""
    return {"email": person.email, "sms": person.phone}.get(channel, "")


def _records(customer_key: int, channel: str, purpose: str) -> "QuerySet[ConsentRecord]":
    return ConsentRecord.objects.filter(customer_id=customer_key, channel=channel, purpose=purpose)


def _add(
    person: Customer,
    channel: str,
    purpose: str,
    said: dict[str, Any],
    *,
    actor: str,
    now: datetime,
) -> ConsentRecord:
    record = ConsentRecord.objects.create(
        customer=person, channel=channel, purpose=purpose, address=_address(person, channel),
        created_at=now, **said,
    )  # fmt: skip
    record_audit(
        actor=actor, action="consent.recorded", subject_kind="customer",
        subject_id=str(person.pk),
        after={"channel": channel, "purpose": purpose, "state": said["state"]}, now=now,
    )  # fmt: skip
    return record


def _conclude(customer_key: int, channel: str, purpose: str) -> tuple[Consent, bool]:
    """Keep what the history comes to now."""
    rows = _records(customer_key, channel, purpose).order_by("recorded_at", "id")
    history = rows.values_list("state", "recorded_at")
    counts = outcome(Said(word, when) for word, when in history)  # type: ignore[arg-type]  # choices
    assert counts is not None
    return Consent.objects.update_or_create(
        customer_id=customer_key, channel=channel, purpose=purpose,
        defaults={"state": counts.state, "recorded_at": counts.recorded_at},
    )  # fmt: skip
