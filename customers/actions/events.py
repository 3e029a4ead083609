"""Acts on behaviour: take in what customers did, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection

from customers.actions.people import ensure_customers
from customers.domain.events import ToldEvent
from customers.queries.events import known_event_ids


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """How many events are new, and how many were known by their ids."""

    created: int
    duplicates: int


def record_events(*, events: Sequence[ToldEvent], now: datetime) -> RecordedEvents:
    """Keep the events whose ids are new; the others change nothing. Part of the caller's transaction.

    Customers not seen before are created, empty. Of events with one id the first counts, also
    among those of several calls at once: rows are inserted in the order of their ids, so that
    such calls wait for each other in one order.
    """
    told = {event.event_id: event for event in reversed(events)}
    known = known_event_ids(list(told))
    new = [event for event_id, event in sorted(told.items()) if event_id not in known]
    created = _insert(new, now=now) if new else 0
    return RecordedEvents(created=created, duplicates=len(events) - created)


def _insert(events: Sequence[ToldEvent], *, now: datetime) -> int:
    keys = ensure_customers(references={event.customer_id for event in events}, now=now)
    rows = [
        {
            "event_id": event.event_id,
            "customer_id": keys[event.customer_id],
            "name": event.name,
            "occurred_at": event.occurred_at,
            "properties": event.properties,
        }
        for event in events
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_event (
                event_id, customer_id, name, occurred_at, properties, received_at)
            SELECT event_id, customer_id, name, occurred_at, properties, %s
            FROM json_to_recordset(%s::json) AS told (event_id text, customer_id bigint,
                name text, occurred_at timestamptz, properties jsonb)
            ORDER BY event_id COLLATE "C"
            ON CONFLICT (event_id) DO NOTHING
            """,
            [now, msgspec.json.encode(rows).decode()],
        )
        return cursor.rowcount
