"""When something runs, as phrases of its plain sentence."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from common.reasons import day_text, is_midnight
from common.schedule import Schedule, WeeklyWindow
from common.sentence_words import Language

_DAYS = {
    "en": ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"],
    "de": ["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"],
}


def schedule_phrases(
    schedule: Schedule, *, language: Language, shop_zone: ZoneInfo, today: date | None
) -> Iterator[str]:
    """The period and the weekly windows; nothing where it is open all the time.

    Dates are told in the schedule's time zone, else the shop's; the year is left out where it is that
    of `today`.
    """
    zone = ZoneInfo(schedule.timezone) if schedule.timezone else shop_zone
    starts, ends = schedule.starts_at, schedule.ends_at
    first = _moment(starts.astimezone(zone), language, today) if starts else None
    last = _moment(_last_day(ends.astimezone(zone)), language, today) if ends else None
    german = language == "de"
    if first and last:
        yield f"vom {first} bis {last}" if german else f"from {first} until {last}"
    elif first:
        yield f"ab {first}" if german else f"from {first}"
    elif last:
        yield f"bis {last}" if german else f"until {last}"
    if schedule.weekly:
        windows = [_window(window, language) for window in schedule.weekly]
        yield (" und " if german else " and ").join(windows)


def _window(window: WeeklyWindow, language: Language) -> str:
    german = language == "de"
    days = sorted(set(window.days))
    names = [_DAYS[language][day - 1] for day in days]
    if len(days) == 7:
        when = "täglich" if german else "daily"
    elif len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        when = f"{names[0]} {'bis' if german else 'to'} {names[-1]}"
    else:
        when = (" und " if german else " and ").join(
            [", ".join(names[:-1]), names[-1]] if len(names) > 1 else names
        )
    return f"{when} {window.from_}–{window.until}{' Uhr' if german else ''}"


def _last_day(ended: datetime) -> datetime:
    """Of what ends at midnight the day before."""
    return ended - timedelta(days=1) if is_midnight(ended) else ended


def _moment(at: datetime, language: Language, today: date | None) -> str:
    with_year = today is None or today.year != at.year
    text = day_text(at, language=language, with_year=with_year)
    if is_midnight(at):
        return text
    return f"{text}, {at:%H:%M}{' Uhr' if language == 'de' else ''}"
