"""Who buys in the tea shop: two thousand invented customers, the same ones each time."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo.names import (
    ENGLISH,
    ENGLISH_FAMILIES,
    ENGLISH_HOMES,
    GERMAN,
    GERMAN_FAMILIES,
    GERMAN_HOMES,
)
from config.demo.seasons import demand
from customers.domain.people import Profile

SEED = 20
COUNT = 2_000
#: The shop's first customer registered this long before the day that the shop was loaded.
OLDEST = timedelta(days=740)
FIRST_ID = "K-1001"
BERLIN = ZoneInfo("Europe/Berlin")

_ENGLISH_SHARE = 0.06
_INTERESTS = ("Grüntee", "Schwarztee", "Kräutertee", "Früchtetee", "Rooibos", "Zubehör")
_DAYS_OF_THE_FAITHFUL = 100_000


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo. `zeal` is how often they buy, compared with the others, until they
    turn away at `leaves_at`.
    """

    customer_id: str
    profile: Profile
    registered_at: datetime
    leaves_at: datetime
    zeal: float
    reads_newsletter: bool

    @property
    def is_in_circle(self) -> bool:
        """Whether they belong to those who love tea most."""
        return self.zeal > 6

    @property
    def interests(self) -> Sequence[str]:
        """Categories that they like best."""
        liked: Sequence[str] = self.profile.attributes["interests"]
        return liked


def people(*, today: datetime, count: int = COUNT) -> Sequence[Person]:
    """All of them, the longest registered first; their times count back from `today`, a midnight in
    Berlin.
    """
    random = Random(SEED)
    names: Counter[str] = Counter()
    return [
        _person(1001 + number, registered_at=registered_at, random=random, names=names)
        for number, registered_at in enumerate(_registrations(today, count, random))
    ]


def team(everybody: Sequence[Person]) -> list[Person]:
    """Who works in the shop, and their families: they buy often."""
    return [person for person in everybody if person.is_in_circle][::20]


def day_of_loading(first_registered_at: datetime) -> datetime:
    """The midnight that everything counted back from, told by when the first customer came."""
    return midnight_of(first_registered_at) + OLDEST


def midnight_of(at: datetime) -> datetime:
    """The beginning of the day in the tea shop."""
    return at.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)


def at_daytime(day: datetime, random: Random) -> datetime:
    """A moment of that day, from breakfast to night."""
    return day + timedelta(minutes=random.randint(7 * 60, 23 * 60))


def _registrations(today: datetime, count: int, random: Random) -> list[datetime]:
    """In order; the shop becomes known, and most find it before Christmas."""
    days = [today - timedelta(days=age) for age in range(1, OLDEST.days - 5)]
    pull = [demand(day.date()) * (1.5 - age / OLDEST.days) for age, day in enumerate(days)]
    others = random.choices(days, pull, k=count - 1)
    return sorted(at_daytime(day, random) for day in (today - OLDEST, *others))


def _person(number: int, *, registered_at: datetime, random: Random, names: Counter[str]) -> Person:
    is_english = random.random() < _ENGLISH_SHARE
    zeal = min(random.paretovariate(1.1), 18)
    stays_days = _DAYS_OF_THE_FAITHFUL if random.random() < 0.55 else random.randint(20, 400)
    return Person(
        customer_id=f"K-{number}",
        profile=_profile(registered_at, is_english=is_english, random=random, names=names),
        registered_at=registered_at,
        leaves_at=registered_at + timedelta(days=stays_days),
        zeal=zeal,
        reads_newsletter=random.random() < 0.42,
    )


def _profile(
    registered_at: datetime, *, is_english: bool, random: Random, names: Counter[str]
) -> Profile:
    first_year, last_year, women, men = random.choice(ENGLISH if is_english else GERMAN)
    is_woman = random.random() < 0.62
    first = random.choice((women if is_woman else men).split())
    last = random.choice((ENGLISH_FAMILIES if is_english else GERMAN_FAMILIES).split())
    homes = ENGLISH_HOMES if is_english else GERMAN_HOMES
    _, country, postal_code, city, zone = random.choices(homes, [home[0] for home in homes])[0]
    year = random.randint(first_year, last_year)
    mailbox = f"{_ascii(first)}.{_ascii(last)}"
    names[mailbox] += 1
    return Profile(
        email=f"{mailbox}{names[mailbox] if names[mailbox] > 1 else ''}@example.org",
        first_name=first,
        last_name=last,
        birth_date=date(year, 1, 1) + timedelta(days=random.randint(0, 364)),
        gender="female" if is_woman else "male",
        locale="en" if is_english else "de",
        timezone=zone,
        country=country,
        postal_code=postal_code,
        city=city,
        registered_at=registered_at,
        attributes={
            "interests": sorted(random.sample(_INTERESTS, random.randint(1, 3))),
            "household_size": random.choices((1, 2, 3, 4, 5), (7, 8, 3, 3, 1))[0],
        },
    )


def _ascii(name: str) -> str:
    """A name as it stands in an address: Krüger is krueger."""
    spelled = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        spelled = spelled.replace(letter, letters)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
