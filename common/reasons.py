"""What shoppers read when an offer is not given: a title and a sentence for each reason code."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from string import Formatter
from typing import Literal

from common.money import format_money
from common.reason_texts import TEXTS, Text

Language = Literal["de", "en"]

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_NAMES_SHOWN = 3


def describe(
    code: str, params: Mapping[str, object], *, currency: str, language: Language
) -> tuple[str, str]:
    """Title and detail of a reason, its params filled in.

    Amounts among the params are minor units of `currency`; times are RFC 3339 and are told on the
    clock of their own offset.

    >>> missing = {"required": 3000, "current": 2598, "missing": 402}
    >>> describe("min_order_not_met", missing, currency="EUR", language="en")[1]
    'From 30.00\\xa0€ this offer applies; 4.02\\xa0€ more to go.'

    Raises:
        KeyError: if there is no such code, or a param is missing.
    """
    text = TEXTS[code + _variant(code, params)]
    title, detail = (text.de, text.detail_de) if language == "de" else (text.en, text.detail_en)
    return title, _Filler(currency, language).filled(detail, params)


def catalogue() -> dict[str, Text]:
    """Every reason code once, with its plainest texts; the sentences still have their gaps."""
    return {code: text for code, text in TEXTS.items() if "/" not in code}


def moment_text(at: datetime, *, language: Language) -> str:
    """Date and time of day, on the clock of the instant's own offset.

    >>> moment_text(datetime.fromisoformat("2026-03-31T18:00+02:00"), language="de")
    '31. März 2026, 18:00 Uhr'
    """
    return f"{day_text(at, language=language)}, {at:%H:%M}{' Uhr' if language == 'de' else ''}"


def day_text(at: datetime, *, language: Language, with_year: bool = True) -> str:
    """The date alone.

    >>> day_text(datetime.fromisoformat("2026-03-31T18:00+02:00"), language="en")
    '31 March 2026'
    """
    month = _MONTHS[language].split()[at.month - 1]
    year = f" {at.year}" if with_year else ""
    return f"{at.day}{'.' if language == 'de' else ''} {month}{year}"


def end_text(ended_at: datetime, *, language: Language) -> str:
    """The last day of what ends (exclusively) at midnight, else the moment of its end.

    >>> end_text(datetime.fromisoformat("2026-04-01T00:00+02:00"), language="en")
    '31 March 2026'
    """
    if is_midnight(ended_at):
        return day_text(ended_at - timedelta(days=1), language=language)
    return moment_text(ended_at, language=language)


def is_midnight(at: datetime) -> bool:
    """Whether a day begins at this instant, on the clock of its own offset."""
    return (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)


def _variant(code: str, params: Mapping[str, object]) -> str:
    """Which of several sentences fits the params."""
    match code:
        case "outside_time_window" if params["next_opens_at"] is None:
            return "/over"
        case "sign_in_required" if "spendable" in params:
            return "/cashback"
        case "nth_order_not_met" if params["required"] == 1:
            return "/first"
        case "code_already_used" | "customer_limit_reached" if params["limit"] == 1:
            return "/once"
        case "min_quantity_not_met" if params["missing"] == 1:
            return "/one"
    return ""


@cache
def _parts(sentence: str) -> list[tuple[str, str | None, str]]:
    """A sentence as texts, each followed by the name and the kind of a gap, if by any."""
    return [(text, name, kind or "") for text, name, kind, _ in Formatter().parse(sentence)]


class _Filler:
    """Fills `{name:kind}`: money, number, moment, end, names or items."""

    def __init__(self, currency: str, language: Language) -> None:
        self._currency = currency
        self._language = language

    def filled(self, sentence: str, params: Mapping[str, object]) -> str:
        """
        Raises:
            KeyError: a param is missing.
        """
        return "".join(
            text if name is None else text + self.format_field(params[name], kind)
            for text, name, kind in _parts(sentence)
        )

    def format_field(self, value: object, format_spec: str) -> str:
        match format_spec, value:
            case "money", int(amount):
                return format_money(amount, self._currency, language=self._language)
            case "number", int(count):
                return self._number(count)
            case "moment", str(text):
                return moment_text(datetime.fromisoformat(text), language=self._language)
            case "end", str(text):
                return end_text(datetime.fromisoformat(text), language=self._language)
            case "names", list(names):
                return self._either(names)
            case "items", list(entries):
                return "; ".join(self._items(entry) for entry in entries)
        return str(value)

    def _items(self, entry: Mapping[str, object]) -> str:
        """What one entry of required items lacks: "2 × tea", "tea for 5.00 € more", or both:
        "2 × tea for 5.00 € in all".
        """
        german = self._language == "de"
        include = entry["include"]
        names = (
            [name for listed in include.values() for name in listed]
            if isinstance(include, dict)
            else []
        )
        what = self._either(names) or ("beliebige Artikel" if german else "any item")
        quantity, amount = entry["missing_quantity"], entry["missing_amount"]
        more = self.format_field(amount, "money") if amount else ""
        if isinstance(quantity, int) and quantity:
            counted = f"{self._number(quantity)} × {what}"
            if not more:
                return counted
            return f"{counted} für zusammen {more}" if german else f"{counted} for {more} in all"
        return f"{what} für weitere {more}" if german else f"{what} for {more} more"

    def _either(self, names: list[str]) -> str:
        german = self._language == "de"
        if len(names) > _NAMES_SHOWN:
            return f"{', '.join(names[:_NAMES_SHOWN])} {'oder andere' if german else 'or others'}"
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} {'oder' if german else 'or'} {names[-1]}"

    def _number(self, count: int) -> str:
        text = f"{count:,}"
        return text.replace(",", ".") if self._language == "de" else text
