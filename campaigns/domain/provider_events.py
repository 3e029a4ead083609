"""What a mail provider tells of a message later, and what that makes of its delivery.

What is told comes late, twice and in any order: a state only ever moves to one that says more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

EventKind = Literal[
    "delivered", "hard_bounce", "soft_bounce", "rejected", "complaint", "unsubscribe"
]

#: An address of which so many of the last messages came back for the moment rests.
SOFT_BOUNCES = 3
OF_THE_LAST = 5
REST_AFTER_SOFT_BOUNCES = timedelta(days=30)


class Told(Struct, frozen=True, kw_only=True):
    """One thing that a provider says of one message. `event_id` is the same whenever it is told."""

    event_id: str
    kind: EventKind
    delivery_key: int
    #: The address that it was about; empty: not told.
    recipient: str
    at: datetime


class End(NamedTuple):
    """State and reason of a delivery."""

    state: str
    reason: str


_ENDS: Mapping[EventKind, End] = {
    "delivered": End("delivered", ""),
    "soft_bounce": End("bounced", "soft_bounce"),
    "rejected": End("bounced", "rejected_by_provider"),
    "hard_bounce": End("bounced", "hard_bounce"),
    "complaint": End("complained", "complaint"),
}
# What was tried again, or is just being handed over, has left when its provider knows of it.
_RANKS: Mapping[str, int] = {
    "pending": 0, "claimed": 0, "submitting": 0, "accepted": 0, "unknown": 0,
    "delivered": 1, "bounced": 2, "complained": 3,
}  # fmt: skip


def end_after(state: str, kind: EventKind) -> End | None:
    """Where the delivery is after this was told; None: as it was.

    >>> end_after("unknown", "delivered")
    End(state='delivered', reason='')
    >>> end_after("complained", "delivered") is None
    True
    """
    end = _ENDS.get(kind)
    if end is None or state not in _RANKS or _RANKS[end.state] <= _RANKS[state]:
        return None
    return end


def ends_address(kind: EventKind) -> bool:
    """Whether nothing is to be sent to the address any more."""
    return kind in ("hard_bounce", "complaint")


def withdraws_consent(kind: EventKind) -> bool:
    """Whether the customer has said by it that they want no more marketing."""
    return kind in ("complaint", "unsubscribe")


def rests_until(newest_first: Sequence[tuple[EventKind, datetime]]) -> datetime | None:
    """Until when an address rests of which this was told last; None: it does not."""
    soft = [at for kind, at in newest_first[:OF_THE_LAST] if kind == "soft_bounce"]
    return soft[0] + REST_AFTER_SOFT_BOUNCES if len(soft) >= SOFT_BOUNCES else None
