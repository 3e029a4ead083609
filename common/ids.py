"""Ids that the service makes: a prefix and a time-ordered UUID, so that lists and indexes stay in order."""

import os
import re
import time
from uuid import UUID

_HEX = re.compile(r"[0-9a-f]{32}")
#: Of the system's randomness a stock, ten bytes for an id: asked for each time, a thread would give up its
#: turn for it. A list gives each piece to one thread only.
_RANDOM_BYTES, _STOCK = 10, 256
_stock: list[bytes] = []
# A child would otherwise make its parent's ids.
os.register_at_fork(after_in_child=_stock.clear)


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then the system's randomness."""
    random = int.from_bytes(_randomness(), "big")
    value = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | (random >> 68) << 64
    return UUID(int=value | 0b10 << 62 | random & (1 << 62) - 1)


def _randomness() -> bytes:
    """Ten bytes that nobody had before."""
    try:
        return _stock.pop()
    except IndexError:
        drawn = os.urandom(_RANDOM_BYTES * _STOCK)
        first, *others = (
            drawn[at : at + _RANDOM_BYTES] for at in range(0, len(drawn), _RANDOM_BYTES)
        )
        _stock.extend(others)
        return first


def public_id(prefix: str, value: UUID) -> str:
    """The id as callers see it.

    >>> public_id("rsv", UUID(int=5))
    'rsv_00000000000000000000000000000005'
    """
    return f"{prefix}_{value.hex}"


def parse_public_id(prefix: str, text: str) -> UUID | None:
    """The UUID in such an id; None where it is none of ours.

    >>> parse_public_id("rsv", "rsv_00000000000000000000000000000005").int
    5
    """
    head, _, tail = text.partition("_")
    return UUID(tail) if head == prefix and _HEX.fullmatch(tail) else None
