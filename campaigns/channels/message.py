"""A letter as a mail server takes it: RFC 5322, with the ways out that RFC 8058 asks for."""

import hmac
from datetime import datetime
from email.utils import format_datetime, parseaddr

import idna
from django.conf import settings
from msgspec import Struct

from campaigns.channels.mime import alternatives, header, mailbox

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


def address_on_the_wire(address: str) -> str:
    """As all mail servers take it: the domain in ASCII (IDNA 2008).

    >>> address_on_the_wire("ada@münchen.example")
    'ada@xn--mnchen-3ya.example'

    Raises:
        ValueError: no domain can be called so.
    """
    if address.isascii():
        return address
    name, _at, domain = address.rpartition("@")
    return f"{name}@{idna.encode(domain, uts46=True).decode()}"


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
    headers = [
        mailbox("From", display_name=name, address=address),
        mailbox("To", address=address_on_the_wire(mail.to)),
        header("Subject", mail.subject),
        header("Date", format_datetime(now)),
        header("Message-ID", message_id(mail.delivery_key)),
    ]
    if mail.unsubscribe_url is not None:
        campaign = mail.campaign_id.replace(":", "-")
        headers += [
            header("List-Unsubscribe", f"<{mail.unsubscribe_url}>"),
            header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            header("List-ID", f"<{campaign}.{_domain()}>"),
            header("Feedback-ID", f"{campaign}:marketing:{_domain()}"),
        ]
    else:
        headers.append(header("Auto-Submitted", "auto-generated"))
    if mail.campaign_id:
        headers.append(header(CAMPAIGN_HEADER, mail.campaign_id))
    if settings.MAIL_REPLY_TO:
        name, address = parseaddr(settings.MAIL_REPLY_TO)
        headers.append(mailbox("Reply-To", display_name=name, address=address))
    return alternatives(headers, text=mail.text, html=mail.html, number=mail.delivery_key)


def _domain() -> str:
    return sender_address().partition("@")[2] or "localhost"
