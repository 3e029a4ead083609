"""Calls over HTTP: one connection per thread, kept, and mended when the server drops it."""

import http.client
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

TRIES = 6
TIMEOUT_SECONDS = 120


class ServiceAway(Exception):
    """The service cannot be reached."""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer; `body` is None where it is not JSON."""

    status: int
    body: Any
    raw: bytes

    @property
    def code(self) -> str | None:
        """The code of a problem."""
        return self.body.get("code") if isinstance(self.body, dict) else None

    def __str__(self) -> str:
        text = self.raw.decode("utf-8", "replace")
        return f"{self.status} {text if len(text) <= 600 else text[:600] + ' ...'}"


class Caller:
    """Speaks to one service with one key; safe to share between threads.

    Every call may be sent twice: reads and PUTs by nature, the others by their idempotency key.
    """

    def __init__(self, *, base_url: str, api_key: str) -> None:
        url = urlsplit(base_url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise ValueError(f"{base_url!r} is no address of a service")
        self._kind = (
            http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        )
        self._host, self._port = url.hostname, url.port
        self._prefix = f"{url.path.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._mine = threading.local()

    def get(self, path: str, *, at: datetime | None = None) -> Got:
        query = f"?{urlencode({'at': at.isoformat()})}" if at else ""
        return self.call("GET", path + query)

    def put(self, path: str, body: object) -> Got:
        return self.call("PUT", path, body)

    def post(self, path: str, body: object, *, key: str | None = None) -> Got:
        return self.call("POST", path, body, key=key)

    def call(self, method: str, path: str, body: object = None, *, key: str | None = None) -> Got:
        """The service's own answer, after waiting where it asks to.

        Raises:
            ServiceAway
        """
        headers = dict(self._headers)
        raw = None
        if body is not None:
            raw = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        for attempt in range(TRIES):
            try:
                got, wait = self._send(method, path, raw, headers)
            except (OSError, http.client.HTTPException) as broken:
                self._drop()
                if attempt == TRIES - 1:
                    raise ServiceAway(f"{method} {path}: {broken!r}") from broken
                wait = 0.1 * 2**attempt
            else:
                if got.code not in {"request_in_progress", "rate_limited"}:
                    return got
            time.sleep(wait)
        return got

    def _send(
        self, method: str, path: str, raw: bytes | None, headers: dict[str, str]
    ) -> tuple[Got, float]:
        """The answer, and how many seconds it asks to wait."""
        connection = self._connection()
        connection.request(method, self._prefix + path, body=raw, headers=headers)
        response = connection.getresponse()
        told = response.read()
        is_json = "json" in response.getheader("Content-Type", "")
        got = Got(response.status, msgspec.json.decode(told) if is_json and told else None, told)
        return got, float(response.getheader("Retry-After") or 1)

    def _connection(self) -> http.client.HTTPConnection:
        found: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self._kind(self._host, self._port, timeout=TIMEOUT_SECONDS)
            self._mine.connection = found
        return found

    def _drop(self) -> None:
        self._connection().close()
        self._mine.connection = None
