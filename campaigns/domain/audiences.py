"""Audiences for advertising networks: how an address is told them without being told."""

import hashlib

from customers.domain.emails import normalised_email


def audience_hash(email: str) -> bytes:
    """SHA-256 of the address in small letters without spaces around it, as the networks compare it.

    >>> audience_hash(" Ada@Example.org").hex()[:16]
    'cfe00dde46ef9426'
    >>> audience_hash("ada@example.org") == audience_hash(" Ada@Example.org")
    True
    """
    return hashlib.sha256(normalised_email(email).encode()).digest()
