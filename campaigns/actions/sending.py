"""Acts: send what is due, a few messages at a time.

For each few: one transaction that decides, makes the personal codes, renders, and commits `submitting`;
then the network; then one that records. Whoever dies in between leaves no message that nobody knows of.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import (
    DatabaseError,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from campaigns.actions import claiming
from campaigns.actions.claiming import LEASE, Claim, Lane, claim, hand_back, renew
from campaigns.actions.preparing import prepare
from campaigns.actions.ready import Ready
from campaigns.actions.recording import record
from campaigns.actions.subscribing import forget_subscriptions
from campaigns.channels.message import sender_address
from campaigns.channels.pace import LONGEST_WAIT, Pace
from campaigns.channels.ways import Ways
from campaigns.domain.replies import Reply

#: So many messages stand in `submitting` at once: no more are unknown after a crash.
AT_ONCE = 25
#: After this the server that wanted to be left alone, or did not answer, is asked again.
REST = timedelta(seconds=20)
#: Who waits for a slow server says so often that the rows are still theirs.
_RENEWED_EVERY = timedelta(seconds=10)
#: So much of a lease is left when a message is begun: none takes longer.
_RESERVE = timedelta(seconds=65)
#: So long a database that is away is waited for by whoever knows what came of messages.
_PATIENCE = timedelta(seconds=60)
#: So long a message that is ready waits for its turn while others take theirs.
_LONGEST_QUEUE = 5.0

Clock = Callable[[], datetime]


class Sent(NamedTuple):
    """How many messages were taken, and whether the time was over before all were."""

    taken: int
    is_more: bool


def send_due(*, lane: Lane, now: Clock, wall: Clock, within: timedelta | None = None) -> Sent:
    """Send what is due until nothing is, the server wants a rest, or the time is over.

    `now` is the clock of what is due, `wall` that of leases. Opens its own transactions; many may run it
    at once. After `within` no further claim is begun.
    """
    ends_at = None if within is None else wall() + within
    taken = 0
    pace = Pace(is_urgent=lane == "urgent")
    with Ways() as ways:
        while ends_at is None or wall() < ends_at:
            most = pace.most(claiming.AT_ONCE)
            claimed = claim(lane=lane, now=now(), wall=wall(), most=most)
            if claimed is None:
                return Sent(taken, is_more=False)
            work = _Work(claimed, ways, pace, now=now, wall=wall)
            try:
                work.do()
            finally:
                work.let_go()
            taken += work.accepted
            if work.rests or work.is_too_early:
                return Sent(taken, is_more=False)
    return Sent(taken, is_more=True)


class _Work:
    """What is done about the rows of one claim."""

    def __init__(self, claimed: Claim, ways: Ways, pace: Pace, *, now: Clock, wall: Clock) -> None:
        self._claimed, self._ways, self._now, self._wall = claimed, ways, now, wall
        self._pace = pace
        self._turned_away_before = pace.turned_away
        self._left = list(claimed.keys)
        self._leased_at = wall()
        self._few: Sequence[Ready] = ()
        self._begun: set[int] = set()
        self._replies: dict[int, Reply] = {}
        self.accepted = 0
        #: Whether the server is to be left alone, and for how long.
        self.rests = False
        self._rest = REST
        self._goes_on = True
        #: So many seconds were spent in waiting for the rate: others may have something that may go.
        self._queued = 0.0

    @property
    def is_too_early(self) -> bool:
        """Whether there was no room for most of it: to go on would only move rows about."""
        return 2 * (self._pace.turned_away - self._turned_away_before) > len(self._claimed.keys)

    def do(self) -> None:
        """Few by few, until all are done, or it is better to stop."""
        while self._left and self._goes_on and self._queued < _LONGEST_QUEUE:
            few, leased_at = self._left[:AT_ONCE], self._wall()
            self._few = prepare(
                self._claimed, few, pace=self._pace, now=self._now(), wall=leased_at
            )
            self._leased_at = leased_at
            unsent = {each.delivery_key for each in self._few}
            self._left = [key for key in self._left if key not in few or key in unsent]
            try:
                self._hand_over()
            finally:
                self._record()

    def let_go(self) -> None:
        """Let what was not begun wait again, whatever stopped us."""
        if not self._left:
            return
        pause = self._now() + self._rest if self.rests else None
        self._surely(lambda: self._hand_back(pause))

    def _hand_over(self) -> None:
        sender = sender_address()
        for each in self._few:
            if not self._has_its_turn(each) or not self._is_ours(each.delivery_key):
                self._goes_on = False
                return
            self._begun.add(each.delivery_key)
            way = self._ways.of(each.channel)
            reply = way.send(sender=sender, recipient=each.recipient, message=each.message)
            if reply.reason == "no_connection":
                # No message came so far as to be at fault.
                self._begun.discard(each.delivery_key)
            else:
                self._replies[each.delivery_key] = reply
            if each.channel == "email":
                self._pace.heed(reply, each.recipient)
            if reply.ends_connection:
                self.rests, self._goes_on = True, False
                self._rest = max(REST, reply.rest or REST)
                return

    def _has_its_turn(self, each: Ready) -> bool:
        """Whether the rate of mails allows it now, or within a moment, which is waited for."""
        if each.channel != "email":
            return True
        ends_at = time.monotonic() + _LONGEST_QUEUE
        while (seconds := self._pace.wait_for(each.recipient)) > 0:
            if seconds > LONGEST_WAIT or time.monotonic() + seconds > ends_at:
                # None of these few is lost, and whoever comes next finds it due.
                self.rests, self._rest = True, timedelta(seconds=seconds)
                return False
            time.sleep(seconds)
            self._queued += seconds
        return True

    def _is_ours(self, key: int) -> bool:
        """Whether there is time enough for this message, and nobody has taken it or paused it."""
        wall = self._wall()
        if wall - self._leased_at < _RENEWED_EVERY:
            return True
        try:
            kept = renew(self._claimed, self._left, wall=wall)
        except Error as error:
            if not _is_away(error):
                raise
            _reconnect()
            return wall - self._leased_at < LEASE - _RESERVE
        self._leased_at = wall
        return key in kept

    def _record(self) -> None:
        replies = self._replies
        self._surely(lambda: record(self._claimed, self._few, replies, now=self._now()))
        if gone := self._ways.take_gone():
            self._surely(lambda: forget_subscriptions(gone))
        self.accepted += sum(reply.outcome == "accepted" for reply in replies.values())
        self._left = [key for key in self._left if key not in self._begun]
        self._replies = {}

    def _hand_back(self, pause: datetime | None) -> None:
        with transaction.atomic():
            if hand_back(self._claimed, self._left, not_before=pause) == len(self._left):
                return
            # Those of which it was believed meanwhile that we had begun them.
            lost = {each.delivery_key for each in self._few}.intersection(self._left)
            never = Reply("later", "lease_lost")
            record(self._claimed, self._few, dict.fromkeys(lost, never), now=self._now())

    def _surely(self, write: Callable[[], object]) -> None:
        """Write down what only we know; a database that restarts is waited for."""
        ends_at = self._wall() + _PATIENCE
        while True:
            try:
                write()
            except Error as error:
                is_over = connection.in_atomic_block or self._wall() >= ends_at
                if is_over or not _is_away(error):
                    raise
                _reconnect()
                time.sleep(0.2)
            else:
                return


def _is_away(error: Error) -> bool:
    """Whether it was the connection, not the statement: it can be said again."""
    # Of a server that dies in the middle of an answer the driver says only that something is wrong.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _reconnect() -> None:
    if not connection.in_atomic_block:
        connection.close()
