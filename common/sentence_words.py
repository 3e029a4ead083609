"""Small words of the plain sentence: money, numbers, lists, in German and English."""

from collections.abc import Sequence
from typing import Literal

from common.money import MINOR_DIGITS, format_money, format_percent, parse_percent

Language = Literal["de", "en"]


def short_money(amount: int, currency: str | None, *, language: Language) -> str:
    """Money as people say it: without minor units where they are zero.

    >>> short_money(3000, "EUR", language="de"), short_money(3050, "EUR", language="en")
    ('30\\xa0€', '30.50\\xa0€')
    """
    text = format_money(amount, currency or "", language=language)
    digits = MINOR_DIGITS.get(currency or "", 2)
    zeros = ("," if language == "de" else ".") + "0" * digits
    return text.replace(zeros + "\xa0", "\xa0") if digits else text


def number(value: int, *, language: Language) -> str:
    """A whole number with its thousands grouped.

    >>> number(12000, language="de")
    '12.000'
    """
    text = f"{value:,}"
    return text.replace(",", ".") if language == "de" else text


def listed(
    names: Sequence[str], *, language: Language, at_most: int = 3, all_of: bool = False
) -> str:
    """Names with commas and "or" (`all_of`: "and"); of many the first, and how many more.

    >>> listed(["tea", "cups"], language="en"), listed(list("abcde"), language="de")
    ('tea or cups', 'a, b, c und 2 weitere')
    """
    german = language == "de"
    if len(names) > at_most:
        more = number(len(names) - at_most, language=language)
        shown = ", ".join(names[:at_most])
        return f"{shown} und {more} weitere" if german else f"{shown} and {more} more"
    if len(names) < 2:
        return "".join(names)
    either, both = ("oder", "und") if german else ("or", "and")
    return f"{', '.join(names[:-1])} {both if all_of else either} {names[-1]}"


def so_many(count: int, one: str, many: str, *, language: Language) -> str:
    """A number with its noun.

    >>> so_many(1, "item", "items", language="en"), so_many(1000, "Tag", "Tage", language="de")
    ('1 item', '1.000 Tage')
    """
    return f"{number(count, language=language)} {one if count == 1 else many}"


def percent_text(percent: str, *, language: Language) -> str:
    """A percentage of the contract as people say it.

    >>> percent_text("12.50", language="de")
    '12,5\\xa0%'
    """
    return f"{format_percent(parse_percent(percent), language=language)}\N{NO-BREAK SPACE}%"


def at_most(amount: int | None, currency: str | None, *, language: Language) -> tuple[str, ...]:
    """The most that is taken off, as phrases: none where there is no such limit."""
    if amount is None:
        return ()
    most = short_money(amount, currency, language=language)
    return (f"höchstens {most}" if language == "de" else f"at most {most}",)


def times(count: int, *, language: Language) -> str:
    """How often.

    >>> times(1, language="de"), times(2, language="en"), times(1000, language="en")
    ('einmal', 'twice', '1,000 times')
    """
    words = {"de": ("einmal", "zweimal"), "en": ("once", "twice")}[language]
    if count <= len(words):
        return words[count - 1]
    text = number(count, language=language)
    return f"{text}-mal" if language == "de" else f"{text} times"


def per_order(most: int | None, *, language: Language) -> tuple[str, ...]:
    """How often an effect works in one order, as phrases: none where there is no limit.

    >>> per_order(2, language="en"), per_order(None, language="en")
    (('at most twice per order',), ())
    """
    if most is None:
        return ()
    often = times(most, language=language)
    return (
        f"höchstens {often} pro Bestellung" if language == "de" else f"at most {often} per order",
    )


def ordinal(count: int, *, language: Language) -> str:
    """Which one in a row.

    >>> ordinal(1, language="de"), ordinal(1, language="en"), ordinal(22, language="en")
    ('ersten', 'first', '22nd')
    """
    if language == "de":
        return "ersten" if count == 1 else f"{count}."
    if count == 1:
        return "first"
    tail = (
        "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    )
    return f"{count}{tail}"


def lasting(*, waits_days: int, lasts_days: int, language: Language) -> str:
    """From when on cashback may be spent, and how long.

    >>> lasting(waits_days=0, lasts_days=30, language="en")
    'available from delivery, for 30 days'
    """
    if language == "de":
        wait = so_many(waits_days, "Tag", "Tage", language=language)
        start = f"{wait} nach" if waits_days else "ab"
        return f"einlösbar {start} der Lieferung, {so_many(lasts_days, 'Tag', 'Tage', language=language)} lang"
    wait = so_many(waits_days, "day", "days", language=language)
    start = f"{wait} after" if waits_days else "from"
    return (
        f"available {start} delivery, for {so_many(lasts_days, 'day', 'days', language=language)}"
    )
