"""Lots: money that came in at once from one source, and when it comes and goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from common.schedule import instant_of

Clawback = Literal["debt", "offset_refund", "absorb"]

#: Restored money whose lot has expired meanwhile lasts so long.
RESTORED_DAYS = 30
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot as it is recorded. What remains is in `pending`, or in `available` of its wallet."""

    key: int
    is_available: bool
    amount: int
    remaining: int
    #: Both None until payment or delivery is told.
    available_at: datetime | None
    expires_at: datetime | None
    pending_days: int = 0
    expires_after_days: int = 365
    clawback: Clawback = "debt"
    order_key: int | None = None
    #: The shop's id of that order.
    order_id: str | None = None
    partner_key: int | None = None
    #: What the partner pays of it: ten-thousandths of a percent.
    partner_percent: int = 0
    #: How often something of it has expired.
    expiries: int = 0
    #: What was taken back, but was spent, and the shop does without.
    absorbed: int = 0

    @property
    def told_order_id(self) -> str | None:
        """The id of the order that it came of, to be told outside; None where it came of none."""
        assert self.order_id is not None or self.order_key is None, "it was read without its order"
        return self.order_id

    @property
    def due_at(self) -> datetime | None:
        """When it matures or expires next; None where nothing of it is left, or no date is told."""
        if self.remaining == 0:
            return None
        return self.expires_at if self.is_available else self.available_at

    @property
    def turn(self) -> tuple[datetime, int]:
        """Its place in the one order of lots: first-expiring first, ties to the older one."""
        return (self.expires_at or _NEVER, self.key)


class LineShare(NamedTuple):
    """What one line of the order earned of a new lot, minor units."""

    line_id: str
    #: The line's place in the order.
    position: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """A lot that is made by a posting; its terms are frozen with it."""

    is_available: bool
    amount: int
    expires_after_days: int
    pending_days: int = 0
    available_at: datetime | None = None
    expires_at: datetime | None = None
    clawback: Clawback = "debt"
    order_key: int | None = None
    rule_key: int | None = None
    promotion_id: str = ""
    #: The lot that it continues.
    origin_key: int | None = None
    partner_key: int | None = None
    #: What the partner pays of it, and by which share: ten-thousandths of a percent.
    partner_amount: int = 0
    partner_percent: int = 0
    #: What the rule said, in small.
    terms: Mapping[str, Any] = field(default_factory=dict)
    shares: Sequence[LineShare] = ()

    @property
    def due_at(self) -> datetime | None:
        """When it matures or expires next."""
        return self.expires_at if self.is_available else self.available_at


def available_from(
    *, delivered_at: datetime | None, paid_at: datetime | None, pending_days: int
) -> datetime | None:
    """From when on it may be spent: days of 24 hours after the delivery, or else the payment.

    None until one of them is told.
    """
    begins = delivered_at or paid_at
    return begins + timedelta(days=pending_days) if begins is not None else None


def expires_on(available_at: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The end, by the clocks of `zone`, of the day on which it became available plus `days`.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> expires_on(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), days=30, zone=berlin).isoformat()
    '2026-04-01T22:00:00+00:00'
    """
    day = available_at.astimezone(zone).date() + timedelta(days=days + 1)
    return instant_of(datetime.combine(day, time()), zone=zone, last=False)
