"""Acts: everything of campaigns that time drives, in its order."""

from collections.abc import Callable
from datetime import datetime, timedelta

from campaigns.actions.breaking import break_due
from campaigns.actions.claiming import sweep
from campaigns.actions.closing import close_due
from campaigns.actions.enlisting import enlist_due
from campaigns.actions.opening import open_due
from campaigns.actions.sending import send_due

Clock = Callable[[], datetime]


def enlist_all(*, now: datetime, wall: Clock, within: timedelta | None = None) -> int:
    """Find what dead workers left, open what is due, and enlist whom it concerns; how many rows.

    After `within` no further chunk is begun: the next call goes on.
    """
    ends_at = wall() + within if within is not None else None
    sweep(wall=wall(), now=now)
    break_due(now=now)
    open_due(now=now)
    enlisted = enlist_due(now=now, goes_on=lambda: ends_at is None or wall() < ends_at)
    close_due(now=now)
    return enlisted


def run_all(*, now: datetime, wall: Clock) -> int:
    """Enlist and send all that is due at `now` before it returns; how many messages were taken."""
    enlist_all(now=now, wall=wall)
    urgent = send_due(lane="urgent", now=lambda: now, wall=wall)
    bulk = send_due(lane="bulk", now=lambda: now, wall=wall)
    close_due(now=now)
    return urgent.taken + bulk.taken
