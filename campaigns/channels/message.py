"""A letter as a mail server takes it: RFC 5322, with the ways out that RFC 8058 asks for."""

import hmac
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from msgspec import Struct

#: The longest lines of a header that old mail servers leave as they are.
_POLICY = SMTP.clone(max_line_length=78)
#: Providers take what it says as the tag of a message.
CAMPAIGN_HEADER = "X-Campaign-ID"


class Mail(Struct, frozen=True, kw_only=True):
    """What is written to whom. `unsubscribe_url` is that of marketing alone."""

    delivery_key: int
    to: str
    subject: str
    html: str
    text: str
    campaign_id: str = ""
    unsubscribe_url: str | None = None


def sender_address() -> str:
    """The address that mail comes from, without a name."""
    return parseaddr(settings.MAIL_FROM)[1]


def delivery_mark(delivery_key: int) -> str:
    """The row's key in a form that nobody else can make: what a provider tells of it later begins here."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"mail:{delivery_key}".encode(), "sha256")
    return f"d{delivery_key}.{digest.hexdigest()[:16]}"


def key_of_mark(mark: str) -> int | None:
    """The key of the row; None where the mark was not made here."""
    number = mark[1:].partition(".")[0]
    # No longer than a key can be: it is asked for in the database.
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        return None
    is_ours = hmac.compare_digest(mark.encode(), delivery_mark(int(number)).encode())
    return int(number) if is_ours else None


def message_id(delivery_key: int) -> str:
    """The same for a row whenever it is asked for, and guessed by nobody."""
    return f"<{delivery_mark(delivery_key)}@{_domain()}>"


def message_bytes(mail: Mail, *, now: datetime) -> bytes:
    """The whole message with CRLF line ends.

    Raises:
        ValueError: the address is none.
    """
    name, address = parseaddr(settings.MAIL_FROM)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(mail.delivery_key)
    if mail.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["List-ID"] = f"<{mail.campaign_id.replace(':', '-')}.{_domain()}>"
        message["Feedback-ID"] = f"{mail.campaign_id.replace(':', '-')}:marketing:{_domain()}"
    else:
        message["Auto-Submitted"] = "auto-generated"
    if mail.campaign_id:
        message[CAMPAIGN_HEADER] = mail.campaign_id
    if settings.MAIL_REPLY_TO:
        message["Reply-To"] = settings.MAIL_REPLY_TO
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _domain() -> str:
    return sender_address().partition("@")[2] or "localhost"
