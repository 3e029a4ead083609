"""Acts: keep how often a customer wants to hear of the shop."""

from datetime import datetime

from customers.actions.consents import customer_actor
from customers.models import ContactPreference
from journal.actions import record_audit


def set_contact_preference(
    *,
    customer_key: int,
    most_per_days: int | None,
    paused_until: datetime | None,
    now: datetime,
) -> bool:
    """What the customer says: at most one message in so many days, and none until then; False where
    that held already.

    Part of the caller's transaction.
    """
    wanted = {"most_per_days": most_per_days, "paused_until": paused_until}
    rows = ContactPreference.objects.filter(customer_id=customer_key)
    if (rows.values(*wanted).first() or dict.fromkeys(wanted)) == wanted:
        return False
    ContactPreference.objects.update_or_create(customer_id=customer_key, defaults=wanted)
    record_audit(
        actor=customer_actor(customer_key), action="preference.changed", subject_kind="customer",
        subject_id=str(customer_key), after={"fields": list(wanted)}, now=now,
    )  # fmt: skip
    return True
