"""Acts: record an event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from common.ids import new_id
from common.statements import Insert, Statement, run_together, value_array
from journal.domain.event_types import EVENT_TYPES

_EVENT = Statement(
    "event",
    """
    INSERT INTO journal_outboxevent (event_id, type, customer_key, payload, occurred_at)
    VALUES (%(event_id)s::uuid, %(type)s::text, %(customer)s::bigint, %(payload)s::jsonb,
        %(now)s::timestamptz)
    """,
)

_EVENTS = Statement(
    "events",
    """
    INSERT INTO journal_outboxevent (event_id, type, customer_key, payload, occurred_at)
    SELECT * FROM unnest(%(event_ids)s::uuid[], %(event_types)s::text[],
        %(event_customers)s::bigint[], %(event_payloads)s::jsonb[],
        %(event_instants)s::timestamptz[])
    """,
)


class NewEvent(NamedTuple):
    """A fact for the outside."""

    type: str
    payload: Mapping[str, Any]
    customer_key: int | None
    at: datetime


def record_event(
    *,
    type: str,
    payload: Mapping[str, Any],
    now: datetime,
    customer_key: int | None = None,
) -> None:
    """Write a fact for the outside in the caller's transaction."""
    run_together([event_insert(type=type, payload=payload, now=now, customer_key=customer_key)])


def event_insert(
    *,
    type: str,
    payload: Mapping[str, Any],
    now: datetime,
    customer_key: int | None = None,
) -> Insert:
    """As `record_event`, for the caller to run.

    Raises:
        ValueError: the list of event types lacks it.
    """
    if type not in EVENT_TYPES:
        raise ValueError(f"{type} is no type of event")
    return Insert(
        _EVENT,
        {
            "event_id": new_id(),
            "type": type,
            "customer": customer_key,
            "payload": msgspec.json.encode(payload).decode(),
            "now": now,
        },
    )


def events_insert(events: Sequence[NewEvent]) -> Insert:
    """As `event_insert`, for many events, in their order.

    Raises:
        ValueError: the list of event types lacks one of them.
    """
    for event in events:
        if event.type not in EVENT_TYPES:
            raise ValueError(f"{event.type} is no type of event")
    payloads = [msgspec.json.encode(event.payload).decode() for event in events]
    return Insert(
        _EVENTS,
        {
            "event_ids": value_array(new_id() for _ in events),
            "event_types": value_array(event.type for event in events),
            "event_customers": value_array(event.customer_key for event in events),
            "event_payloads": value_array(payloads),
            "event_instants": value_array(event.at for event in events),
        },
    )
