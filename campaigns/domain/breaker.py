"""When a campaign stops by itself: too many of its messages bounce, or too many people complain."""

from typing import Literal

from msgspec import Struct

PauseReason = Literal["bounces", "complaints"]


class Bounds(Struct, frozen=True):
    """Once so many went out, more than so many percent of them; 0 percent: no bound."""

    after: int
    bounce_percent: float
    complaint_percent: float


class Counts(Struct, frozen=True):
    """Of the messages of a campaign: how many went out, and of these came back or were complained of."""

    sent: int
    bounced: int
    complained: int


def broken(counts: Counts, bounds: Bounds) -> PauseReason | None:
    """Why the campaign has to stop; None: it goes on.

    >>> bounds = Bounds(1000, 5, 0.3)
    >>> broken(Counts(1000, 51, 0), bounds), broken(Counts(1000, 50, 3), bounds)
    ('bounces', None)
    >>> broken(Counts(1000, 0, 4), bounds), broken(Counts(999, 999, 9), bounds)
    ('complaints', None)
    """
    if counts.sent < bounds.after:
        return None
    if _is_above(counts.complained, counts.sent, bounds.complaint_percent):
        return "complaints"
    return "bounces" if _is_above(counts.bounced, counts.sent, bounds.bounce_percent) else None


def most_that_matters(bounced: int, complained: int, bounds: Bounds) -> int:
    """Up to how many messages have to be counted to know: of more, these are too few. 0: of none.

    >>> most_that_matters(0, 0, Bounds(1000, 5, 0.3)), most_that_matters(60, 0, Bounds(1000, 5, 0.3))
    (0, 1200)
    """
    most = max(
        int(count * 100 / percent)
        for count, percent in (
            (bounced, bounds.bounce_percent or 1e9),
            (complained, bounds.complaint_percent or 1e9),
        )
    )
    return most if most >= bounds.after else 0


def _is_above(count: int, sent: int, percent: float) -> bool:
    return percent > 0 and count * 100 > sent * percent
