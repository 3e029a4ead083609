"""Consent: what a history of grants, withdrawals and requests comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: A mail that asks for a confirmation can be answered for so long.
CONFIRMED_WITHIN = timedelta(days=7)
#: Nobody is asked for the same more often than once in this time.
ASKED_EVERY = timedelta(hours=1)

State = Literal["granted", "withdrawn", "requested"]


@dataclass(frozen=True, slots=True)
class Said:
    """One record of a history."""

    state: State
    recorded_at: datetime


def outcome(history: Iterable[Said]) -> Said | None:
    """The record that counts, of a history told oldest first; None of an empty one.

    The newest counts, but a request never undoes a grant: who is asked again has not said no.

    >>> from datetime import date
    >>> outcome([Said("granted", date(2026, 1, 1)), Said("requested", date(2026, 1, 2))]).state
    'granted'
    >>> outcome([Said("withdrawn", date(2026, 1, 1)), Said("requested", date(2026, 1, 2))]).state
    'requested'
    """
    counts: Said | None = None
    for said in history:
        if said.state == "requested" and counts is not None and counts.state == "granted":
            continue
        counts = said
    return counts


def is_mail_due(asked_at: Iterable[datetime]) -> bool:
    """Whether the last of these requests (oldest first) is sent a mail.

    The first is, and then each that comes an hour or more after one that was.

    >>> from datetime import datetime as at
    >>> first, soon, later = at(2026, 1, 1, 9, 0), at(2026, 1, 1, 9, 50), at(2026, 1, 1, 10, 0)
    >>> is_mail_due([first]), is_mail_due([first, soon]), is_mail_due([first, soon, later])
    (True, False, True)
    """
    sent_at: datetime | None = None
    is_due = False
    for at in asked_at:
        is_due = sent_at is None or at - sent_at >= ASKED_EVERY
        if is_due:
            sent_at = at
    return is_due
