"""How blocks of postings are chained: each hash is keyed, and covers the one before."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

#: What the first block has before itself.
NOTHING_BEFORE = bytes(32)


class Key(NamedTuple):
    """A secret and the name that blocks know it by."""

    key_id: str
    secret: bytes


class Head(NamedTuple):
    """The last block of a chain: whoever has kept it can tell whether the chain was made anew."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block as it is hashed; `content` is that of its postings."""

    number: int
    previous: bytes
    content: bytes
    horizon: int
    floor: int
    cluster: int
    key_id: str
    sealed_at: datetime


def content_of(digests: Iterable[tuple[int, bytes]]) -> bytes:
    """One digest of all: each posting's key as 8 bytes, then its own digest, in their order."""
    whole = hashlib.sha256()
    for posting, digest in digests:
        whole.update(posting.to_bytes(8, "big", signed=True) + digest)
    return whole.digest()


def hash_of(block: Block, *, secret: bytes) -> bytes:
    """HMAC-SHA256 of the block as a JSON list: number, the hash before, content, horizon, floor, cluster,
    key, instant.

    >>> block = Block(number=1, previous=NOTHING_BEFORE, content=content_of([(1, bytes(32))]),
    ...     horizon=700, floor=0, cluster=1, key_id="2026", sealed_at=datetime(2026, 3, 2, tzinfo=UTC))
    >>> hash_of(block, secret=b"secret").hex()[:16]
    'dae023322a5a7f24'
    """
    words = [
        block.number,
        block.previous.hex(),
        block.content.hex(),
        block.horizon,
        block.floor,
        block.cluster,
        block.key_id,
        block.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    canonical = json.dumps(words, separators=(",", ":")).encode()
    return hmac.digest(secret, canonical, "sha256")


def parsed_head(text: str) -> Head:
    """A head as it was printed.

    Raises:
        ValueError: it is none.

    >>> parsed_head("7:" + "ab" * 32).number
    7
    """
    number, _, digits = text.strip().partition(":")
    head = Head(int(number), bytes.fromhex(digits))
    if len(head.hash) != len(NOTHING_BEFORE):
        raise ValueError(text)
    return head
