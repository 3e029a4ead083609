"""One request to a provider, in phases: only they tell what an error means.

Until the request's first byte is sent nothing was taken; from then until the answer nobody knows.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from common import faults

#: Seconds for the connection and for each step after it, and for all of these together.
_PATIENCE = 10.0
_FOR_THE_ANSWER = 30.0
_READ_OF_ANSWER = 4_000


class HttpAnswer(NamedTuple):
    """A provider's answer."""

    status: int
    text: str


class NeverLeft(Exception):
    """There was no connection: nothing was sent."""


class Lost(Exception):
    """It broke after the request may have left."""


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
    """One POST over a connection of its own: a kept one may be dead without anybody's knowledge, and what
    is lost there may have been sent. Redirects are not followed.

    Raises:
        NeverLeft, Lost
    """
    address = urlsplit(url)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        connection = _connected(address.scheme, address.hostname or "", address.port)
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise NeverLeft from broken
    faults.point("connected")
    try:
        with _cut_off(connection.sock):
            connection.request("POST", target, body, dict(headers))
            faults.point("sent")
            with connection.getresponse() as response:
                text = response.read(_READ_OF_ANSWER).decode("utf-8", "replace")
                answer = HttpAnswer(response.status, text)
    except (OSError, http.client.HTTPException, ValueError) as broken:
        raise Lost from broken
    finally:
        connection.close()
    faults.point("answered")
    return answer


def _connected(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    made: http.client.HTTPConnection
    if scheme == "https":
        made = http.client.HTTPSConnection(host, port, timeout=_PATIENCE, context=_tls())
    else:
        made = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    made.connect()
    return made


@contextmanager
def _cut_off(connected: socket.socket) -> Iterator[None]:
    """A time limit of a socket starts anew with every byte; this one ends whatever is going on."""

    def cut() -> None:
        try:
            # Below TLS, which would say good-bye first.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)
        except OSError:
            return  # it is over already

    timer = threading.Timer(_FOR_THE_ANSWER, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
