"""The ways out that a worker holds open, each from its first message on."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

from campaigns.channels.mail import mail_channel
from campaigns.channels.push import PushChannel
from campaigns.channels.sms import SmsChannel
from campaigns.domain.replies import Reply


class Way(Protocol):
    """Hands messages over, one after the other."""

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one message over, and say what came of it."""
        ...

    def close(self) -> None:
        """Let go of what is kept open."""
        ...


class Ways:
    """Ways by channel. Not for several threads."""

    def __init__(self) -> None:
        self._open: dict[str, Way] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for way in self._open.values():
            way.close()

    def of(self, channel: str) -> Way:
        """The way that messages of this channel take."""
        if channel not in self._open:
            self._open[channel] = _MADE.get(channel, mail_channel)()
        return self._open[channel]

    def take_gone(self) -> set[int]:
        """The keys of subscriptions to push messages that turned out to be gone since it was asked last."""
        push = self._open.get("push")
        if not isinstance(push, PushChannel):
            return set()
        gone, push.gone = push.gone, set()
        return gone


#: All others are mail.
_MADE: Mapping[str, Callable[[], Way]] = {"sms": SmsChannel, "push": PushChannel}
