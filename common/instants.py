"""Instants that a shop can mean: what lies outside overflows somewhere between Python and PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from common.errors import FieldError

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
#: PostgreSQL reads offsets below this; clocks anywhere are at most 14 hours apart from UTC.
OFFSET_LIMIT = timedelta(hours=16)


def instant_errors(instants: Mapping[str, datetime | None]) -> list[FieldError]:
    """The fields (by JSON pointer) whose instant is before 1900 or after 2199, or of no place on Earth.

    >>> [e.pointer for e in instant_errors({"/a": LATEST, "/b": EARLIEST, "/c": None})]
    ['/a']
    >>> far = datetime.fromisoformat("2026-03-10T12:00:00+20:29")
    >>> instant_errors({"/at": far})[0].detail
    'An offset below 16 hours.'
    """
    errors = offset_errors(instants)
    odd = {error.pointer for error in errors}
    for pointer, instant in instants.items():
        if instant is not None and pointer not in odd and not EARLIEST <= instant < LATEST:
            errors.append(FieldError(pointer, "out_of_range", "An instant between 1900 and 2200."))
    return errors


def offset_errors(instants: Mapping[str, datetime | None]) -> list[FieldError]:
    """Those of them whose offset no place on Earth has."""
    return [
        FieldError(pointer, "out_of_range", "An offset below 16 hours.")
        for pointer, instant in instants.items()
        if instant is not None and abs(instant.utcoffset() or timedelta()) >= OFFSET_LIMIT
    ]
