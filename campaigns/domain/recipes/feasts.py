"""Feasts, and when they are: those that move are computed, for any year.

Twelve rules that have not changed for a century are less than a library of all holidays of all countries.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.recipes.recipe import Said

_MONDAY, _THURSDAY, _SUNDAY = 0, 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Feast:
    """A day that people look forward to. `greeting` begins a letter; it goes out `days_before`."""

    key: str
    name: Said
    greeting: Said
    on: Callable[[int], date]
    days_before: int = 0
    is_sale: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """A feast of one year."""

    feast: Feast
    day: date

    @property
    def key(self) -> str:
        """`easter-2027`."""
        return f"{self.feast.key}-{self.day.year}"

    @property
    def sent_on(self) -> date:
        """When its letter goes out."""
        return self.day - timedelta(days=self.feast.days_before)


def coming_feasts(*, after: date, days: int = 366) -> list[Coming]:
    """Every feast whose letter goes out within so many days after the day, in their order.

    >>> [coming.key for coming in coming_feasts(after=date(2027, 2, 1), days=60)]
    ['valentine-2027', 'mothering_sunday-2027', 'easter-2027']
    """
    found = [
        Coming(feast, feast.on(year))
        for feast in FEASTS.values()
        for year in range(after.year, after.year + 3)
    ]
    until = after + timedelta(days=days)
    wanted = [coming for coming in found if after < coming.sent_on <= until]
    return sorted(wanted, key=lambda coming: (coming.sent_on, coming.key))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).

    >>> easter(2026), easter(2038)
    (datetime.date(2026, 4, 5), datetime.date(2038, 4, 25))
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, left = divmod(century, 4)
    lunar = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - lunar + 15) % 30
    weekday = (32 + 2 * left + 2 * (of_century // 4) - epact - of_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` such weekday (0 is Monday) of the month.

    >>> nth_weekday(2026, 11, 3, 4)
    datetime.date(2026, 11, 26)
    """
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _by_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def _black_friday(year: int) -> date:
    return nth_weekday(year, 11, _THURSDAY, 4) + timedelta(days=1)


def _first_advent(year: int) -> date:
    """The fourth Sunday before Christmas Day."""
    christmas = date(year, 12, 25)
    return christmas - timedelta(days=(christmas.weekday() - _SUNDAY) % 7 or 7) - timedelta(weeks=3)


_ALL = (
    Feast(
        key="new_year",
        name=Said(de="Neujahr", en="New Year"),
        greeting=Said(de="Ein gutes neues Jahr", en="Happy New Year"),
        on=_fixed(1, 1),
    ),
    Feast(
        key="valentine",
        name=Said(de="Valentinstag", en="Valentine's Day"),
        greeting=Said(de="Einen schönen Valentinstag", en="Happy Valentine's Day"),
        on=_fixed(2, 14),
        days_before=5,
    ),
    Feast(
        key="mothering_sunday",
        name=Said(de="Muttertag im Vereinigten Königreich", en="Mothering Sunday (UK)"),
        greeting=Said(de="Einen schönen Muttertag", en="Happy Mother's Day"),
        on=_by_easter(-21),
        days_before=7,
    ),
    Feast(
        key="easter",
        name=Said(de="Ostern", en="Easter"),
        greeting=Said(de="Frohe Ostern", en="Happy Easter"),
        on=_by_easter(0),
        days_before=3,
    ),
    Feast(
        key="mothers_day",
        name=Said(de="Muttertag (D, A, CH, USA)", en="Mother's Day (D, A, CH, USA)"),
        greeting=Said(de="Einen schönen Muttertag", en="Happy Mother's Day"),
        on=lambda year: nth_weekday(year, 5, _SUNDAY, 2),
        days_before=7,
    ),
    Feast(
        key="fathers_day_german",
        name=Said(de="Vatertag (D, an Himmelfahrt)", en="Father's Day (D, Ascension Day)"),
        greeting=Said(de="Einen schönen Vatertag", en="Happy Father's Day"),
        on=_by_easter(39),
        days_before=7,
    ),
    Feast(
        key="fathers_day",
        name=Said(de="Vatertag (UK, USA)", en="Father's Day (UK, USA)"),
        greeting=Said(de="Einen schönen Vatertag", en="Happy Father's Day"),
        on=lambda year: nth_weekday(year, 6, _SUNDAY, 3),
        days_before=7,
    ),
    Feast(
        key="black_friday",
        name=Said(de="Black Friday", en="Black Friday"),
        greeting=Said(de="Heute ist Black Friday", en="It is Black Friday"),
        on=_black_friday,
        is_sale=True,
    ),
    Feast(
        key="cyber_monday",
        name=Said(de="Cyber Monday", en="Cyber Monday"),
        greeting=Said(de="Heute ist Cyber Monday", en="It is Cyber Monday"),
        on=lambda year: _black_friday(year) + timedelta(days=3),
        is_sale=True,
    ),
    Feast(
        key="advent",
        name=Said(de="1. Advent", en="First Sunday of Advent"),
        greeting=Said(de="Einen schönen Advent", en="A happy Advent"),
        on=_first_advent,
        days_before=2,
    ),
    Feast(
        key="st_nicholas",
        name=Said(de="Nikolaus", en="St Nicholas' Day"),
        greeting=Said(de="Einen schönen Nikolaustag", en="Happy St Nicholas' Day"),
        on=_fixed(12, 6),
    ),
    Feast(
        key="christmas",
        name=Said(de="Weihnachten", en="Christmas"),
        greeting=Said(de="Frohe Weihnachten", en="Merry Christmas"),
        on=_fixed(12, 25),
        days_before=5,
    ),
)

FEASTS: Mapping[str, Feast] = {feast.key: feast for feast in _ALL}
