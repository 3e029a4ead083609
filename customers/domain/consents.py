"""Consent: what a history of grants, withdrawals and requests comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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
