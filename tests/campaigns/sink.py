"""A mail server for tests: it keeps what it takes, and does what it is told to."""

import asyncio
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from stack.ports import any_free

#: In place of an answer: the connection is cut when the message has come.
CUT = "cut"


class Sink:
    """What came in, and what is answered: `on_recipient` and `on_message` give a line, or None for yes."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.on_recipient: Callable[[str], str | None] = lambda address: None
        self.on_message: Callable[[EmailMessage], str | None] = lambda message: None
        self.connections = 0
        self._lock = Lock()

    def to(self, address: str) -> list[EmailMessage]:
        """What was taken for this address."""
        return [message for message in self.taken if message["To"] == address]

    async def handle_EHLO(  # aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if answer := self.on_recipient(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        parser = BytesParser(policy=email.policy.default)
        message = parser.parsebytes(envelope.content)
        answer = self.on_message(message)
        if answer == CUT:
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(3600)
        if answer:
            return answer
        with self._lock:
            self.taken.append(message)
        return "250 taken"


@contextmanager
def running_sink() -> Iterator[tuple[Sink, int]]:
    """The sink and its port on the loopback address."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=any_free())
    controller.start()
    try:
        assert controller.server is not None
        yield sink, controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()
