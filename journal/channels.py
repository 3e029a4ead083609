"""One POST to a receiver out there, who is trusted with nothing: not with our network, nor our time.

The name is resolved once, every address that it has is checked, and the connection goes to one of
those: whatever the name says a moment later. Redirects and proxies are not followed.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from journal.domain.receivers import Receiver, is_public
from journal.models import WebhookAttempt

#: Seconds for the connection, and for all of it together.
CONNECT_SECONDS = 5.0
ALL_SECONDS = 10.0
_READ_OF_ANSWER = 2000

Failure = WebhookAttempt.Failure


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one POST: the receiver's status and the beginning of its answer, or why none."""

    status_code: int | None
    failure: str
    milliseconds: int
    answer: str = ""

    @property
    def is_taken(self) -> bool:
        """The receiver has it."""
        return not self.failure

    @property
    def is_gone(self) -> bool:
        """The receiver wants no more of it, ever."""
        return self.status_code == http.client.GONE


class _Failed(Exception):
    """It came to no answer."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Address:
    """One of the addresses of a name, as a socket takes it."""

    family: int
    place: Any

    @property
    def ip(self) -> str:
        ip: str = self.place[0]
        return ip


def leads_inside(receiver: Receiver) -> bool:
    """Whether the name has an address that is not public; a name without any leads nowhere yet."""
    try:
        return not all(is_public(address.ip) for address in _resolve(receiver))
    except _Failed:
        return False


def post(
    receiver: Receiver, *, body: bytes, headers: Mapping[str, str], allow_private: bool
) -> Reply:
    """Send `body` and wait for the status, ten seconds at most after the name was resolved.

    With `allow_private` every address will do.
    """
    began = time.monotonic()
    try:
        status, answer = _post(receiver, body, headers, allow_private=allow_private)
    except _Failed as failed:
        return Reply(None, failed.failure, _since(began))
    return Reply(status, _failure_of(status), _since(began), answer)


def _post(
    receiver: Receiver, body: bytes, headers: Mapping[str, str], *, allow_private: bool
) -> tuple[int, str]:
    addresses = _resolve(receiver)
    if not allow_private and not all(is_public(address.ip) for address in addresses):
        raise _Failed(Failure.ADDRESS)
    deadline = time.monotonic() + ALL_SECONDS
    connected = _connect(addresses)
    try:
        if receiver.scheme == "https":
            connected = _tls_context().wrap_socket(
                connected, server_hostname=receiver.host, do_handshake_on_connect=False
            )
        with _cut_off_at(deadline, connected):
            return _exchange(connected, receiver, body, headers, deadline=deadline)
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise _Failed(_why(broken, deadline)) from None
    finally:
        connected.close()


def _resolve(receiver: Receiver) -> Sequence[_Address]:
    try:
        found = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Failed(Failure.NAME) from None
    return [_Address(family, place) for family, _kind, _proto, _name, place in found]


def _connect(addresses: Sequence[_Address]) -> socket.socket:
    """To the first address that answers; nothing is resolved again."""
    failure: str = Failure.UNREACHABLE
    deadline = time.monotonic() + CONNECT_SECONDS
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        attempt = socket.socket(address.family, socket.SOCK_STREAM)
        attempt.settimeout(left)
        try:
            attempt.connect(address.place)
        except TimeoutError:
            failure = Failure.TIMEOUT
        except OSError:
            failure = Failure.UNREACHABLE
        else:
            attempt.settimeout(ALL_SECONDS)
            return attempt
        attempt.close()
    raise _Failed(failure)


def _exchange(
    connected: socket.socket,
    receiver: Receiver,
    body: bytes,
    headers: Mapping[str, str],
    *,
    deadline: float,
) -> tuple[int, str]:
    connection: http.client.HTTPConnection
    if isinstance(connected, ssl.SSLSocket):
        connected.do_handshake()
        connection = http.client.HTTPSConnection(
            receiver.host, receiver.port, context=_tls_context()
        )
    else:
        connection = http.client.HTTPConnection(receiver.host, receiver.port)
    # Given its socket, it opens none, and only speaks.
    connection.sock = connected
    connection.request("POST", receiver.target, body, dict(headers))
    with connection.getresponse() as response:
        if time.monotonic() >= deadline:
            # Headers that were cut off look like headers that are at their end.
            raise TimeoutError
        try:
            answer = response.read(_READ_OF_ANSWER)
        except (OSError, http.client.HTTPException, ValueError):
            answer = b""  # the status is what counts
        return response.status, answer.decode("utf-8", "replace").replace("\x00", "")


@contextmanager
def _cut_off_at(deadline: float, connected: socket.socket) -> Iterator[None]:
    """A time limit of a socket starts anew with every byte; this one ends whatever is going on."""

    def cut() -> None:
        try:
            # Below TLS, which would say good-bye first.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
        except OSError:
            return  # it is over already

    timer = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _why(broken: Exception, deadline: float) -> str:
    if isinstance(broken, TimeoutError) or time.monotonic() >= deadline:
        return Failure.TIMEOUT
    if isinstance(broken, ssl.SSLError):
        return Failure.TLS
    # A connection that closes before the status is an HTTP error and one of the system at once.
    return (
        Failure.PROTOCOL if isinstance(broken, http.client.HTTPException) else Failure.UNREACHABLE
    )


def _failure_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return Failure.REDIRECT if 300 <= status < 400 else Failure.STATUS


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()
