"""Keyset pages: the cursor is the last key of the page before."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

from common.api.call import Call
from common.errors import FieldError, ValidationFailed

DEFAULT_LIMIT = 50
#: The query parameters of every list.
PAGE_QUERY: dict[str, Any] = {
    "limit": Annotated[int, Meta(ge=1, le=200, description="Rows a page.")],
    "cursor": Annotated[
        str,
        Meta(
            max_length=2000,
            description="`next_cursor` of the page before, of the same list and filters.",
        ),
    ],
}


Row = TypeVar("Row")


class PageOf(Struct, Generic[Row], frozen=True):
    """One page of a list."""

    results: list[Row]
    #: Send it as `cursor` to get the next page; null on the last.
    next_cursor: str | None = None


def limit_of(query: Mapping[str, Any], *, default: int = DEFAULT_LIMIT) -> int:
    """How many rows the caller asked for."""
    return int(query.get("limit", default))


def cursor_of(call: Call, kind: Any = str) -> Any:
    """The key after which the page starts, as `kind`; None for the first page.

    Raises:
        ValidationFailed: the cursor is none of ours, or of another list.
    """
    text = call.query.get("cursor")
    if text is None:
        return None
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        owner, key = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=tuple[str, kind])
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, ValueError):
        raise _refused("This cursor is not known.") from None
    if "\x00" in str(key):
        raise _refused("This cursor is not known.")
    if owner != _owner(call):
        raise _refused("This cursor is of another list, or of another filter.")
    return key


def page(
    rows: Sequence[Any],
    *,
    call: Call,
    key: Callable[[Any], object],
    show: Callable[[Any], Any],
    limit: int | None = None,
) -> PageOf[Any]:
    """A page of `rows`, of which one more than the limit was read to see whether more follow."""
    limit = limit_of(call.query) if limit is None else limit
    shown = rows[:limit]
    cursor = None
    if len(rows) > limit:
        place = msgspec.json.encode((_owner(call), key(shown[-1])))
        cursor = base64.urlsafe_b64encode(place).rstrip(b"=").decode()
    return PageOf(results=[show(row) for row in shown], next_cursor=cursor)


def _owner(call: Call) -> str:
    """The list, with its filters, that a cursor belongs to: pages of any size are of the same."""
    filters = {name: value for name, value in call.query.items() if name not in PAGE_QUERY}
    named = msgspec.json.encode([call.path, filters], order="deterministic")
    return hashlib.blake2b(named, digest_size=6).hexdigest()


def _refused(detail: str) -> ValidationFailed:
    return ValidationFailed(errors=[FieldError("/cursor", "invalid", detail)])
