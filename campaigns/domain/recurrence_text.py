"""Recurrence rules as they are written: the `RRULE` of RFC 5545."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from campaigns.domain.recurrence import Frequency, Recurrence

#: Longer rules are no rules that people read.
MAX_TEXT = 500
MAX_INTERVAL = MAX_COUNT = 1_000

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: Mapping[str, Frequency] = {
    "DAILY": "DAILY", "WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY", "YEARLY": "YEARLY",
}  # fmt: skip
_DAY_OF_WEEK = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}", re.ASCII)
#: A day, with or without a time of day, which is passed over: it says nothing of another day.
_UNTIL = re.compile(r"([0-9]{8})(T[0-9]{6}Z?)?", re.ASCII)
#: Parts with a list of numbers: from one to this, or back from the end where the flag says so.
_NUMBERS: Mapping[str, tuple[int, bool]] = {
    "BYMONTH": (12, False),
    "BYMONTHDAY": (31, True),
    "BYYEARDAY": (366, True),
    "BYWEEKNO": (53, True),
    "BYSETPOS": (366, True),
}
#: As the table in section 3.3.10 of RFC 5545 has it.
_NOT_OF: Mapping[str, Collection[str]] = {
    "BYMONTHDAY": ("WEEKLY",),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYWEEKNO": ("DAILY", "WEEKLY", "MONTHLY"),
}
_FINER = ("BYHOUR", "BYMINUTE", "BYSECOND")


class BadRule(ValueError):
    """It is no rule that can be followed; the message says why, in a sentence."""


def parse_rule(text: str) -> Recurrence:
    """The rule, with or without `RRULE:` before it.

    Raises:
        BadRule

    >>> parse_rule("FREQ=WEEKLY;BYDAY=MO,FR").frequency
    'WEEKLY'
    >>> parse_rule("FREQ=HOURLY")
    Traceback (most recent call last):
    campaigns.domain.recurrence_text.BadRule: FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.
    """
    if len(text) > MAX_TEXT:
        raise BadRule(f"A rule has at most {MAX_TEXT} characters.")
    parts = _parts_of(text)
    frequency = _FREQUENCIES.get(parts.pop("FREQ", ""))
    if frequency is None:
        raise BadRule("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.")
    if finer := [name for name in _FINER if name in parts]:
        raise BadRule(f"{finer[0]} has no place here: the time of day is local_time.")
    if unknown := parts.keys() - _READERS.keys():
        raise BadRule(f"{min(unknown)[:20]} is not known.")
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise BadRule("A rule has COUNT or UNTIL, not both.")
    if not_here := [name for name in parts if frequency in _NOT_OF.get(name, ())]:
        raise BadRule(f"{not_here[0]} does not go with {frequency}.")
    read = dict(_READERS[name](name, value) for name, value in parts.items())
    rule = Recurrence(frequency=frequency, **read)
    _check_weekdays(rule)
    if rule.positions and not (parts.keys() & {"BYDAY", *_NUMBERS} - {"BYSETPOS"}):
        raise BadRule("BYSETPOS needs another part of BY... from which it takes some.")
    if not rule.is_ever():
        raise BadRule("There is no such day.")
    return rule


def _check_weekdays(rule: Recurrence) -> None:
    numbered = {place != 0 for _, place in rule.weekdays}
    if True in numbered and (rule.frequency not in ("MONTHLY", "YEARLY") or rule.weeks):
        raise BadRule("Numbered weekdays (BYDAY=1MO) go with MONTHLY, and YEARLY without BYWEEKNO.")
    # Programs read that in two ways.
    if len(numbered) == 2:
        raise BadRule("BYDAY has weekdays with a number or without, not both.")


def _parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.removeprefix("RRULE:").split(";"):
        name, is_told, value = part.partition("=")
        if not is_told or not value:
            raise BadRule(
                "A rule is parts of NAME=VALUE with ; between them: FREQ=WEEKLY;BYDAY=MO."
            )
        if name in parts:
            raise BadRule(f"{name[:20]} stands there twice.")
        parts[name] = value
    return parts


def _one_number(most: int, column: str) -> Callable[[str, str], tuple[str, int]]:
    def read(name: str, value: str) -> tuple[str, int]:
        if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= most:
            raise BadRule(f"{name} is a number from 1 to {most}.")
        return column, int(value)

    return read


def _numbers(column: str) -> Callable[[str, str], tuple[str, frozenset[int]]]:
    def read(name: str, value: str) -> tuple[str, frozenset[int]]:
        most, is_backwards = _NUMBERS[name]
        least = -most if is_backwards else 1
        words = value.split(",")
        if not all(_NUMBER.fullmatch(word) and least <= int(word) <= most for word in words):
            raise BadRule(f"{name} is one number or more from {least} to {most}.")
        numbers = frozenset(int(word) for word in words)
        if 0 in numbers:
            raise BadRule(f"{name} has no 0.")
        return column, numbers

    return read


def _weekdays(name: str, value: str) -> tuple[str, frozenset[tuple[int, int]]]:
    found = [_DAY_OF_WEEK.fullmatch(word) for word in value.split(",")]
    places = [(int(one[1] or 0), one[1], one[2]) for one in found if one is not None]
    if len(places) < len(found) or any(
        told and not 1 <= abs(place) <= 53 for place, told, _ in places
    ):
        raise BadRule("BYDAY is weekdays, as MO,FR or 1MO (the first) or -1FR (the last).")
    return "weekdays", frozenset((_WEEKDAYS.index(day), place) for place, _, day in places)


def _until(name: str, value: str) -> tuple[str, date]:
    found = _UNTIL.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        return "until", date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        raise BadRule("UNTIL is the last day, as 20261231.") from None


def _week_starts(name: str, value: str) -> tuple[str, int]:
    if value not in _WEEKDAYS:
        raise BadRule("WKST is a weekday, as MO.")
    return "week_starts", _WEEKDAYS.index(value)


_READERS: Mapping[str, Callable[[str, str], tuple[str, Any]]] = {
    "INTERVAL": _one_number(MAX_INTERVAL, "interval"),
    "COUNT": _one_number(MAX_COUNT, "count"),
    "UNTIL": _until,
    "WKST": _week_starts,
    "BYDAY": _weekdays,
    "BYMONTH": _numbers("months"),
    "BYMONTHDAY": _numbers("month_days"),
    "BYYEARDAY": _numbers("year_days"),
    "BYWEEKNO": _numbers("weeks"),
    "BYSETPOS": _numbers("positions"),
}
