"""What a shop tells of its customers in these tests."""

from typing import Any


def event(event_id: str, **more: Any) -> dict[str, Any]:
    """A page view of c1 on 1 March 2026."""
    return {
        "event_id": event_id,
        "customer_id": "c1",
        "name": "page_view",
        "occurred_at": "2026-03-01T10:00:00+01:00",
        **more,
    }
