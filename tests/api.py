"""The API as a test calls it: real keys, real HTTP handling, answers that read well in an assert."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.test import Client

from access.actions import create_api_key

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Got:
    """An answer; `got["total"]` looks into its body."""

    status: int
    body: Any
    headers: dict[str, str] = field(repr=False)
    raw: bytes = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def pointers(self) -> list[str]:
        """The fields that a problem names."""
        return [error["pointer"] for error in self.body["errors"]]


def make_key(*scopes: str, name: str = "test") -> str:
    """A new API key; without scopes with all but `payouts`."""
    return create_api_key(name=name, scopes=list(scopes) or None, now=NOON)


class Api:
    """Calls below /api/v1 with one key. POST gets an Idempotency-Key unless one is given (None: none).

    A body is JSON, or bytes that are sent as they are.
    """

    def __init__(self, key: str | None, **client: Any) -> None:
        self.key = key
        self.client = Client(**client)

    def get(self, path: str, **headers: Any) -> Got:
        return self.call("GET", path, **headers)

    def put(self, path: str, body: Any = None, **headers: Any) -> Got:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: Any) -> Got:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: Any) -> Got:
        return self.call("DELETE", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Got:
        headers.setdefault("idempotency_key", f"test-{next(_numbers):012}")
        return self.call("POST", path, body, **headers)

    def call(self, method: str, path: str, body: Any = None, **headers: Any) -> Got:
        """`headers` are named in snake_case: `if_match=`, `idempotency_key=`, `accept_language=`."""
        sent = {name.replace("_", "-"): text for name, text in headers.items() if text is not None}
        if self.key is not None:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        content_type = sent.pop("content-type", "application/json")
        raw = body if isinstance(body, bytes) else b"" if body is None else _encode(body)
        answer = self.client.generic(
            method, f"/api/v1{path}", raw, content_type, headers=sent, CONTENT_TYPE=content_type
        )
        made = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Got(
            answer.status_code, msgspec.json.decode(made) if is_json and made else None,
            dict(answer.headers), made,
        )  # fmt: skip


def _encode(body: Any) -> bytes:
    return msgspec.json.encode(body)
