"""What a mail server's answer means for a message."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from msgspec import Struct

Outcome = Literal["accepted", "later", "refused", "unknown"]

#: A message that was turned away for the moment so often is given up.
MOST_ATTEMPTS = 8
_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)
#: The answers that say the address does not exist; others are about this message or this sender.
_NO_SUCH_ADDRESS = ("5.1.1", "5.1.0", "5.1.2", "5.1.3", "5.1.10", "5.2.1")

# 454: what Amazon says of an account (throttling failure). 421: what mailbox providers say of a sender.
_TOO_FAST: Mapping[int, Literal["mailbox", "account"]] = {421: "mailbox", 454: "account"}


class Reply(Struct, frozen=True, repr_omit_defaults=True):
    """What came of handing a message over.

    `later`: nothing was taken, and it may be tried again. `unknown`: it may have been taken.
    """

    outcome: Outcome
    #: A code of ours.
    reason: str = ""
    #: The server wants to be left alone for a while.
    ends_connection: bool = False
    #: What was too fast: mail to this kind of mailbox, or the whole account.
    too_fast: Literal["", "mailbox", "account"] = ""
    #: So long it wants to be left alone, where it said.
    rest: timedelta | None = None


def reply_of(code: int, text: str) -> Reply:
    """The meaning of an answer that came in time, before the message was taken.

    >>> reply_of(421, "4.7.0 try again later")
    Reply(outcome='later', reason='server_busy', ends_connection=True, too_fast='mailbox')
    >>> reply_of(550, "5.1.1 no such user").reason
    'no_such_address'
    """
    if 200 <= code < 300:
        return Reply("accepted")
    if 400 <= code < 500:
        return Reply("later", "server_busy", code == 421, _TOO_FAST.get(code, ""))
    words = text.split(maxsplit=1)
    if words and words[0] in _NO_SUCH_ADDRESS:
        return Reply("refused", "no_such_address")
    return Reply("refused", "refused_by_server")


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts (from 1), each twice as long as the one before.

    >>> [pause_after(n).seconds for n in (1, 2, 3)], pause_after(20) == _LONGEST
    ([30, 60, 120], True)
    """
    return min(_FIRST * 2 ** (min(attempts, 10) - 1), _LONGEST)
