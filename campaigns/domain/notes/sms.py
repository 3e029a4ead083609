"""Text messages: numbers as providers take them, and what a text costs in parts."""

import re
from collections.abc import Mapping, Sequence

from campaigns.domain.notes.note import Told

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
#: What people write between digits.
_BETWEEN = re.compile(r"[\s()/.\-\u2010-\u2015\u00a0]+")
#: Of numbers that are written as they are dialled at home.
_CALLING: Mapping[str, str] = {"DE": "+49", "AT": "+43", "CH": "+41"}
#: GSM 03.38: what fits into seven bits, and what takes two of them.
_ONE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = frozenset("^{}\\[~]|€")
_SEVEN_BIT, _SEVEN_BIT_EACH = 160, 153
_SIXTEEN_BIT, _SIXTEEN_BIT_EACH = 70, 67


def phone_number(text: str, *, country: str) -> str | None:
    """The number as it is dialled from everywhere (E.164); None where it is none, or nobody knows of where.

    >>> phone_number("+49 (0)30 987-650", country="DE"), phone_number("0043 660 1234567", country="")
    ('+4930987650', '+436601234567')
    >>> phone_number("030/98765017", country="DE"), phone_number("030/98765017", country="")
    ('+493098765017', None)
    """
    number = _BETWEEN.sub("", text.replace("(0)", ""))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    elif number.startswith("0") and country in _CALLING:
        number = _CALLING[country] + number[1:]
    return number if _NUMBER.fullmatch(number) else None


def sms_text(told: Told, *, way_out: str | None) -> str:
    """The text as it is sent: the words, where they lead, and how to get no more of it.

    >>> sms_text(Told(title="Tea", text="New tea", html=""), way_out="STOP to 12345")
    'New tea\\nSTOP to 12345'
    """
    link = told.link.url if told.link is not None else None
    return "\n".join(part for part in (told.text, link, way_out) if part)


def segments_of(text: str) -> int:
    """In how many parts it is sent, each of which is paid for.

    >>> segments_of("a" * 160), segments_of("a" * 161), segments_of("\u20ac" * 80), segments_of("\u201e" * 71)
    (1, 2, 1, 2)
    """
    if all(letter in _ONE or letter in _TWO for letter in text):
        return _parts([2 if each in _TWO else 1 for each in text], _SEVEN_BIT, _SEVEN_BIT_EACH)
    lengths = [len(each.encode("utf-16-be")) // 2 for each in text]
    return _parts(lengths, _SIXTEEN_BIT, _SIXTEEN_BIT_EACH)


def _parts(lengths: Sequence[int], alone: int, each: int) -> int:
    """A text that does not fit alone is cut, each part holding less; no letter is cut in two."""
    if sum(lengths) <= alone:
        return 1
    parts, room = 0, 0
    for length in lengths:
        if length > room:
            parts, room = parts + 1, each
        room -= length
    return parts
