"""The load: many keep-alive connections served by one loop, so that the client costs next to nothing.

Requests are bytes made beforehand; answers are kept as they come and looked at afterwards.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_CHUNK = 1 << 18
PATIENCE_SECONDS = 60


class Silence(Exception):
    """Nobody answered for a minute, or the connection was closed."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer, and the seconds from the request's first byte to the answer's last."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Load:
    """The answers in the order of the requests, and how long all took together."""

    exchanges: list[Exchange]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.exchanges) / self.seconds

    def milliseconds(self, percent: float) -> float:
        """The latency that `percent` of the answers kept within."""
        ranked = sorted(exchange.seconds for exchange in self.exchanges)
        return 1000 * ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


@dataclass(slots=True)
class _Client:
    socket: socket.socket
    number: int = 0
    began: float = 0.0
    read: bytearray = field(default_factory=bytearray)


def send(requests: Sequence[bytes], *, port: int, clients: int) -> Load:
    """Send every request, each client the next one as soon as it has its answer.

    Raises:
        Silence
    """
    waiting = iter(enumerate(requests))
    answers: list[Exchange | None] = [None] * len(requests)
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        open_now = 0
        for _ in range(min(clients, len(requests))):
            client = _Client(socket.create_connection(("127.0.0.1", port)))
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(client.socket, selectors.EVENT_READ, client)
            open_now += _next(client, waiting, selector)
        while open_now:
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise Silence(f"{open_now} clients have waited for {PATIENCE_SECONDS} s")
            for key, _ in ready:
                client = key.data
                if (answer := _receive(client)) is not None:
                    answers[client.number] = answer
                    open_now -= not _next(client, waiting, selector)
    return Load([answer for answer in answers if answer], time.perf_counter() - began)


def _next(
    client: _Client, waiting: Iterator[tuple[int, bytes]], selector: selectors.BaseSelector
) -> bool:
    """Send the client's next request; without one it hangs up."""
    for number, request in waiting:
        client.number, client.began = number, time.perf_counter()
        client.read.clear()
        client.socket.sendall(request)
        return True
    selector.unregister(client.socket)
    client.socket.close()
    return False


def _receive(client: _Client) -> Exchange | None:
    """Take what has come; the answer, once it is whole."""
    part = client.socket.recv(_CHUNK)
    if not part:
        raise Silence(f"the connection was closed after {bytes(client.read[:200])!r}")
    client.read += part
    head, end, rest = bytes(client.read).partition(b"\r\n\r\n")
    body = _whole(head, rest) if end else None
    if body is None:
        return None
    return Exchange(int(head[9:12]), body, time.perf_counter() - client.began)


def _whole(head: bytes, rest: bytes) -> bytes | None:
    """The body once all of it is there; without a length it comes in chunks.

    >>> _whole(b"Content-Length: 2", b"{}"), _whole(b"", b"2\\r\\n{}\\r\\n0\\r\\n\\r\\n")
    (b'{}', b'{}')
    """
    length = _LENGTH.search(head)
    if length is not None:
        return rest if len(rest) >= int(length[1]) else None
    if not rest.endswith(b"0\r\n\r\n"):
        return None
    body = b""
    while (size := int((line := rest.partition(b"\r\n"))[0], 16)) > 0:
        body, rest = body + line[2][:size], line[2][size + 2 :]
    return body
