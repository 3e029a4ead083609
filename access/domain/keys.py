"""API keys: how one is made, taken apart and hashed.

A key reads `pk_<prefix>_<secret>`: the prefix finds the row, the secret (256 random bits) proves it.
So much randomness cannot be guessed, so that a fast keyed hash is the right one for it.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_KEY = re.compile(r"pk_([0-9a-z]{12})_([0-9A-Za-z_-]{43})")
_PREFIX_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class KeyParts:
    """The two halves of a key as it was sent."""

    prefix: str
    secret: str


def new_key() -> KeyParts:
    """A key from the system's randomness."""
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(12))
    return KeyParts(prefix, secrets.token_urlsafe(32))


def spell(parts: KeyParts) -> str:
    """The key as its owner keeps it."""
    return f"pk_{parts.prefix}_{parts.secret}"


def parse_key(text: str) -> KeyParts | None:
    """The halves of `text`; None where it is no key of ours."""
    found = _KEY.fullmatch(text)
    return KeyParts(found[1], found[2]) if found else None


def keyed_hash(value: str | bytes, *, secret: str, purpose: str) -> bytes:
    """32 bytes that only the holder of `secret` can compute; `purpose` keeps uses apart."""
    raw = value.encode() if isinstance(value, str) else value
    key = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return hmac.digest(key, raw, "sha256")
