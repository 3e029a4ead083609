"""Push messages to browsers (RFC 8030), encrypted for each (RFC 8291) and signed by the shop (RFC 8292).

The libraries that pywebpush is made of, without what sends there: only the phases of a request tell what
its end means.
"""

import base64
import json
import time
from typing import Any, Self
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from campaigns.channels.http import Lost, NeverLeft, post
from campaigns.domain.push import reply_of_all
from campaigns.domain.replies import Reply

_GONE = frozenset({404, 410})
_BUSY = frozenset({408, 425, 429, 503})
# The shop's key or its claims: no recipient is at fault.
_OF_THE_SHOP = frozenset({401, 403})
#: Seconds in which the requests for one message are begun, so that it takes a minute at most.
_BEGUN_WITHIN = 20
#: A signature is good for a day at most.
_SIGNED_FOR = 12 * 3600


class PushChannel:
    """Hands messages over, one after the other. Not for several threads."""

    def __init__(self) -> None:
        #: Keys of subscriptions that there are no more.
        self.gone: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one message over to each of a customer's browsers: `message` is JSON with the `payload`, its
        `ttl` in seconds, and `subscriptions` of `key`, `endpoint`, `p256dh` and `auth`.
        """
        told = json.loads(message)
        ends_at = time.monotonic() + _BEGUN_WITHIN
        replies = []
        for each in told["subscriptions"]:
            if time.monotonic() >= ends_at:
                replies.append(Reply("later", "server_busy"))
                break
            replies.append(self._one(each, told))
        return reply_of_all(replies)

    def close(self) -> None:
        """There is no connection that is kept."""

    def _one(self, subscription: dict[str, Any], told: dict[str, Any]) -> Reply:
        body = http_ece.encrypt(
            told["payload"].encode(),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_decoded(subscription["p256dh"]),
            auth_secret=_decoded(subscription["auth"]),
            version="aes128gcm",
        )
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(told["ttl"]),
            **_signed(subscription["endpoint"]),
        }
        try:
            answer = post(subscription["endpoint"], body=body, headers=headers)
        except NeverLeft:
            return Reply("later", "no_connection", ends_connection=True)
        except Lost:
            return Reply("unknown", "connection_lost", ends_connection=True)
        if answer.status in _GONE:
            self.gone.add(subscription["key"])
        return _reply_of(answer.status)


def is_push_set_up() -> bool:
    """Whether the shop has a key, and says who it is."""
    return bool(settings.VAPID_PRIVATE_KEY and settings.VAPID_CONTACT)


def public_key() -> str:
    """What a browser wants to know before it subscribes, as base64 for addresses."""
    signer = Vapid02.from_string(settings.VAPID_PRIVATE_KEY)
    numbers = signer.public_key.public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def is_key_on_curve(p256dh: str) -> bool:
    """Whether anything can be encrypted for it."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
    except ValueError:
        return False
    return True


def _signed(endpoint: str) -> dict[str, str]:
    address = urlsplit(endpoint)
    claims = {
        "sub": settings.VAPID_CONTACT,
        "aud": f"{address.scheme}://{address.netloc}",
        "exp": int(time.time()) + _SIGNED_FOR,
    }
    signed: dict[str, str] = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).sign(claims)
    return signed


def _reply_of(status: int) -> Reply:
    """2xx is a yes. What broke at the service (500, 502, 504) may have been taken before."""
    if 200 <= status < 300:
        return Reply("accepted")
    if status in _GONE:
        return Reply("refused", "no_such_address")
    if status in _BUSY:
        return Reply("later", "server_busy")
    if status in _OF_THE_SHOP or 300 <= status < 400:
        return Reply("later", "sender_refused", ends_connection=True)
    if 400 <= status < 500:
        return Reply("refused", "refused_by_server")
    return Reply("unknown", "provider_failed")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
