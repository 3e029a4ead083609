"""Signed links: pages that open without a key, for whoever was given the address.

A token is 64 characters of URL-safe base64: whom it is about, when it was made and when it ends, and a
keyed hash of that and of what it is for. So no row is needed for each link, however many mails carry one,
and not a single character of it can be another.
"""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Literal, NamedTuple

from access.domain.keys import keyed_hash

Purpose = Literal["account"]

#: 48 bytes in all, so that base64 needs no padding, whose bits could be chosen freely.
_CONTENT = Struct(">Qqq")
_MAC_LENGTH = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Link(NamedTuple):
    """Whom a link is about, and from when until when (excluded) it opens."""

    subject_key: int
    made_at: datetime
    expires_at: datetime


def spell_link(link: Link, *, purpose: Purpose, secret: str) -> str:
    """The token as it stands in an address."""
    content = _CONTENT.pack(
        link.subject_key,
        (link.made_at - _EPOCH) // _MICROSECOND,
        (link.expires_at - _EPOCH) // _MICROSECOND,
    )
    return base64.urlsafe_b64encode(content + _mac(content, purpose, secret)).decode()


def parse_link(text: str, *, purpose: Purpose, secret: str) -> Link | None:
    """What the token says; None where it was not made here for this purpose, or was changed since."""
    if not _TOKEN.fullmatch(text):
        return None
    raw = base64.urlsafe_b64decode(text)
    content, mac = raw[: _CONTENT.size], raw[_CONTENT.size :]
    if not hmac.compare_digest(mac, _mac(content, purpose, secret)):
        return None
    subject_key, made_at, expires_at = _CONTENT.unpack(content)
    return Link(subject_key, _EPOCH + made_at * _MICROSECOND, _EPOCH + expires_at * _MICROSECOND)


def _mac(content: bytes, purpose: Purpose, secret: str) -> bytes:
    return keyed_hash(content, secret=secret, purpose=f"link:{purpose}")[:_MAC_LENGTH]
