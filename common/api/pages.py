"""Keyset pages: the cursor is the last key of the page before."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

from common.errors import FieldError, ValidationFailed

DEFAULT_LIMIT = 50
#: The query parameters of every list.
PAGE_QUERY: dict[str, Any] = {
    "limit": Annotated[int, Meta(ge=1, le=200, description="Rows a page.")],
    "cursor": Annotated[
        str, Meta(max_length=2000, description="`next_cursor` of the page before.")
    ],
}


Row = TypeVar("Row")


class PageOf(Struct, Generic[Row], frozen=True):
    """One page of a list."""

    results: list[Row]
    #: Send it as `cursor` to get the next page; null on the last.
    next_cursor: str | None = None


def limit_of(query: Mapping[str, Any]) -> int:
    """How many rows the caller asked for."""
    return int(query.get("limit", DEFAULT_LIMIT))


def cursor_of(query: Mapping[str, Any], kind: Any = str) -> Any:
    """The key after which the page starts, as `kind`; None for the first page.

    Raises:
        ValidationFailed: the cursor is none of ours.
    """
    text = query.get("cursor")
    if text is None:
        return None
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        key = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=kind)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, ValueError):
        raise ValidationFailed(
            errors=[FieldError("/cursor", "invalid", "This cursor is not known.")]
        ) from None
    if "\x00" in str(key):
        raise ValidationFailed(
            errors=[FieldError("/cursor", "invalid", "This cursor is not known.")]
        )
    return key


def page(
    rows: Sequence[Any],
    *,
    query: Mapping[str, Any],
    key: Callable[[Any], object],
    show: Callable[[Any], Any],
) -> PageOf[Any]:
    """A page of `rows`, of which one more than the limit was read to see whether more follow."""
    limit = limit_of(query)
    shown = rows[:limit]
    more = len(rows) > limit
    cursor = None
    if more:
        cursor = base64.urlsafe_b64encode(msgspec.json.encode(key(shown[-1]))).rstrip(b"=").decode()
    return PageOf(results=[show(row) for row in shown], next_cursor=cursor)
