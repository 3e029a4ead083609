"""Acts: record an event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from common.ids import new_id
from common.statements import Insert, Statement, run_together
from journal.domain.event_types import EVENT_TYPES

_EVENT = Statement(
    "event",
    """
    INSERT INTO journal_outboxevent (event_id, type, customer_key, payload, occurred_at)
    VALUES (%(event_id)s::uuid, %(type)s::text, %(customer)s::bigint, %(payload)s::jsonb,
        %(now)s::timestamptz)
    """,
)


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
