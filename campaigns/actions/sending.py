"""Acts: send what is due, a few messages at a time.

For each few: one transaction that decides, makes the personal codes, renders, and commits `submitting`;
then the network; then one that records. Whoever dies in between leaves no message that nobody knows of.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from campaigns.actions.claiming import LEASE, Claim, Lane, claim, hand_back
from campaigns.actions.preparing import Ready, prepare
from campaigns.actions.recording import record
from campaigns.channels.message import sender_address
from campaigns.channels.smtp import SmtpChannel
from campaigns.domain.replies import Reply
from common import faults

#: So many messages stand in `submitting` at once: no more are unknown after a crash.
AT_ONCE = 25
#: After this the server that wanted to be left alone, or did not answer, is asked again.
REST = timedelta(seconds=20)
#: So much of a lease is left when the last message is begun: one waits no longer for its answer.
_RESERVE = timedelta(seconds=30)

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
    with SmtpChannel() as channel:
        while ends_at is None or wall() < ends_at:
            claimed = claim(lane=lane, now=now(), wall=wall())
            if claimed is None:
                return Sent(taken, is_more=False)
            accepted, goes_on = _work_on(claimed, channel, now=now, wall=wall)
            taken += accepted
            if not goes_on:
                return Sent(taken, is_more=False)
    return Sent(taken, is_more=True)


def _work_on(claimed: Claim, channel: SmtpChannel, *, now: Clock, wall: Clock) -> tuple[int, bool]:
    """How many were taken, and whether to go on."""
    waiting, accepted = iter(claimed.keys), 0
    while keys := list(islice(waiting, AT_ONCE)):
        ready = prepare(claimed, keys, now=now(), wall=wall())
        replies, rests = _hand_over(ready, channel, until=wall() + LEASE - _RESERVE, wall=wall)
        record(claimed, ready, replies, now=now())
        accepted += sum(reply.outcome == "accepted" for reply in replies.values())
        unsent = [each.delivery_key for each in ready if each.delivery_key not in replies]
        if rests or unsent:
            pause = now() + REST if rests else None
            with transaction.atomic():
                hand_back(claimed, [*unsent, *waiting], not_before=pause)
            return accepted, not rests
    return accepted, True


def _hand_over(
    ready: Sequence[Ready], channel: SmtpChannel, *, until: datetime, wall: Clock
) -> tuple[Mapping[int, Reply], bool]:
    """The answers to those that were begun, and whether the server is to be left alone."""
    replies: dict[int, Reply] = {}
    sender = sender_address()
    for each in ready:
        if wall() >= until:
            return replies, False
        reply = channel.send(sender=sender, recipient=each.recipient, message=each.message)
        faults.point("before_recording")
        if reply.outcome == "later" and reply.ends_connection:
            # The server is at fault, not the message.
            return replies, True
        replies[each.delivery_key] = reply
        if reply.ends_connection:
            return replies, True
    return replies, False
