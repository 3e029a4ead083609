"""What partners owe the shop, as others are told it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


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
