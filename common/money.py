"""Whole minor units: sharing them out, rounding them once, and writing them for people."""

from collections.abc import Sequence
from typing import Literal

#: The languages that people are spoken to in.
Language = Literal["de", "en"]

MAX_AMOUNT = 10**12
#: A percentage inside the house: ten-thousandths of a percent, so that "12.5" is 125,000.
PERCENT_UNIT = 10_000
ONE_HUNDRED_PERCENT = 100 * PERCENT_UNIT

#: Minor-unit digits of currencies that do not have two (ISO 4217).
MINOR_DIGITS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` (minor units) in proportion to `weights`, losing nothing to rounding.

    Leftover units go to the largest remainders, ties to the earlier weight. A zero weight gets
    zero; with no positive weight only an amount of zero can be split.

    >>> allocate(100, [1, 1, 1])
    [34, 33, 33]
    >>> allocate(300, [4300, 1400, 2300])
    [161, 53, 86]
    >>> allocate(0, [])
    []

    Raises:
        ValueError: if `amount` or a weight is negative, or there is nothing to carry the amount.
    """
    total = sum(weights)
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amount and weights must not be negative")
    if total == 0:
        if amount:
            raise ValueError("an amount needs at least one positive weight")
        return [0] * len(weights)
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    if left:
        remainders = [amount * weight % total for weight in weights]
        # sorted() is stable, so ties keep the order of the weights.
        for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[:left]:
            parts[index] += 1
    return parts


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient of two whole numbers from zero up, rounded half up.

    >>> divide_half_up(5, 2), divide_half_up(4, 3)
    (3, 1)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def percent_of(amount: int, percent: int) -> int:
    """`percent` (ten-thousandths of a percent) of `amount`, rounded half up, once.

    >>> percent_of(2598, 200_000)
    520
    """
    return divide_half_up(amount * percent, ONE_HUNDRED_PERCENT)


def parse_percent(text: str) -> int:
    """A decimal string such as "12.5" as ten-thousandths of a percent.

    >>> parse_percent("12.5"), parse_percent("100"), parse_percent("0.0001")
    (125000, 1000000, 1)
    """
    whole, _, fraction = text.partition(".")
    return int(whole) * PERCENT_UNIT + int(fraction.ljust(4, "0") or "0")


def format_percent(percent: int, *, language: str = "en") -> str:
    """Ten-thousandths of a percent as people write them, without the sign.

    >>> format_percent(125_000), format_percent(125_000, language="de"), format_percent(200_000)
    ('12.5', '12,5', '20')
    """
    whole, fraction = divmod(percent, PERCENT_UNIT)
    text = f"{whole}.{fraction:04d}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "de" else text


def format_money(amount: int, currency: str, *, language: str = "en") -> str:
    """Minor units as people write them, with a no-break space before the sign.

    >>> format_money(123456, "EUR", language="de"), format_money(1999, "JPY")
    ('1.234,56\\xa0€', '1,999\\xa0¥')
    """
    digits = MINOR_DIGITS.get(currency, 2)
    whole, fraction = divmod(abs(amount), 10**digits)
    text = f"{whole:,}" + (f".{fraction:0{digits}d}" if digits else "")
    if language == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{'-' if amount < 0 else ''}{text}\xa0{_SYMBOLS.get(currency, currency)}"
