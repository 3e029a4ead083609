"""An answer of the API before HTTP sees it: kept byte for byte, so that a replay is the first answer."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body as bytes. `closing` is the act's last statement, run after the answer is kept.

    `chunks` stand in place of the body of a read that is too long to be held: they are sent as they
    come. `about` is the key of the customer whom the answer tells of: with them it is forgotten.
    A body that `holds_secret` is kept sealed.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    closing: Callable[[], None] | None = field(default=None, compare=False)
    chunks: Iterable[bytes] | None = field(default=None, compare=False)
    about: int | None = field(default=None, compare=False)
    holds_secret: bool = field(default=False, compare=False)


def answer(
    status: int,
    content: object = None,
    *,
    etag: str | None = None,
    closing: Callable[[], None] | None = None,
    about: int | None = None,
    holds_secret: bool = False,
) -> Answer:
    """Encode `content` (structs, dicts, lists) as JSON; nothing at all for 204."""
    body = b"" if status == 204 else _encoder.encode(content)
    return Answer(
        status,
        body,
        {"ETag": etag} if etag else {},
        closing=closing,
        about=about,
        holds_secret=holds_secret,
    )


def as_json(shape: Any) -> bytes:
    """To be compared: in Python 1 equals True, as JSON they differ."""
    return msgspec.json.encode(shape, order="deterministic")


def etag_of(key: int, revision: int) -> str:
    """The ETag of a resource's row: it changes with every write, and is not reused after a delete.

    >>> etag_of(7, 3)
    '"7-3"'
    """
    return f'"{key}-{revision}"'


def revision_of(etag: str, key: int) -> int | None:
    """The revision that an ETag of this row names; None if it names none of it.

    >>> revision_of('"7-3"', 7)
    3
    """
    found = re.fullmatch(rf'"{key}-([0-9]{{1,9}})"', etag)
    return int(found[1]) if found else None
