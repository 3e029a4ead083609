"""What a mail provider's answer by HTTP means for a message."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from campaigns.domain.replies import Reply

#: Nobody is left alone for longer, whatever it says.
LONGEST_REST = timedelta(hours=1)
# The key, the plan, the account: no recipient is at fault.
_OF_THE_SHOP = {401, 402, 403, 404, 405, 407, 412}
# The message or its address; or, with the same number, the shop's own sender.
_OF_THE_MESSAGE = {400, 406, 409, 410, 413, 415, 422}
# What providers say where it is the sender and not the recipient: a campaign must not fail by it.
_SENDER_WORDS = (
    "sender signature", "sender identity", "sending domain", "domain is not verified", "not verified",
    "unverified", "not authorized", "not allowed to send", "api key", "server token", "credit",
    "account", "suspended", "plan limit",
)  # fmt: skip


def reply_of_http(
    status: int, text: str, *, retry_after: str | None = None, now: datetime
) -> Reply:
    """The meaning of an answer; `retry_after` is its header.

    2xx is a yes. 500, 502 and 504 say nothing about whether the message was taken before something
    broke, so it is `unknown`; 503 and 429 say that it was not.

    >>> reply_of_http(422, "No such address", now=datetime.min).outcome
    'refused'
    >>> reply_of_http(422, "The From address is no Sender Signature", now=datetime.min).outcome
    'later'
    """
    if 200 <= status < 300:
        return Reply("accepted")
    rest = rest_of(retry_after, now=now)
    if status in {408, 425, 429}:
        too_fast: Literal["", "account"] = "account" if status == 429 else ""
        return Reply("later", "server_busy", ends_connection=True, too_fast=too_fast, rest=rest)
    if status == 503:
        return Reply("later", "server_busy", ends_connection=True, rest=rest)
    if status in _OF_THE_SHOP or (status in _OF_THE_MESSAGE and _is_about_sender(text)):
        return Reply("later", "sender_refused", ends_connection=True, rest=rest)
    if 400 <= status < 500:
        return Reply("refused", "refused_by_server")
    return Reply("unknown", "provider_failed", ends_connection=True, rest=rest)


def reply_of_recipient(status: str) -> Reply | None:
    """The meaning of what the provider says about the one recipient; None: its answer says it.

    >>> reply_of_recipient("queued").outcome, reply_of_recipient("invalid").outcome
    ('accepted', 'refused')
    """
    return _OF_RECIPIENT.get(status)


def rest_of(retry_after: str | None, *, now: datetime) -> timedelta | None:
    """How long to wait: seconds or a date (RFC 9110); None where it says neither.

    >>> rest_of("120", now=datetime.min), rest_of("soon", now=datetime.min)
    (datetime.timedelta(seconds=120), None)
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        rest = timedelta(seconds=min(int(text[:9]), 86_400))
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        if at.tzinfo is None:
            return None
        rest = at - now
    return min(max(rest, timedelta(0)), LONGEST_REST)


# On a provider's own list of addresses that bounced or complained: it will send nothing there.
_OF_RECIPIENT: Mapping[str, Reply] = {
    "sent": Reply("accepted"),
    "queued": Reply("accepted"),
    "invalid": Reply("refused", "bad_address"),
    "rejected": Reply("refused", "rejected_by_provider"),
    "failed": Reply("refused", "refused_by_server"),
}


def _is_about_sender(text: str) -> bool:
    folded = text.lower()
    return any(words in folded for words in _SENDER_WORDS)
