"""Instants that a shop can mean: what lies outside overflows somewhere between Python and PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime

from common.errors import FieldError

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def instant_errors(instants: Mapping[str, datetime | None]) -> list[FieldError]:
    """The fields (by JSON pointer) whose instant is before 1900 or after 2199.

    >>> [e.pointer for e in instant_errors({"/a": LATEST, "/b": EARLIEST, "/c": None})]
    ['/a']
    """
    return [
        FieldError(pointer, "out_of_range", "An instant between 1900 and 2200.")
        for pointer, instant in instants.items()
        if instant is not None and not EARLIEST <= instant < LATEST
    ]
