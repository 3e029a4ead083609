"""JSON objects of the shop's own, of any shape: what PostgreSQL can hold of them, and how much."""

from collections.abc import Mapping
from typing import Any

import msgspec

from common.errors import FieldError

MAX_BYTES = 16 * 1024
MAX_DEPTH = 8
#: Whole numbers up to here are the same in every JSON parser.
MAX_NUMBER = 2**53 - 1


def object_errors(value: Mapping[str, Any], *, pointer: str) -> list[FieldError]:
    """What is wrong with an object; `pointer` is its place. Only the first thing is told.

    >>> [e.detail for e in object_errors({"pages": [1, 2**60]}, pointer="/properties")]
    ['A number up to 9007199254740991.']
    """
    try:
        size = len(msgspec.json.encode(value))
    except RecursionError:
        return [FieldError(pointer, "invalid", _deep())]
    if size > MAX_BYTES:
        return [FieldError(pointer, "invalid", f"At most {MAX_BYTES} bytes of JSON.")]
    wrong = _wrong(value, MAX_DEPTH)
    return [FieldError(pointer, "invalid", wrong)] if wrong else []


def _wrong(value: Any, depth: int) -> str | None:
    if isinstance(value, str):
        return "NUL is no text." if "\x00" in value else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        # Comparing holds for whole numbers of any length, and for infinity.
        return None if abs(value) <= MAX_NUMBER else f"A number up to {MAX_NUMBER}."
    if depth == 0:
        return _deep()
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return next((wrong for part in inner if (wrong := _wrong(part, depth - 1))), None)


def _deep() -> str:
    return f"At most {MAX_DEPTH} levels deep."
