"""What the tea shop knows of a promotion beside its definition: its codes, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from promotions.actions.batches import BatchOrder
from promotions.domain.definition import PromotionDefinition, Status

ZONE = "Europe/Berlin"

#: The segments, by the shop's id.
READERS = "newsletter"
REGULARS = "stammkunden"
CIRCLE = "teekreis"
CLUB = "teeclub"
STAFF = "mitarbeiter"
SILENT = "lange-nicht-da"


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion, when staff made it, and the codes that everybody may use.

    `batch` is ordered the moment it is made. Later on staff may set another status (`later`) and
    disable single codes (`disabled`, by code).
    """

    promotion_id: str
    definition: PromotionDefinition
    made_at: datetime
    shared_codes: tuple[str, ...] = ()
    batch: BatchOrder | None = None
    later: tuple[datetime, Status] | None = None
    disabled: Mapping[str, datetime] = field(default_factory=dict)


def offer(
    promotion_id: str,
    shape: Mapping[str, Any],
    made_at: datetime,
    *codes: str,
    batch: BatchOrder | None = None,
    later: tuple[datetime, Status] | None = None,
    disabled: Mapping[str, datetime] | None = None,
) -> Offer:
    """An offer of that shape: active and in euros unless it says otherwise."""
    running = {"status": "active", "currency": "EUR", **shape}
    return Offer(
        promotion_id,
        msgspec.convert(running, PromotionDefinition),
        made_at,
        codes,
        batch,
        later,
        disabled or {},
    )


def days_before(today: datetime, days: int) -> datetime:
    """Some time of a working day."""
    return today - timedelta(days=days) + timedelta(hours=9 + days % 8, minutes=days * 7 % 60)
