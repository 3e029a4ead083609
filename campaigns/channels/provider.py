"""E-mail by a provider's API, over one HTTP connection that is kept.

Nothing is asked twice: neither anymail nor requests tries again by itself, and what broke after the
request may have left is `unknown` until the provider's webhook says what became of it.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
)
from anymail.message import AnymailMessage
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from campaigns.channels.message import CAMPAIGN_HEADER
from campaigns.channels.providers import Provider
from campaigns.domain.provider_replies import reply_of_http, reply_of_recipient
from campaigns.domain.replies import Reply
from common import faults

logger = logging.getLogger(__name__)

#: The name under which a provider keeps the delivery's mark, and tells it again.
MARK = "delivery"
# The provider makes these itself, of what it is given.
_STRUCTURE = frozenset(
    {"from", "to", "subject", "date", "reply-to", "mime-version", "content-type"}
    | {"content-transfer-encoding", CAMPAIGN_HEADER.lower()}
)


class ProviderChannel:
    """Hands messages over, one after the other. Not for several threads."""

    def __init__(self, chosen: Provider) -> None:
        self._provider = chosen
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one message over; `message` is complete, with CRLF line ends.

        `sender` is the provider's own affair: bounces come back to it.
        """
        try:
            payload, mail = self._payload(message, recipient)
        except (AnymailInvalidAddress, UnicodeError):
            return Reply("refused", "bad_address")
        except ImproperlyConfigured:
            logger.exception("EMAIL_PROVIDER_SETTINGS lacks something: no mail is sent")
            return Reply("later", "no_connection", ends_connection=True)
        except AnymailError:
            logger.exception("the provider's library cannot say this message")
            return Reply("refused", "not_supported")
        faults.point("connected")
        reply = self._ask(payload, mail, recipient)
        faults.point("answered")
        if reply.ends_connection:
            self.close()
        return reply

    def close(self) -> None:
        """Let the connection go."""
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(RequestException):
                backend.close()

    def _payload(self, message: bytes, recipient: str) -> tuple[Any, AnymailMessage]:
        """What is about to be sent; nothing has left yet."""
        if self._backend is None:
            self._backend = get_connection(self._provider.backend)
            self._backend.open()
        mail = self._mail(message, recipient)
        return self._backend.build_message_payload(mail, self._backend.send_defaults), mail

    def _ask(self, payload: Any, mail: AnymailMessage, recipient: str) -> Reply:
        """One request; from its beginning to the answer nobody knows."""
        try:
            response = self._backend.post_to_esp(payload, mail)
        except AnymailAPIError as error:
            return _reply_of_error(error)
        except AnymailError:
            # What cannot be written as a request was none.
            return Reply("later", "sender_refused", ends_connection=True)
        try:
            told = self._backend.parse_recipient_status(response, payload, mail)
            status = told[recipient].status or ""
        except (AnymailError, LookupError, TypeError, ValueError, AttributeError):
            return _reply_of_answer(response)
        return reply_of_recipient(status) or _reply_of_answer(response, is_read=True)

    def _mail(self, message: bytes, recipient: str) -> AnymailMessage:
        """What stands in the message, as the provider's own API takes it."""
        parsed = BytesParser(policy=policy.default).parsebytes(message)
        assert isinstance(parsed, EmailMessage)
        reply_to = parsed["Reply-To"]
        mail = AnymailMessage(
            subject=str(parsed["Subject"]),
            body=_part(parsed, "plain"),
            from_email=str(parsed["From"]),
            to=[recipient],
            reply_to=[str(reply_to)] if reply_to else None,
            headers={**dict(self._headers(parsed)), **self._provider.adds},
        )
        mail.attach_alternative(_part(parsed, "html"), "text/html")
        mail.metadata = {MARK: str(parsed["Message-ID"]).strip("<>").partition("@")[0]}
        if tag := parsed[CAMPAIGN_HEADER]:
            mail.tags = [str(tag)]
        return mail

    def _headers(self, parsed: EmailMessage) -> Iterator[tuple[str, str]]:
        for name, value in parsed.items():
            if name.lower() not in _STRUCTURE | self._provider.drops:
                yield name, str(value)


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _reply_of_error(error: AnymailAPIError) -> Reply:
    """Of an answer that is no yes, or of what broke on the way."""
    if error.response is not None:
        return _reply_of_answer(error.response)
    if _never_left(error):
        return Reply("later", "no_connection", ends_connection=True)
    return Reply("unknown", "connection_lost", ends_connection=True)


def _reply_of_answer(response: Any, *, is_read: bool = False) -> Reply:
    """By its number; of a yes that nobody can read it is not known what was taken."""
    if 200 <= response.status_code < 300 and not is_read:
        return Reply("unknown", "answer_unreadable", ends_connection=True)
    return reply_of_http(
        response.status_code,
        response.text[:4000],
        retry_after=response.headers.get("Retry-After"),
        now=datetime.now(UTC),
    )


def _never_left(error: BaseException) -> bool:
    """Whether it broke before the request: no name, no connection, no time for one, no trust."""
    return any(
        isinstance(each, ConnectTimeout | ConnectTimeoutError | NewConnectionError)
        or type(each).__name__ == "SSLCertVerificationError"
        for each in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was made of: each library wraps the one below in its own way."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
