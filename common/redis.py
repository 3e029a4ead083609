"""Redis, which may be away and may forget: nothing that was promised rests on it alone."""

import time
from collections.abc import Callable
from threading import local
from typing import Any, TypeVar

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

T = TypeVar("T")
#: So long nobody tries again, so that calls do not each wait for a server that is away.
_SECONDS_TO_LEAVE_IT = 1.0
_of_thread = local()
#: By address: when it may be tried again.
_again_at: dict[str, float] = {}


def ask(command: Callable[[Any], T]) -> T | None:
    """What `command` finds, given the client; None while Redis is away."""
    url = str(settings.CACHES["default"]["LOCATION"])
    if _again_at and time.monotonic() < _again_at.get(url, 0):
        return None
    try:
        return command(_client(url))
    except RedisError:
        _again_at[url] = time.monotonic() + _SECONDS_TO_LEAVE_IT
        return None


def _client(url: str) -> Redis:
    """The thread's own connection: a pool would lend and take back one for each command."""
    clients: dict[str, Redis] = _of_thread.__dict__.setdefault("clients", {})
    if url not in clients:
        options: Any = settings.CACHES["default"]["OPTIONS"]
        clients[url] = Redis.from_url(url, single_connection_client=True, **options)
    return clients[url]
