"""The keys that the ledger is sealed with: settings, since whoever can write the books must not have them."""

import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cashback.domain.seals import Key

#: The name of the key that is made of SECRET_KEY where LEDGER_KEYS is not set.
DERIVED = "secret-key"
_LONGEST_NAME = 32
_SHORTEST_SECRET = 32


def seal_keys() -> list[Key]:
    """The key that seals now, then those that have sealed before.

    Raises:
        ImproperlyConfigured: an entry is no `name:secret`, or too short to keep a secret.
    """
    keys = [_key(entry) for entry in settings.LEDGER_KEYS]
    derived = hmac.digest(settings.SECRET_KEY.encode(), b"ledger seal", "sha256")
    return [*keys, Key(DERIVED, derived)]


def _key(entry: str) -> Key:
    key_id, _, secret = entry.partition(":")
    if not 0 < len(key_id) <= _LONGEST_NAME or len(secret) < _SHORTEST_SECRET:
        raise ImproperlyConfigured(
            "LEDGER_KEYS holds name:secret, separated by commas, each secret of at least"
            f" {_SHORTEST_SECRET} characters"
        )
    return Key(key_id, secret.encode())
