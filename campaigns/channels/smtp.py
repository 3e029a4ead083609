"""E-mail by SMTP, over one connection that is kept.

Phase by phase, since only the phases tell what an error means: until the message's last byte is sent
nothing was taken, and from then until the answer nobody knows.
"""

import smtplib
import ssl
from time import monotonic
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail.utils import DNS_NAME

from campaigns.domain.replies import Reply, reply_of
from common import faults

#: Many servers take no more over one connection.
_MESSAGES_A_CONNECTION = 500
#: A message that has not come so far as its last byte by then is given up for now.
_SECONDS_A_MESSAGE = 40
#: So long the last answer is waited for at least: without it nobody knows.
_SECONDS_FOR_THE_ANSWER = 10


class SmtpChannel:
    """Hands messages over, one after the other. Not for several threads."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._handed_over = 0
        self._until = 0.0

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
        """Hand one message over; `message` is complete, with CRLF line ends. It takes a minute at most."""
        self._until = monotonic() + _SECONDS_A_MESSAGE
        is_kept = self._handed_over > 0
        refused = self._announce(sender, recipient)
        if refused is not None and refused.ends_connection and is_kept:
            # Many servers end a connection after some messages or seconds: a new one may go on.
            refused = self._announce(sender, recipient)
        return refused if refused is not None else self._hand_over(message)

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        smtp, self._smtp, self._handed_over = self._smtp, None, 0
        if smtp is None:
            return
        try:
            smtp.quit()
        except OSError:  # smtplib's own errors are such, too
            smtp.close()

    def _announce(self, sender: str, recipient: str) -> Reply | None:
        """Up to the point where the message itself may be sent; what stands in its way."""
        try:
            smtp = self._connected()
        except OSError:
            # A server that is away, a wrong password: no message is at fault.
            self._drop()
            return Reply("later", "no_connection", ends_connection=True)
        faults.point("connected")
        try:
            reply = self._ask(smtp, sender, recipient)
        except UnicodeEncodeError:
            reply = Reply("refused", "bad_address")
        except OSError:
            self._drop()
            return Reply("later", "connection_lost", ends_connection=True)
        if reply is not None:
            self._reset(smtp, reply)
        return reply

    def _ask(self, smtp: smtplib.SMTP, sender: str, recipient: str) -> Reply | None:
        self._be_patient(smtp)
        code, text = smtp.mail(sender)
        if 500 <= code < 600:
            # The shop may not send so: no recipient is at fault.
            return Reply("later", "sender_refused", ends_connection=True)
        if not 200 <= code < 300:
            return _never_taken(code, _text(text))
        self._be_patient(smtp)
        code, text = smtp.rcpt(recipient)
        if not 200 <= code < 300:
            return _never_taken(code, _text(text))
        self._be_patient(smtp)
        code, text = smtp.docmd("DATA")
        return None if code == 354 else _never_taken(code, _text(text))

    def _hand_over(self, message: bytes) -> Reply:
        smtp = self._smtp
        assert smtp is not None
        quoted = message.replace(b"\r\n.", b"\r\n..")
        if quoted.startswith(b"."):
            quoted = b"." + quoted
        try:
            self._be_patient(smtp, at_least=_SECONDS_FOR_THE_ANSWER)
            smtp.send(quoted + b"\r\n.\r\n")
            faults.point("sent")
            self._be_patient(smtp, at_least=_SECONDS_FOR_THE_ANSWER)
            code, text = smtp.getreply()
        except OSError:
            self._drop()
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
            self._be_patient(smtp)
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
                self._be_patient(smtp)
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
                self._be_patient(smtp)
            smtp.ehlo_or_helo_if_needed()
        return self._smtp

    def _be_patient(self, smtp: smtplib.SMTP, *, at_least: float = 0) -> None:
        """The next step may take what is left.

        Raises:
            TimeoutError: nothing is.
        """
        left = max(at_least, min(settings.EMAIL_TIMEOUT, self._until - monotonic()))
        if left <= 0:
            raise TimeoutError
        if smtp.sock is not None:
            smtp.sock.settimeout(left)

    def _drop(self) -> None:
        """Without a goodbye: it would be waited for."""
        smtp, self._smtp, self._handed_over = self._smtp, None, 0
        if smtp is not None:
            smtp.close()

    def _reset(self, smtp: smtplib.SMTP, reply: Reply) -> None:
        """What the server said stands, whether it hears this or not."""
        if reply.ends_connection:
            self.close()
            return
        try:
            smtp.rset()
        except OSError:
            self._drop()


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
