"""Months that a page is turned by, on the shop's clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone

from cashback.domain.earning import month_of
from cashback.domain.months import month_named
from cashback.queries.shop import shop_zone

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """A month, and how the ones beside it are asked for."""

    since: datetime
    until: datetime
    is_current: bool

    @property
    def name(self) -> str:
        """As an address has it."""
        return f"{self.since.astimezone(shop_zone()):%Y-%m}"

    @property
    def label(self) -> str:
        """As people say it."""
        return month_label(self.since)

    @property
    def before(self) -> str:
        """The month before."""
        return f"{(self.since - timedelta(days=1)).astimezone(shop_zone()):%Y-%m}"

    @property
    def after(self) -> str:
        """The next month; empty where that is still to come."""
        return "" if self.is_current else f"{self.until.astimezone(shop_zone()):%Y-%m}"


def asked_month(text: str, *, now: datetime) -> Month:
    """The month of that name, where it is one that has begun; else the current one."""
    current = month_of(now, zone=shop_zone())
    if not _MONTH.fullmatch(text):
        return Month(*current, is_current=True)
    since, until = month_named(text, zone=shop_zone())
    if since >= current[0]:
        return Month(*current, is_current=True)
    return Month(since, until, is_current=False)


def month_label(at: datetime) -> str:
    """Month and year, in the language of the page."""
    return formats.date_format(timezone.localtime(at), "F Y")
