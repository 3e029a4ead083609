"""The ways out that a worker holds open, each from its first message on."""

from types import TracebackType
from typing import Protocol, Self

from campaigns.channels.sms import SmsChannel
from campaigns.channels.smtp import SmtpChannel
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
            self._open[channel] = SmsChannel() if channel == "sms" else SmtpChannel()
        return self._open[channel]
