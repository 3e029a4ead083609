"""Values that are kept unreadable at rest and opened again where they are needed.

A key of its own for each purpose is derived from SECRET_KEY: whoever has only the database, or only a
backup of it, reads none of them. With another SECRET_KEY they stay closed for good.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class BrokenSeal(Exception):
    """It was sealed for another purpose or with another SECRET_KEY, or was changed since."""


def seal(value: bytes, *, purpose: str) -> bytes:
    """`value` as it may be stored; each time another text."""
    return _seal(purpose, settings.SECRET_KEY).encrypt(value)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """What was sealed for this purpose.

    Raises:
        BrokenSeal
    """
    try:
        return _seal(purpose, settings.SECRET_KEY).decrypt(sealed)
    except InvalidToken:
        raise BrokenSeal from None


@cache
def _seal(purpose: str, secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
