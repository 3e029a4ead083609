"""How much of a shop's revenue hangs on discounts and cashback, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.domain.local_times import instant_at
from common.errors import FieldError
from common.instants import instant_errors
from common.money import ONE_HUNDRED_PERCENT, divide_half_up

#: So many months, the current one included, where nobody says otherwise.
USUAL_MONTHS = 12
LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Bought:
    """Orders and what was paid for them, minor units."""

    orders: int = 0
    revenue: int = 0

    def share_of(self, whole: "Bought") -> int | None:
        """Of its revenue, in ten-thousandths of a percent; None where there was none.

        >>> Bought(1, 125).share_of(Bought(2, 1000)), Bought().share_of(Bought())
        (125000, None)
        """
        if whole.revenue == 0:
            return None
        return divide_half_up(self.revenue * ONE_HUNDRED_PERCENT, whole.revenue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """All that was paid, and the parts of it that came with a discount, with cashback, with either."""

    all: Bought = Bought()
    with_discount: Bought = Bought()
    with_cashback: Bought = Bought()
    with_either: Bought = Bought()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyDependence:
    """In one currency: over all, by month ("2026-03") and by segment (the shop's id)."""

    currency: str
    total: Dependence
    months: Sequence[tuple[str, Dependence]]
    segments: Sequence[tuple[str, Dependence]]


def range_read(
    since: str | None, until: str | None, *, now: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The range that is asked for. A date is its first instant by the shop's clocks; without an end it
    ends now, without a beginning it has twelve months, the last one as far as it goes.

    >>> zone = ZoneInfo("Europe/Berlin")
    >>> noon = datetime.fromisoformat("2026-03-10T12:00:00+00:00")
    >>> [str(at) for at in range_read(None, "2026-03-01", now=noon, zone=zone)]
    ['2025-02-28 23:00:00+00:00', '2026-02-28 23:00:00+00:00']

    Raises:
        ValueError: one of them is no instant; it is in the error's arguments by its name.
    """
    ends = now if until is None else _read("until", until, zone)
    if since is not None:
        return _read("from", since, zone), ends
    last = (ends.astimezone(zone) - timedelta(microseconds=1)).date()
    months = last.year * 12 + last.month - USUAL_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    return instant_at(first, time(), zone=zone), ends


def range_errors(since: datetime, until: datetime) -> list[FieldError]:
    """What is wrong with the range; empty when all is well."""
    if errors := instant_errors({"/from": since, "/until": until}):
        return errors
    if until <= since:
        return [FieldError("/until", "not_after_start", "The end must be after the start.")]
    if until - since > LONGEST:
        return [FieldError("/until", "out_of_range", "At most ten years at once.")]
    return []


def _read(name: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        if len(text) == len("2026-03-10"):
            return instant_at(date.fromisoformat(text), time(), zone=zone)
        # A space after the T is a plus that was not encoded.
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise ValueError(name) from None
    if found.tzinfo is None:
        raise ValueError(name)
    return found
