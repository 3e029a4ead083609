"""Who buys in the tea shop: sixty invented customers, the same ones each time."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from customers.domain.people import Profile

SEED = 20
COUNT = 60
#: The shop's first customer registered this long before the day that the shop was loaded.
OLDEST = timedelta(days=400)
FIRST_ID = "K-1001"
BERLIN = ZoneInfo("Europe/Berlin")

_GERMAN = (
    "Anna Behrens, Jonas Albrecht, Lea Kaufmann, Paul Lindner, Marie Vogt, Felix Brandt,"
    " Sophie Krüger, Lukas Hartmann, Emma Schuster, Ben Winkler, Hannah Jäger, Moritz Lang,"
    " Clara Busch, Finn Peters, Ida Seidel, Oskar Haas, Mathilda Graf, Anton Kühn, Greta Pohl,"
    " Emil Horn, Frieda Sommer, Karl Böhm, Lotte Franke, Theo Zimmer, Charlotte Engel, Max Roth,"
    " Helene Voß, Konrad Beck, Johanna Ziegler, Friedrich Arnold, Luise Ott, Gustav Simon,"
    " Margarethe Stein, Heinrich Wolff, Elisabeth Maurer, Georg Pfeiffer, Katharina Hofer,"
    " Matthias Gruber, Verena Egger, Stefan Huber, Barbara Steiner, Reto Keller, Ursina Frei,"
    " Beat Meier, Renate Schilling"
)
_ENGLISH = (
    "Alice Carter, Oliver Bennett, Grace Whitfield, Harry Clarke, Emily Turner, George Hughes,"
    " Charlotte Reed, Jack Palmer, Amelia Fox, Thomas Ward, Olivia Barnes, William Knight,"
    " Sophia Marsh, Henry Cole, Isabella Grant"
)
#: Country, postal code, city, time zone.
_GERMAN_HOMES = (
    *(("DE", *home, "Europe/Berlin") for home in (
        ("10115", "Berlin"), ("20095", "Hamburg"), ("80331", "München"), ("50667", "Köln"),
        ("01067", "Dresden"), ("26721", "Emden"), ("70173", "Stuttgart"), ("04109", "Leipzig"),
    )),
    ("AT", "1010", "Wien", "Europe/Vienna"),
    ("CH", "8001", "Zürich", "Europe/Zurich"),
)  # fmt: skip
_ENGLISH_HOMES = (
    ("GB", "SW1A 1AA", "London", "Europe/London"),
    ("GB", "EH1 1YZ", "Edinburgh", "Europe/London"),
    ("IE", "D02 X285", "Dublin", "Europe/Dublin"),
    ("DE", "10405", "Berlin", "Europe/Berlin"),
)
_INTERESTS = ("Grüntee", "Schwarztee", "Kräutertee", "Matcha", "Zubehör")


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo. `zeal` is how often they buy, compared with the others."""

    customer_id: str
    profile: Profile
    registered_at: datetime
    zeal: float
    reads_newsletter: bool


def people(*, today: datetime) -> Sequence[Person]:
    """All sixty, the longest registered first; their times count back from `today`, a midnight in Berlin."""
    random = Random(SEED)
    names = [*_GERMAN.split(","), *_ENGLISH.split(",")]
    english = set(_ENGLISH.split(","))
    # Both languages mixed, yet the same each time.
    random.shuffle(names)
    ages = sorted((random.uniform(1, OLDEST.days - 5) for _ in range(COUNT - 1)), reverse=True)
    return [
        _person(
            1001 + number,
            name.strip(),
            is_english=name in english,
            registered_at=_at_daytime(today - timedelta(days=age), random),
            random=random,
        )
        for number, (name, age) in enumerate(zip(names, [OLDEST.days, *ages], strict=True))
    ]


def day_of_loading(first_registered_at: datetime) -> datetime:
    """The midnight that everything counted back from, told by when the first customer came."""
    return midnight_of(first_registered_at) + OLDEST


def midnight_of(at: datetime) -> datetime:
    """The beginning of the day in the tea shop."""
    return at.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0)


def _person(
    number: int, name: str, *, is_english: bool, registered_at: datetime, random: Random
) -> Person:
    first, _, last = name.partition(" ")
    country, postal_code, city, zone = random.choice(
        _ENGLISH_HOMES if is_english else _GERMAN_HOMES
    )
    profile = Profile(
        email=f"{_ascii(first)}.{_ascii(last)}@example.org",
        first_name=first,
        last_name=last,
        birth_date=date(random.randint(1948, 2004), random.randint(1, 12), random.randint(1, 28)),
        locale="en" if is_english else "de",
        timezone=zone,
        country=country,
        postal_code=postal_code,
        city=city,
        registered_at=registered_at,
        attributes={"interests": sorted(random.sample(_INTERESTS, random.randint(1, 3)))},
    )
    return Person(
        customer_id=f"K-{number}",
        profile=profile,
        registered_at=registered_at,
        zeal=min(random.paretovariate(1.4), 6),
        reads_newsletter=random.random() < 0.4,
    )


def _at_daytime(at: datetime, random: Random) -> datetime:
    return at.replace(
        hour=random.randint(7, 21), minute=random.randint(0, 59), second=0, microsecond=0
    )


def _ascii(name: str) -> str:
    """A name as it stands in an address: Krüger is krueger."""
    spelled = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(letter, letters)
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
