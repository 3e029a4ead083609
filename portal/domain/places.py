"""Where a page of a list begins, as it stands in an address: two whole numbers."""

from datetime import UTC, datetime, timedelta

Place = tuple[int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Above every key and every instant.
_BOUND = 2**62


def place_text(place: Place) -> str:
    """
    >>> place_text((17, 4))
    '17.4'
    """
    return f"{place[0]}.{place[1]}"


def place_of(text: str) -> Place | None:
    """
    >>> place_of("17.4"), place_of("17"), place_of("-1.4")
    ((17, 4), None, None)
    """
    parts = text.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if max(map(len, parts)) > len(str(_BOUND)):
        return None
    first, second = map(int, parts)
    return (first, second) if max(first, second) < _BOUND else None


def number_of(at: datetime) -> int:
    """An instant as a whole number."""
    return (at - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime | None:
    """The instant of such a number; None where there is none so late."""
    try:
        return _EPOCH + number * _MICROSECOND
    except OverflowError:
        return None
