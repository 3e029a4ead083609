"""How fast mail may go: so many a second for the account, and for each kind of mailbox.

Each limit is a generic cell rate: one instant, up to which it is spent. Redis does the same arithmetic in
`campaigns.channels.pace`, for all workers together.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

MailboxKind = Literal["gmail", "yahoo", "outlook", "other"]
MAILBOX_KINDS: tuple[MailboxKind, ...] = ("gmail", "yahoo", "outlook", "other")

#: So many fifths of a second may be spent at once.
BURST_SECONDS = 0.2
#: A rate that was halved comes back by so much a minute.
GROWTH_A_MINUTE = 1.1
#: Of a rate never less is left.
LEAST_SHARE = 1 / 64
#: Several answers of one moment halve it once.
SECONDS_BETWEEN_HALVES = 5

# The first label of names that these have in many countries (yahoo.co.jp, hotmail.fr).
_BY_LABEL: Mapping[str, MailboxKind] = {
    "gmail": "gmail", "googlemail": "gmail",
    "yahoo": "yahoo", "ymail": "yahoo", "rocketmail": "yahoo", "aol": "yahoo",
    "outlook": "outlook", "hotmail": "outlook", "live": "outlook", "msn": "outlook",
}  # fmt: skip


class Rates(Struct, frozen=True):
    """Mails a second; 0: no limit."""

    account: float = 0
    by_kind: Mapping[str, float] = {}

    def of(self, kind: MailboxKind) -> float:
        """The rate of such mailboxes."""
        return self.by_kind.get(kind, 0)

    def share(self, workers: int) -> "Rates":
        """What each of so many workers may send without asking the others."""
        return Rates(
            self.account / workers, {kind: rate / workers for kind, rate in self.by_kind.items()}
        )

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return self.account > 0 or any(rate > 0 for rate in self.by_kind.values())


def mailbox_kind(address: str) -> MailboxKind:
    """Who runs the mailbox, as far as its domain says so.

    >>> [mailbox_kind(a) for a in ("a@googlemail.com", "b@Yahoo.co.uk", "c@gmail.tea.example")]
    ['gmail', 'yahoo', 'other']
    """
    labels = address.rpartition("@")[2].lower().rstrip(".").split(".")
    is_of_a_country = len(labels) == 2 or (len(labels) == 3 and labels[1] in ("co", "com"))
    return _BY_LABEL.get(labels[0], "other") if is_of_a_country else "other"


def rate_errors(by_kind: Mapping[str, object]) -> list[str]:
    """What is wrong with rates by kind of mailbox.

    >>> rate_errors({"gmail": 5}), len(rate_errors({"gmial": 5, "yahoo": "fast"}))
    ([], 2)
    """
    found = [f"{kind} is none of {', '.join(MAILBOX_KINDS)}"
             for kind in by_kind if kind not in MAILBOX_KINDS]  # fmt: skip
    return found + [
        f"{kind} is no number from 0 on"
        for kind, rate in by_kind.items()
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < 1e9
    ]


def spend(spent_until: float, *, rate: float, now: float, burst: float) -> tuple[float, float]:
    """Take one of a limit: how long to wait (seconds), and up to when it is spent then.

    Where there is something to wait for, nothing is spent. `burst`: so many seconds of it may be spent at
    once; one is always.

    >>> spend(0.0, rate=2, now=10.0, burst=0)
    (0.0, 10.5)
    >>> spend(10.5, rate=2, now=10.0, burst=0)
    (0.5, 10.5)
    """
    interval = 1 / rate
    begins = max(spent_until, now)
    ahead = max(burst - interval, 0)
    wait = max(begins - ahead - now, 0.0)
    return (wait, spent_until) if wait > 0 else (0.0, begins + interval)
