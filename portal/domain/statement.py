"""A customer's statement of a month: of each account what stood before, what happened, what stands after."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from cashback.domain.entries import Entry

#: In the order in which they are told; debt is what is owed.
ACCOUNTS = ("available", "pending", "held", "debt")
_MONTH = re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])")
_LAST_YEAR = 9998


class Month(Struct, frozen=True, order=True):
    """A month of the calendar, by the shop's clocks."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def next(self) -> "Month":
        """
        >>> str(Month(2026, 12).next)
        '2027-01'
        """
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.number, 1, tzinfo=zone)


class Line(Struct, frozen=True):
    """An entry, and what its account stood at then; minor units."""

    entry: Entry
    balance: int


class AccountStatement(Struct, frozen=True):
    """One account: the opening balance and the amounts of the lines sum to the closing one."""

    account: str
    opening: int
    lines: Sequence[Line]
    closing: int


class MonthStatement(Struct, frozen=True, kw_only=True):
    """A month in one currency. Of a month that is not over, so much as happened until `as_of`."""

    month: Month
    currency: str
    accounts: Sequence[AccountStatement]
    as_of: datetime
    is_over: bool


def month_named(text: str) -> Month | None:
    """
    >>> month_named("2026-03"), month_named("2026-13")
    (Month(year=2026, number=3), None)
    """
    found = _MONTH.fullmatch(text)
    if found is None or int(found[1]) > _LAST_YEAR:
        return None
    return Month(int(found[1]), int(found[2]))


def month_of(at: datetime) -> Month:
    """The month of an instant, on the clock of its own offset."""
    return Month(at.year, at.month)


def account_statements(
    opening: Mapping[str, int], entries: Iterable[Entry]
) -> list[AccountStatement]:
    """The entries by account, each with the balance that it leads to, in the order given.

    Accounts on which nothing stands and nothing happened are left out, but for what is available.
    """
    lines: dict[str, list[Line]] = {account: [] for account in ACCOUNTS}
    balances = {account: opening.get(account, 0) for account in ACCOUNTS}
    for entry in entries:
        balances[entry.account] += entry.amount
        lines[entry.account].append(Line(entry, balances[entry.account]))
    return [
        AccountStatement(account, opening.get(account, 0), lines[account], balances[account])
        for account in ACCOUNTS
        if account == "available" or opening.get(account, 0) or lines[account]
    ]
