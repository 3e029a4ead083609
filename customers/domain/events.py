"""Behaviour as the shop tells it."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from common.errors import FieldError
from common.fields import Instant, ShopId, Word
from common.instants import instant_errors
from customers.domain.open_objects import object_errors


class ToldEvent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that a customer did. Known by its `event_id`: told again, it changes nothing."""

    event_id: Annotated[
        ShopId,
        Meta(description="The shop's own id of the event: 1-128 of letters, digits and `._:-`."),
    ]
    customer_id: ShopId
    name: Annotated[
        Word,
        Meta(
            description="What was done, in the shop's own words.",
            examples=["page_view", "search", "newsletter_signup", "cart_abandoned"],
        ),
    ]
    occurred_at: Instant
    properties: Annotated[
        dict[str, Any],
        Meta(
            description="Anything more: at most 16 KiB of JSON, 8 levels deep.",
            examples=[{"page": "/tea/green", "category": "tea"}],
        ),
    ] = {}


def event_errors(event: ToldEvent) -> list[FieldError]:
    """Everything that is wrong with an event beyond the form of its fields."""
    errors = instant_errors({"/occurred_at": event.occurred_at})
    return errors + object_errors(event.properties, pointer="/properties")
