"""A storefront's side of HTTP: one kept connection, one API key, every call a fresh Idempotency-Key."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4


class NoAnswer(Exception):
    """Nobody answers there."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and its answer; headers in lower case, `milliseconds` as the caller saw them."""

    method: str
    path: str
    sent: Any
    status: int
    body: Any
    raw: bytes
    headers: dict[str, str]
    milliseconds: float


class Storefront:
    """Calls the API at `base_url` until it is closed."""

    def __init__(self, base_url: str, *, key: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._key = key
        parts = urlsplit(self.base_url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname or "localhost", parts.port, timeout=30)
        self._prefix = parts.path

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        language: str = "en",
        idempotency_key: str | None = None,
    ) -> Exchange:
        """One call below /api/v1.

        Raises:
            NoAnswer
        """
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Accept-Language": language,
        }
        if method == "POST":
            headers["Idempotency-Key"] = idempotency_key or uuid4().hex
        began = time.perf_counter()
        try:
            content = None if body is None else json.dumps(body)
            self._connection.request(method, f"{self._prefix}/api/v1{path}", content, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{self.base_url} does not answer: {error}") from error
        is_json = "json" in (response.headers.get("Content-Type") or "")
        return Exchange(
            method=method,
            path=f"/api/v1{path}",
            sent=body,
            status=response.status,
            body=json.loads(raw) if is_json else None,
            raw=raw,
            headers={name.lower(): text for name, text in response.headers.items()},
            milliseconds=(time.perf_counter() - began) * 1000,
        )
