"""What became of a promotion, and when its budget will be gone at the present rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.instants import LATEST

#: Days of the shop, today included, whose discount is the present rate.
RATE_DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sales:
    """Redemptions in one currency and what became of them; amounts in its minor units."""

    currency: str
    #: All that were ever made; the others are of these.
    redeemed: int = 0
    cancelled: int = 0
    #: Uses that were given back.
    restored: int = 0
    #: What the promotion took, and what the orders came to; without cancelled ones.
    discount: int = 0
    revenue: int = 0
    #: Orders of which something came back, its units, and the money for it.
    returned: int = 0
    returned_units: int = 0
    refunded: int = 0

    @property
    def standing(self) -> int:
        """Redemptions that were not cancelled."""
        return self.redeemed - self.cancelled


@dataclass(frozen=True, slots=True)
class Calls:
    """What calls of the checkout made of a promotion."""

    #: Carts that were priced with it.
    validated: int = 0
    #: Carts for which it was good, but others were better.
    left_out: int = 0
    #: Refusals by reason code, the most frequent first.
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Budget:
    """A discount budget and how far it is gone, minor units of its currency."""

    amount: int
    spent: int
    #: Promised to reservations.
    held: int
    #: The discount of an average day, rounded down; None: none was given of late.
    per_day: int | None
    #: When nothing will be left at this rate; None without a rate, and beyond the year 2199.
    gone_at: datetime | None

    @property
    def left(self) -> int:
        """What may still be given."""
        return max(self.amount - self.spent - self.held, 0)


@dataclass(frozen=True, slots=True)
class Report:
    """A promotion's figures as of one instant."""

    promotion_id: str
    #: The promotion's own; None: any.
    currency: str | None
    at: datetime
    issued: int
    calls: Calls
    #: By currency.
    sales: Sequence[Sales]
    budget: Budget | None

    @property
    def only(self) -> Sales | None:
        """The figures in money where one currency says it all; None where there are several."""
        if len(self.sales) > 1:
            return None
        return self.sales[0] if self.sales else Sales(self.currency or "")


def rate_since(*, today: date, first_day: date | None) -> date:
    """The first of the days whose discount is the present rate: a young promotion has fewer."""
    since = today - (RATE_DAYS - 1) * _DAY
    return max(since, first_day) if first_day is not None else since


def budget_of(
    *,
    amount: int,
    spent: int,
    held: int,
    given: int,
    since: date,
    now: datetime,
    zone: ZoneInfo,
) -> Budget:
    """The budget, with what was `given` since the beginning of the day `since` as its rate.

    Less than a day is taken for a whole one, so that the first cart of a morning alarms nobody.

    >>> zone = ZoneInfo("Europe/Berlin")
    >>> noon = datetime(2026, 3, 10, 12, tzinfo=zone)
    >>> found = budget_of(amount=1000, spent=300, held=100, given=300, since=date(2026, 3, 9),
    ...                   now=noon, zone=zone)
    >>> found.left, found.per_day, found.gone_at.isoformat()
    (600, 200, '2026-03-13T12:00:00+01:00')
    """
    began = datetime.combine(since, time(), tzinfo=zone).astimezone(UTC)
    elapsed = max(now.astimezone(UTC) - began, _DAY)
    left = max(amount - spent - held, 0)
    per_day = None if given <= 0 else int(given * _DAY / elapsed)
    return Budget(amount, spent, held, per_day, _gone_at(left, given, elapsed, now))


def _gone_at(left: int, given: int, elapsed: timedelta, now: datetime) -> datetime | None:
    if left == 0:
        return now
    if given <= 0:
        return None
    seconds = left * int(elapsed.total_seconds()) // given
    if seconds > (LATEST - now).total_seconds():
        return None
    return (now + timedelta(seconds=seconds)).replace(microsecond=0)
