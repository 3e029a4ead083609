"""E-mail by SMTP, over one connection that is kept.

Phase by phase, since only the phases tell what an error means: until the message's last byte is sent
nothing was taken, and from then until the answer nobody knows.
"""

import smtplib
import ssl
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from campaigns.domain.replies import Reply, reply_of
from common import faults

_LOST = (OSError, smtplib.SMTPServerDisconnected)
#: Many servers take no more over one connection.
_MESSAGES_A_CONNECTION = 500


class SmtpChannel:
    """Hands messages over, one after the other. Not for several threads."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._handed_over = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one message over; `message` is complete, with CRLF line ends."""
        try:
            smtp = self._connected()
        except smtplib.SMTPResponseException as refused:
            self.close()
            return _never_taken(refused.smtp_code, _text(refused.smtp_error))
        except (OSError, smtplib.SMTPException):
            self.close()
            return Reply("later", "no_connection", ends_connection=True)
        faults.point("connected")
        try:
            reply = _announce(smtp, sender, recipient)
            if reply is not None:
                self._reset(smtp, reply)
                return reply
        except _LOST:
            self.close()
            return Reply("later", "connection_lost", ends_connection=True)
        return self._hand_over(smtp, message)

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        smtp, self._smtp, self._handed_over = self._smtp, None, 0
        if smtp is None:
            return
        try:
            smtp.quit()
        except (*_LOST, smtplib.SMTPException):
            smtp.close()

    def _hand_over(self, smtp: smtplib.SMTP, message: bytes) -> Reply:
        quoted = message.replace(b"\r\n.", b"\r\n..")
        try:
            smtp.send(quoted + b"\r\n.\r\n")
            faults.point("sent")
            code, text = smtp.getreply()
        except _LOST:
            self.close()
            return Reply("unknown", "connection_lost", ends_connection=True)
        faults.point("answered")
        self._handed_over += 1
        reply = reply_of(code, _text(text))
        if reply.ends_connection or self._handed_over >= _MESSAGES_A_CONNECTION:
            self.close()
        return reply

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            host, port, timeout = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT
            smtp = smtplib.SMTP(host, port, local_hostname=DNS_NAME.get_fqdn(), timeout=timeout)
            self._smtp = smtp
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            smtp.ehlo_or_helo_if_needed()
        return self._smtp

    def _reset(self, smtp: smtplib.SMTP, reply: Reply) -> None:
        if reply.ends_connection:
            self.close()
            return
        smtp.rset()


def _announce(smtp: smtplib.SMTP, sender: str, recipient: str) -> Reply | None:
    """Up to the point where the message itself may be sent; the answer that stands in its way."""
    for ask in (lambda: smtp.mail(sender), lambda: smtp.rcpt(recipient)):
        code, text = ask()
        if not 200 <= code < 300:
            return _never_taken(code, _text(text))
    code, text = smtp.docmd("DATA")
    return None if code == 354 else _never_taken(code, _text(text))


def _never_taken(code: int, text: str) -> Reply:
    reply = reply_of(code, text)
    # An odd 2xx in the middle: nothing was taken either.
    return (
        reply
        if reply.outcome != "accepted"
        else Reply("later", "server_busy", ends_connection=True)
    )


def _text(raw: bytes | str) -> str:
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
