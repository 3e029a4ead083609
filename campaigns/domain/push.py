"""Push messages: where they may be sent to, and what is in them."""

import json
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Struct

from campaigns.domain.notes.note import Told
from campaigns.domain.replies import Reply
from common.fields import spelled

_END = r"$(?!\n)"
Endpoint = Annotated[
    str,
    spelled(
        r"^https?://[^\s\x00-\x20<>\"\\^`{}|]+" + _END,
        "The address of a push service, as the browser tells it.",
        max_length=1_000,
        examples=["https://fcm.googleapis.com/fcm/send/abc"],
    ),
]
#: What a push service takes at most, once it is encrypted, is 4,096 bytes.
LARGEST = 3_800


class PushKeys(Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser wants its messages to be encrypted with."""

    p256dh: Annotated[
        str,
        spelled(
            r"^B[A-Za-z0-9_-]{86}" + _END,
            "A public key on the curve P-256: 87 characters of base64url.",
        ),
    ]
    auth: Annotated[
        str,
        spelled(r"^[A-Za-z0-9_-]{22}" + _END, "A secret of 16 bytes: 22 characters of base64url."),
    ]


def is_push_service(endpoint: str, services: Iterable[str]) -> bool:
    """Whether it is at one of the services, named by origin; `*.` stands for every name below.

    Nobody gets us to call any other address.

    >>> is_push_service("https://a.push.apple.com/x", ["https://*.push.apple.com"])
    True
    >>> is_push_service("https://push.apple.com.evil.example/x", ["https://*.push.apple.com"])
    False
    """
    try:
        asked = urlsplit(endpoint)
        origin = (asked.scheme, asked.port)
    except ValueError:
        return False
    if asked.username is not None or asked.password is not None:
        return False
    for service in services:
        known = urlsplit(service)
        host, name = asked.hostname or "", known.hostname or ""
        fits = host.endswith(name[1:]) if name.startswith("*.") else host == name
        if fits and host and origin == (known.scheme, known.port):
            return True
    return False


def push_payload(told: Told, *, mark: str) -> bytes:
    """What the shop's service worker is given, as JSON; `tag` is the same whenever it is tried again."""
    shown = {
        "title": told.title,
        "body": told.text,
        "url": told.link.url if told.link is not None else None,
        "tag": mark,
    }
    return json.dumps(shown, ensure_ascii=False).encode()


def reply_of_all(replies: Iterable[Reply]) -> Reply:
    """What came of a message to all browsers of a customer: it has come as soon as one has taken it.

    >>> reply_of_all([Reply("refused", "no_such_address"), Reply("accepted")]).outcome
    'accepted'
    >>> reply_of_all([Reply("refused", "no_such_address"), Reply("later", "server_busy")]).outcome
    'later'
    """
    order = ("accepted", "unknown", "later", "refused")
    return min(replies, key=lambda reply: order.index(reply.outcome))
