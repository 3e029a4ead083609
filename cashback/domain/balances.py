"""What a customer has of cashback, as others are told it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct


class ExpiringAmount(Struct, frozen=True):
    """So much is lost at that instant, if it is not spent before; minor units."""

    amount: int
    expires_at: datetime


class Balance(Struct, frozen=True):
    """What a customer has in one currency; minor units."""

    currency: str
    pending: int
    available: int
    held: int
    debt: int
    expiring: Sequence[ExpiringAmount]


class ExpiringMonth(Struct, frozen=True):
    """So much expires in a month ("2026-03"), if it is not spent before; minor units."""

    month: str
    amount: int


class AgeingAmount(Struct, frozen=True):
    """So much has been available for at least so many days, and less than the next step; minor units."""

    from_days: int
    amount: int


class Liability(Struct, frozen=True):
    """What the shop owes its customers in one currency; minor units."""

    currency: str
    #: Available.
    outstanding: int
    pending: int
    held: int
    debt: int
    expiring: Sequence[ExpiringMonth]
    #: How long what is outstanding has been available: from 0, 31, 91, 181 and 366 days.
    ageing: Sequence[AgeingAmount]
