"""When tea is bought: little in summer, most before Christmas."""

from datetime import date, timedelta

#: By month, an ordinary day of the year being about 1.
_MONTHS = (1.1, 1.0, 0.95, 0.9, 0.8, 0.7, 0.65, 0.7, 0.9, 1.1, 1.3, 0.8)
_ADVENT = 2.4
_SUNDAY = 1.25


def demand(day: date) -> float:
    """How much is bought on that day, compared with others.

    >>> demand(date(2025, 12, 8)) > 3 * demand(date(2025, 7, 7))
    True
    """
    in_advent = first_advent(day.year) <= day <= date(day.year, 12, 20)
    season = _ADVENT if in_advent else _MONTHS[day.month - 1]
    return season * (_SUNDAY if day.isoweekday() == 7 else 1)


def first_advent(year: int) -> date:
    """The fourth Sunday before Christmas.

    >>> first_advent(2025).isoformat(), first_advent(2022).isoformat()
    ('2025-11-30', '2022-11-27')
    """
    earliest = date(year, 11, 27)
    return earliest + timedelta(days=7 - earliest.isoweekday())
