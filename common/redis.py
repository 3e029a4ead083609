"""Redis, which may be away and may forget: nothing that was promised rests on it alone."""

import time
from threading import local
from typing import Any

from django.conf import settings
from redis import ConnectionPool
from redis.connection import ConnectionInterface
from redis.exceptions import RedisError

#: So long nobody tries again, so that calls do not each wait for a server that is away.
_SECONDS_TO_LEAVE_IT = 1.0
_of_thread = local()
#: By address: when it may be tried again.
_again_at: dict[str, float] = {}


def ask(*command: Any) -> Any:
    """Redis's plain answer to a command; None while it is away.

    Over a connection of the thread's own and without a client around it: that would cost more than
    the command.
    """
    url = str(settings.CACHES["default"]["LOCATION"])
    if _again_at and time.monotonic() < _again_at.get(url, 0):
        return None
    connection = _connection(url)
    try:
        connection.send_command(*command)
        return connection.read_response()
    except RedisError:
        # What it still has to say would be taken for the next answer.
        connection.disconnect()
        _again_at[url] = time.monotonic() + _SECONDS_TO_LEAVE_IT
        return None


def _connection(url: str) -> ConnectionInterface:
    connections: dict[str, ConnectionInterface] = _of_thread.__dict__.setdefault("connections", {})
    if url not in connections:
        options: Any = settings.CACHES["default"]["OPTIONS"]
        connections[url] = ConnectionPool.from_url(url, protocol=2, **options).make_connection()
    return connections[url]
