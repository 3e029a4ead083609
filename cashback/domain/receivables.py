"""What partners owe the shop, as others are told it."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from cashback.domain.earning import month_of


class Receivable(Struct, frozen=True):
    """What came of a partner's account in one currency in a month; minor units."""

    currency: str
    #: What was owed when the month began; below zero the shop owed the partner.
    opening: int
    #: Their share of what was earned.
    funded: int
    #: Their share of what was taken back.
    returned: int
    #: What they paid.
    settled: int

    @property
    def closing(self) -> int:
        """What is owed at its end, or now."""
        return self.opening + self.funded - self.returned - self.settled


class ReceivableEntry(Struct, frozen=True):
    """One transfer of a partner's account; minor units, above zero what they owe."""

    #: Its place in the statement.
    key: int
    at: datetime
    kind: Literal["earn", "take_back", "settle"]
    currency: str
    amount: int
    #: The shop's ids.
    order_id: str | None
    rule_id: str | None
    #: What the payment is found by.
    reference: str | None


def month_named(text: str, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The month "2026-03" by the clocks of `zone`: its first instant, and the next month's.

    >>> [i.isoformat() for i in month_named("2026-03", zone=ZoneInfo("Europe/Berlin"))]
    ['2026-03-01T00:00:00+01:00', '2026-04-01T00:00:00+02:00']
    """
    year, _, month = text.partition("-")
    return month_of(datetime(int(year), int(month), 15, tzinfo=zone), zone=zone)
