"""A message in two alternatives, plain text and HTML, written as RFC 5322, 2045 and 2047 have it.

Python's `email` takes longer for one message than all else about it together; this writes the one form
that letters have.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable

#: Of a line of a header, where it can be broken at all; RFC 5322 asks for no more than 78.
_LINE = 78
#: Bytes of text in one encoded word: with what stands around it at most 75 characters (RFC 2047).
_WORD_BYTES = 45
#: An address without quotes and comments; others are so rare that many servers refuse them.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+@[A-Za-z0-9.\-]+")
#: What a display name may hold without quotes (RFC 5322, atext), and spaces between.
_PLAIN = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ "
)


def alternatives(headers: Iterable[str], *, text: str, html: str, number: int) -> bytes:
    """The whole message with CRLF line ends; headers as `header` and `mailbox` write them.

    `number` tells the message from others.
    """
    # Quoted-printable lines never hold `=_`.
    boundary = f"=_{number}".encode()
    return b"".join((
        "".join(f"{line}\r\n" for line in headers).encode("ascii"),
        b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="', boundary, b'"\r\n',
        _part(b"plain", text, boundary), _part(b"html", html, boundary),
        b"\r\n--", boundary, b"--\r\n",
    ))  # fmt: skip


def header(name: str, value: str) -> str:
    """One header, folded where it has spaces, in encoded words where it is not ASCII.

    Raises:
        ValueError: the value has a line break.

    >>> header("Subject", "10 % für Sie")
    'Subject: =?utf-8?b?MTAgJSBmw7xyIFNpZQ==?='
    """
    if "\n" in value or "\r" in value:
        raise ValueError(f"{name} has a line break")
    # Text that looks like an encoded word would be read as one.
    if not (value.isascii() and value.isprintable()) or "=?" in value:
        return f"{name}: {_encoded_words(value)}"
    return _folded(f"{name}: {value}")


def mailbox(name: str, *, display_name: str = "", address: str) -> str:
    """A header that names somebody.

    >>> mailbox("From", display_name="Körner & Co.", address="shop@example.com")
    'From: =?utf-8?b?S8O2cm5lciAmIENvLg==?= <shop@example.com>'

    Raises:
        ValueError: it is no address, or not one of ASCII alone.
    """
    if not _ADDRESS.fullmatch(address):
        raise ValueError("no address")
    if not display_name:
        return f"{name}: {address}"
    if not (display_name.isascii() and display_name.isprintable()) or "=?" in display_name:
        words = _encoded_words(display_name)
    elif _PLAIN.issuperset(display_name):
        words = display_name
    else:
        escaped = display_name.replace("\\", "\\\\").replace('"', '\\"')
        words = f'"{escaped}"'
    return f"{name}: {words} <{address}>"


def _encoded_words(value: str) -> str:
    """RFC 2047, in as many words as it takes, no character cut in two."""
    words: list[bytes] = [b""]
    for character in value:
        piece = character.encode()
        if len(words[-1]) + len(piece) > _WORD_BYTES:
            words.append(b"")
        words[-1] += piece
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)


def _folded(line: str) -> str:
    """Broken at spaces, where it is long; what has none stays whole."""
    if len(line) <= _LINE:
        return line
    lines = [""]
    for nth, word in enumerate(line.split(" ")):
        is_long = nth > 1 and len(lines[-1]) + 1 + len(word) > _LINE
        # Two spaces in a row are no place to fold: a line of white space alone would end the headers.
        if is_long and word and lines[-1].strip():
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}" if nth else word
    return "\r\n".join(lines)


def _part(subtype: bytes, content: str, boundary: bytes) -> bytes:
    ended = content.replace("\r\n", "\n").replace("\r", "\n")
    body = b2a_qp(ended.encode(), istext=True, quotetabs=False).replace(b"\n", b"\r\n")
    return b"".join((
        b"\r\n--", boundary, b"\r\nContent-Type: text/", subtype,
        b'; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n', body,
    ))  # fmt: skip
