"""What export and erasure look like from outside."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class ExportedPerson(Struct, frozen=True, kw_only=True):
    """What the shop told of the customer; null is unknown."""

    email: str | None
    first_name: str | None
    last_name: str | None
    birth_date: str | None
    gender: str | None
    phone: str | None
    locale: str | None
    timezone: str | None
    country: str | None
    postal_code: str | None
    city: str | None
    registered_at: datetime | None
    attributes: dict[str, Any]
    is_restricted: bool
    created_at: datetime


class ExportResponse(Struct, frozen=True, kw_only=True):
    """Everything that is held of a customer. Every further member is a list, as here the events."""

    customer_id: str
    exported_at: datetime
    customer: ExportedPerson
    events: list[Any]


class ErasedResponse(Struct, frozen=True):
    """When the customer was erased; of one who was erased before, when that was."""

    erased_at: datetime
