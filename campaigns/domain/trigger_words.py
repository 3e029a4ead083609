"""When a campaign goes out, as a plain sentence in both languages."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.domain.recurrence import Recurrence
from campaigns.domain.recurrence_text import BadRule, parse_rule
from campaigns.domain.triggers import (
    Anniversary,
    Birthday,
    CashbackAvailable,
    CashbackExpiring,
    CodeExpiring,
    EventHappened,
    Inactive,
    MembershipEnding,
    Once,
    OrderReached,
    Recurring,
    SegmentEntered,
    Trigger,
)
from common.reasons import moment_text
from common.sentence_words import Language, listed, number, ordinal, so_many

_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip
_ORDER: Mapping[str, tuple[str, str]] = {
    "placed": ("aufgegeben ist", "is placed"),
    "paid": ("bezahlt ist", "is paid"),
    "shipped": ("unterwegs ist", "is on its way"),
    "delivered": ("zugestellt ist", "is delivered"),
    "cancelled": ("storniert ist", "is cancelled"),
}


def when(trigger: Trigger, *, timezone: str, shop_zone: ZoneInfo, language: Language) -> str:
    """The sentence, without a full stop. Instants are told by the shop's clock.

    >>> zone = ZoneInfo("Europe/Berlin")
    >>> when(Birthday(), timezone="customer", shop_zone=zone, language="en")
    "On the birthday, at 09:00 by the customer's clock"
    >>> when(Recurring(rrule="FREQ=WEEKLY;BYDAY=MO"), timezone="UTC", shop_zone=zone, language="de")
    'An jedem Montag, um 09:00 Uhr (UTC)'
    """
    german = language == "de"
    sentence = _sentence(trigger, shop_zone=shop_zone, language=language)
    clock = getattr(trigger, "local_time", None)
    if clock is None:
        return sentence
    if timezone == "customer":
        whose = " nach der Uhr der Kundschaft" if german else " by the customer's clock"
    else:
        whose = f" ({timezone})"
    return f"{sentence}, um {clock} Uhr{whose}" if german else f"{sentence}, at {clock}{whose}"


def _sentence(  # noqa: C901  # a table of kinds
    trigger: Trigger, *, shop_zone: ZoneInfo, language: Language
) -> str:
    german = language == "de"
    match trigger:
        case Once(at=at):
            moment = _moment(at.astimezone(shop_zone), language)
            return f"Einmal, am {moment}" if german else f"Once, on {moment}"
        case Recurring(rrule=rrule):
            return _recurring(rrule, language)
        case Birthday(days_before=days):
            return _ahead(
                days, "dem Geburtstag", "the birthday", on="Am Geburtstag", language=language
            )
        case Anniversary(days_before=days):
            return _ahead(
                days, "dem Jahrestag der Registrierung", "the day of registration, each year",
                on="Jedes Jahr am Tag der Registrierung", language=language,
            )  # fmt: skip
        case Inactive(days=days):
            count = so_many(
                days, "Tag" if german else "day", "Tage" if german else "days", language=language
            )
            return (
                f"{count} nach der letzten Bestellung"
                if german
                else f"{count} after the last order"
            )
        case OrderReached(status=status, delay_minutes=delay):
            told = _ORDER[status]
            what = f"eine Bestellung {told[0]}" if german else f"an order {told[1]}"
            return _after(delay, what, language)
        case EventHappened(name=name, delay_minutes=delay):
            what = f"der Shop „{name}“ meldet" if german else f"the shop tells “{name}”"
            return _after(delay, what, language)
        case SegmentEntered(segment_id=segment):
            what = f"jemand in „{segment}“ kommt" if german else f"somebody comes into “{segment}”"
            return _after(0, what, language)
        case CodeExpiring(days_before=days):
            return _ahead(
                days, "dem letzten Tag eines Codes", "the last day of a code",
                on="Am letzten Tag eines Codes", language=language,
            )  # fmt: skip
        case CashbackAvailable():
            return _after(
                0,
                "Cashback eingelöst werden kann" if german else "cashback can be spent",
                language,
            )
        case CashbackExpiring(days_before=days):
            return _ahead(
                days, "dem letzten Tag von Cashback", "the last day of cashback",
                on="Am letzten Tag von Cashback", language=language,
            )  # fmt: skip
        case MembershipEnding(days_before=days):
            return _ahead(
                days, "dem letzten Tag einer Mitgliedschaft", "the last day of a membership",
                on="Am letzten Tag einer Mitgliedschaft", language=language,
            )  # fmt: skip


def _ahead(days: int, german: str, english: str, *, on: str, language: Language) -> str:
    if language == "de":
        return f"{so_many(days, 'Tag', 'Tage', language='de')} vor {german}" if days else on
    return (
        f"{so_many(days, 'day', 'days', language='en')} before {english}"
        if days
        else f"On {english}"
    )


def _after(minutes: int, what: str, language: Language) -> str:
    german = language == "de"
    if not minutes:
        return f"Sobald {what}" if german else f"As soon as {what}"
    return (
        f"{_duration(minutes, language)}, nachdem {what}"
        if german
        else (f"{_duration(minutes, language)} after {what}")
    )


def _duration(minutes: int, language: Language) -> str:
    for length, one, many, einer, viele in (
        (7 * 24 * 60, "week", "weeks", "Woche", "Wochen"),
        (24 * 60, "day", "days", "Tag", "Tage"),
        (60, "hour", "hours", "Stunde", "Stunden"),
    ):
        if minutes % length == 0:
            names = (einer, viele) if language == "de" else (one, many)
            return so_many(minutes // length, *names, language=language)
    names = ("Minute", "Minuten") if language == "de" else ("minute", "minutes")
    return so_many(minutes, *names, language=language)


def _moment(at: datetime, language: Language) -> str:
    return moment_text(at, language=language)


def _recurring(rrule: str, language: Language) -> str:
    """Rules that people use in words; others as they are written."""
    try:
        rule = parse_rule(rrule)
    except BadRule:
        return rrule
    told = _days_of(rule, language)
    if told is None or rule.count is not None or rule.until is not None or rule.positions:
        return f"Nach der Regel {rrule}" if language == "de" else f"By the rule {rrule}"
    return told


def _days_of(rule: Recurrence, language: Language) -> str | None:
    german = language == "de"
    is_each = rule.interval == 1
    match rule.frequency:
        case "DAILY" if is_each and not (rule.weekdays or rule.months or rule.month_days):
            return "Jeden Tag" if german else "Every day"
        case "WEEKLY" if not rule.months:
            return _weekly(rule, language)
        case "MONTHLY" if is_each and not rule.months:
            return _monthly(rule, language)
        case "YEARLY" if is_each and not (rule.year_days or rule.weeks):
            return _yearly(rule, language)
    return None


def _weekly(rule: Recurrence, language: Language) -> str:
    german = language == "de"
    names = [_WEEKDAYS[language][day] for day, _ in sorted(rule.weekdays)]
    days = listed(names, language=language, at_most=7, all_of=True)
    if rule.interval == 1:
        if not days:
            return "Jede Woche" if german else "Every week"
        return f"An jedem {days}" if german else f"Every {days}"
    every = number(rule.interval, language=language)
    if german:
        return f"Alle {every} Wochen" + (f" am {days}" if days else "")
    return f"Every {every} weeks" + (f" on {days}" if days else "")


def _monthly(rule: Recurrence, language: Language) -> str | None:
    german = language == "de"
    if len(rule.month_days) == 1 and not rule.weekdays:
        (day,) = rule.month_days
        if day == -1:
            return "Am letzten Tag jedes Monats" if german else "On the last day of each month"
        if day > 0:
            return (
                f"Am {day}. jedes Monats"
                if german
                else f"On the {ordinal(day, language='en') if day > 1 else '1st'} of each month"
            )
    if len(rule.weekdays) == 1 and not rule.month_days:
        ((weekday, place),) = rule.weekdays
        name = _WEEKDAYS[language][weekday]
        if place == -1:
            return (
                f"Am letzten {name} jedes Monats" if german else f"On the last {name} of each month"
            )
        if place > 0:
            which = ordinal(place, language=language)
            return (
                f"Am {which} {name} jedes Monats"
                if german
                else f"On the {which} {name} of each month"
            )
    return None


def _yearly(rule: Recurrence, language: Language) -> str | None:
    if len(rule.months) != 1 or len(rule.month_days) != 1 or rule.weekdays:
        return None
    (month,), (day,) = rule.months, rule.month_days
    if day < 1:
        return None
    name = _MONTHS[language][month - 1]
    return f"Jedes Jahr am {day}. {name}" if language == "de" else f"Each year on {day} {name}"
