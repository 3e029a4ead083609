"""One call of the API after it was read and checked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

KeyRule = Literal["required", "optional"]


class Call(Struct, frozen=True):
    """One call, read and checked: all that a view needs of the request."""

    body: Any
    raw: bytes
    query: Mapping[str, Any]
    now: datetime
    at_given: bool
    #: Who calls, as `access` knows them; None on public paths.
    caller: Any
    language: Literal["de", "en"]
    request_id: str
    method: str
    path: str
    if_match: str | None
    idempotency_key: str | None
    key_rule: KeyRule | None
