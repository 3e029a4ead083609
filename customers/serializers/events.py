"""What behaviour looks like from outside."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from common.api.batches import MAX_ROWS, RowErrors


class RecordEventsRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of `ToldEvent`, each read by itself."""

    events: Annotated[list[Any], Meta(min_length=1, max_length=MAX_ROWS)]


class EventsResponse(Struct, frozen=True):
    """How many events are new, how many were known by their `event_id`, and which were left out."""

    created: int
    duplicates: int
    errors: list[RowErrors]
