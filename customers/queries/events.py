"""Reads: what customers did."""

from collections.abc import Sequence

from customers.models import Event


def known_event_ids(event_ids: Sequence[str]) -> set[str]:
    """Those of the shop's ids that events have."""
    rows = Event.objects.filter(event_id__in=event_ids)
    return set(rows.values_list("event_id", flat=True))


def latest_events_of(customer_key: int, *, limit: int) -> list[Event]:
    """What the customer did last, newest first."""
    rows = Event.objects.filter(customer_id=customer_key)
    return list(rows.order_by("-occurred_at", "-id")[:limit])
