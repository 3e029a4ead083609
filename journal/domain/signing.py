"""Signatures by the rules of Standard Webhooks (standardwebhooks.com), version 1.0.0."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret from the system's randomness, as the receiver keeps it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The `v1` signature of one message; `timestamp` is in seconds since 1970.

    >>> signature("whsec_AAAA", message_id="evt_1", timestamp=1, body=b"{}")
    'v1,muCx1fPIWZVtN0cl/vho4tzy0i7qQUXwCYxUCtYIGFg='
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def signed_headers(
    secrets_in_use: Sequence[str], *, message_id: str, timestamp: int, body: bytes
) -> Mapping[str, str]:
    """What a receiver verifies: with several secrets, one signature for each."""
    signatures = [
        signature(secret, message_id=message_id, timestamp=timestamp, body=body)
        for secret in secrets_in_use
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
