"""Amounts of money and percentages as people type and read them."""

import re

from common.money import MINOR_DIGITS, Language

_PLAIN = re.compile(r"(\d+)(?:[.,](\d*))?")
#: With thousands grouped, and perhaps the other sign before decimals: "1.234,50", "1,234.50".
_GROUPED = re.compile(r"([1-9]\d{0,2}([.,])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](\d*))?")
_GROUPS_BY = {"de": ".", "en": ","}
#: So many digits follow a sign that groups.
_GROUP = 3


class NoAmount(ValueError):
    """The text is no amount of money."""


class AmbiguousAmount(ValueError):
    """The text may be read as two amounts, a thousand times apart."""


class TooManyDecimals(ValueError):
    """The currency has fewer decimals than were typed."""


def parse_amount(text: str, *, currency: str, language: Language) -> int:
    """Minor units of what was typed: the decimals may follow a comma or a point.

    One sign before as many digits as the currency has decimals begins the decimals. Thousands may
    be grouped in the manner of either language; where only three digits behind a single sign could
    tell which it is, it must be that of the page.

    >>> parse_amount("1.234,5", currency="EUR", language="de")
    123450
    >>> parse_amount("1,234.50", currency="EUR", language="en")
    123450
    >>> parse_amount("1,250", currency="KWD", language="en")
    1250
    >>> parse_amount("30", currency="JPY", language="en")
    30

    Raises:
        NoAmount, AmbiguousAmount, TooManyDecimals
    """
    return _parsed(text, digits=MINOR_DIGITS.get(currency, 2), language=language)


def parse_count(text: str, *, language: Language) -> int:
    """A whole number, perhaps with its thousands grouped.

    >>> parse_count("1.000", language="de")
    1000

    Raises:
        NoAmount, AmbiguousAmount, TooManyDecimals
    """
    return _parsed(text, digits=0, language=language)


def amount_text(amount: int | None, *, currency: str | None, language: Language) -> str:
    """Minor units as they are typed: with all decimals, without grouping.

    >>> amount_text(123450, currency="EUR", language="de")
    '1234,50'
    """
    if amount is None:
        return ""
    digits = MINOR_DIGITS.get(currency or "", 2)
    whole, decimals = divmod(amount, 10**digits)
    point = "," if language == "de" else "."
    return f"{whole}{point}{decimals:0{digits}d}" if digits else str(whole)


def decimal_text(decimal: str, *, language: Language) -> str:
    """A decimal of the contract as it is typed.

    >>> decimal_text("12.5", language="de")
    '12,5'
    """
    return decimal.replace(".", ",") if language == "de" else decimal


def _parsed(text: str, *, digits: int, language: Language) -> int:
    typed = "".join(text.split())
    found = _PLAIN.fullmatch(typed)
    whole, decimals = (found[1], found[2]) if found else ("", None)
    grouped = _GROUPED.fullmatch(typed)
    if grouped is not None and not (found and digits == _GROUP):
        if found and grouped[2] != _GROUPS_BY[language]:
            raise AmbiguousAmount(text)
        whole, decimals = re.sub(r"\D", "", grouped[1]), grouped[3]
    if not whole or not typed.isascii():
        raise NoAmount(text)
    decimals = (decimals or "").rstrip("0")
    if len(decimals) > digits:
        raise TooManyDecimals(text)
    return int(whole + decimals.ljust(digits, "0"))
