"""Redis, which may be away and may forget: nothing that was promised rests on it alone."""

import time
from collections import deque
from threading import local
from typing import Any

from django.conf import settings
from redis import ConnectionPool
from redis.connection import ConnectionInterface
from redis.exceptions import RedisError

#: So long nobody tries again, so that calls do not each wait for a server that is away.
_SECONDS_TO_LEAVE_IT = 1.0
#: Answers that nobody has read yet; they take room in the connection.
_MOST_UNREAD = 16
_of_thread = local()
#: By address: when it may be tried again.
_again_at: dict[str, float] = {}


class Told:
    """A command that was sent; its answer may be on the way."""

    __slots__ = ("_answer", "_line")

    def __init__(self, line: "_Line | None") -> None:
        self._line = line
        self._answer: Any = None

    def answer(self) -> Any:
        """Redis's plain answer; None if it is away."""
        while self._line is not None:
            self._line.read_next()
        return self._answer

    def take(self, answer: Any) -> None:
        """What came for it."""
        self._answer, self._line = answer, None


def tell(*command: Any) -> Told | None:
    """Send a command without waiting for what comes of it; None while Redis is away.

    Commands of a thread are carried out in their order. What is never asked for its answer is
    read over by the thread's next commands.
    """
    url = str(settings.CACHES["default"]["LOCATION"])
    if _again_at and time.monotonic() < _again_at.get(url, 0):
        return None
    return _line(url).send(command)


def ask(*command: Any) -> Any:
    """Redis's plain answer to a command; None while it is away."""
    told = tell(*command)
    return told.answer() if told is not None else None


class _Line:
    """A thread's own connection, without a client around it: that would cost more than a command."""

    def __init__(self, url: str) -> None:
        options: Any = settings.CACHES["default"]["OPTIONS"]
        pool = ConnectionPool.from_url(url, protocol=2, **options)
        self._connection: ConnectionInterface = pool.make_connection()
        self._url = url
        self._unread: deque[Told] = deque()

    def send(self, command: tuple[Any, ...]) -> Told | None:
        while len(self._unread) > _MOST_UNREAD:
            self.read_next()
        told = Told(self)
        try:
            self._connection.send_packed_command([_packed(command)])
        except RedisError:
            self._give_up()
            return None
        self._unread.append(told)
        return told

    def read_next(self) -> None:
        try:
            answer = self._connection.read_response()
        except RedisError:
            self._give_up()
        else:
            self._unread.popleft().take(answer)

    def _give_up(self) -> None:
        # What it still has to say would be taken for the next answer.
        self._connection.disconnect()
        _again_at[self._url] = time.monotonic() + _SECONDS_TO_LEAVE_IT
        while self._unread:
            self._unread.popleft().take(None)


def _packed(command: tuple[Any, ...]) -> bytes:
    """The command as Redis reads it (RESP), at once and without regard to what it could be besides.

    >>> _packed(("HSET", b"k", 1))
    b'*3\\r\\n$4\\r\\nHSET\\r\\n$1\\r\\nk\\r\\n$1\\r\\n1\\r\\n'
    """
    parts = [part if part.__class__ is bytes else str(part).encode() for part in command]
    return b"*%d\r\n%b" % (
        len(parts), b"".join([b"$%d\r\n%b\r\n" % (len(part), part) for part in parts])
    )  # fmt: skip


def _line(url: str) -> _Line:
    lines: dict[str, _Line] = _of_thread.__dict__.setdefault("lines", {})
    if url not in lines:
        lines[url] = _Line(url)
    return lines[url]
