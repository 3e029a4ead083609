"""Amounts of money and percentages as people type and read them."""

import re

from common.money import MINOR_DIGITS
from promotions.domain.wording import Language

_PLAIN = re.compile(r"(\d+)(?:[.,](\d*))?")
#: With thousands grouped: "1.234,50" in German, "1,234.50" in English.
_GROUPED = {
    "de": re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d*))?"),
    "en": re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d*))?"),
}


class NoAmount(ValueError):
    """The text is no amount of money."""


class TooManyDecimals(ValueError):
    """The currency has fewer decimals than were typed."""


def parse_amount(text: str, *, currency: str, language: Language) -> int:
    """Minor units of what was typed: the decimals may follow a comma or a point.

    >>> parse_amount("1.234,5", currency="EUR", language="de")
    123450
    >>> parse_amount("1,234.50", currency="EUR", language="en")
    123450
    >>> parse_amount("30", currency="JPY", language="en")
    30

    Raises:
        NoAmount, TooManyDecimals
    """
    return _parsed(text, digits=MINOR_DIGITS.get(currency, 2), language=language)


def parse_count(text: str, *, language: Language) -> int:
    """A whole number, perhaps with its thousands grouped.

    >>> parse_count("1.000", language="de")
    1000

    Raises:
        NoAmount, TooManyDecimals
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
    found = _GROUPED[language].fullmatch(typed) or _PLAIN.fullmatch(typed)
    if found is None or not typed.isascii():
        raise NoAmount(text)
    whole, decimals = re.sub(r"\D", "", found[1]), (found[2] or "").rstrip("0")
    if len(decimals) > digits:
        raise TooManyDecimals(text)
    return int(whole + decimals.ljust(digits, "0"))
