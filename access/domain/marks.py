"""Signed marks: what the addresses in a mail say of whom it went to.

A token is 64 characters of URL-safe base64, as that of a link; but it never ends by itself: whoever
keeps a mail for years may still leave by it. What it was bound to (an address of e-mail, say) is in the
hash and not in the token: once that is another one, the token says nothing.
"""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Literal, NamedTuple

from access.domain.keys import keyed_hash

MarkPurpose = Literal["unsubscribe", "preferences", "confirm", "open", "click"]

#: 48 bytes in all, so that base64 needs no padding, whose bits could be chosen freely.
_CONTENT = Struct(">qqq")
_MAC_LENGTH = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Mark(NamedTuple):
    """Whom it is about, what else (a delivery, a record of consent; 0: nothing), and when it was made."""

    customer_key: int
    other_key: int
    made_at: datetime


def spell_mark(mark: Mark, *, purpose: MarkPurpose, secret: str, bound_to: str = "") -> str:
    """The token as it stands in an address."""
    content = _CONTENT.pack(
        mark.customer_key, mark.other_key, (mark.made_at - _EPOCH) // _MICROSECOND
    )
    return base64.urlsafe_b64encode(content + _mac(content, purpose, secret, bound_to)).decode()


def parse_mark(text: str, *, purpose: MarkPurpose, secret: str, bound_to: str = "") -> Mark | None:
    """What the token says; None where it was not made here for just this, or was changed since."""
    if not _TOKEN.fullmatch(text):
        return None
    content, mac = _halves(text)
    if not hmac.compare_digest(mac, _mac(content, purpose, secret, bound_to)):
        return None
    return _read(content)


def claimed_mark(text: str) -> Mark | None:
    """What the token claims, whoever wrote it: only to look up what it must be bound to."""
    if not _TOKEN.fullmatch(text):
        return None
    try:
        return _read(_halves(text)[0])
    except OverflowError:
        return None


def _halves(text: str) -> tuple[bytes, bytes]:
    raw = base64.urlsafe_b64decode(text)
    return raw[: _CONTENT.size], raw[_CONTENT.size :]


def _read(content: bytes) -> Mark:
    customer_key, other_key, made_at = _CONTENT.unpack(content)
    return Mark(customer_key, other_key, _EPOCH + made_at * _MICROSECOND)


def _mac(content: bytes, purpose: MarkPurpose, secret: str, bound_to: str) -> bytes:
    # The content is of one length, so what follows it cannot be taken for a part of it.
    bound = content + bound_to.encode()
    return keyed_hash(bound, secret=secret, purpose=f"mark:{purpose}")[:_MAC_LENGTH]
