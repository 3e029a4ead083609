"""Carts that were only asked about: the ordinary troubles that shoppers have with codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import msgspec

from common.cart import Cart
from config.demo.assortment import BY_SKU
from config.demo.baskets import PARCEL, PICKUP, cart_line, postage
from config.demo.people import COUNT, Person, at_daytime

SEED = 23


@dataclass(frozen=True, slots=True)
class Attempt:
    """A cart with codes that somebody asked about and did not buy."""

    at: datetime
    cart: Cart


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that went wrong `times` times, `since` to `until` days ago (0 is yesterday)."""

    codes: tuple[str, ...]
    wanted: tuple[tuple[str, int], ...]
    times: int
    since: int
    until: int = 0
    currency: str = "EUR"
    channel: str = "web"
    country: str = "DE"
    method: str = PARCEL
    payment: str = "card"
    is_guest: bool = False
    #: O'clock; none: at any time of the day.
    hour: int | None = None


_SENCHA = (("TEE-SENCHA", 2),)
_ASSAM = (("TEE-ASSAM", 2),)
_CUPS = (("TASSE-YUNOMI", 2),)
_KYUSU = (("KANNE-KYUSU", 1),)
_OFFICE = (("TEE-ASSAM", 3), ("TEE-DARJEELING", 2), ("GEBAECK-SHORTBREAD", 2))
_ELEVEN = tuple(f"TEE-{number}" for number in range(10, 21))

TROUBLES = (
    # Spelled wrong, or heard of somewhere.
    Trouble(codes=("WILKOMMEN",), wanted=_SENCHA, times=11, since=58),
    Trouble(codes=("GRUEN-20",), wanted=_SENCHA, times=7, since=54),
    Trouble(codes=_ELEVEN, wanted=_ASSAM, times=2, since=34),
    Trouble(codes=("GRUEN2", "gruen 2"), wanted=_SENCHA, times=4, since=50),
    # Too early, too late, not any more.
    Trouble(codes=("JUBEL15",), wanted=_OFFICE, times=12, since=38),
    Trouble(codes=("KANNE15",), wanted=_KYUSU, times=9, since=8),
    Trouble(codes=("BLOGTEE",), wanted=_SENCHA, times=14, since=26),
    Trouble(codes=("BLOGTEE-VIP",), wanted=_SENCHA, times=8, since=40),
    Trouble(codes=("TEESTUNDE",), wanted=(("GEBAECK-MATCHA", 3),), times=10, since=42, hour=20),
    # Not so, not there, not for them.
    Trouble(codes=("GRUEN2",), wanted=_SENCHA, times=5, since=56, currency="CHF", country="CH"),
    Trouble(codes=("TASSE14",), wanted=_CUPS, times=9, since=39),
    Trouble(codes=("LADEN",), wanted=_ASSAM, times=4, since=32, country="AT", method=PICKUP),
    Trouble(codes=("LADEN",), wanted=_ASSAM, times=7, since=32),
    Trouble(codes=("BUERO-HAFEN",), wanted=_OFFICE, times=6, since=36),
    Trouble(codes=("WILLKOMMEN",), wanted=_SENCHA, times=8, since=60, is_guest=True),
    Trouble(codes=("TEAM30",), wanted=_OFFICE, times=6, since=34),
    # Gone.
    Trouble(codes=("MATCHA30",), wanted=(("TEE-MATCHA", 1),), times=13, since=5),
    Trouble(codes=("GLUECK",), wanted=_OFFICE, times=15, since=5),
    # The cart is not what it should be.
    Trouble(codes=("GRUEN2",), wanted=_ASSAM, times=8, since=58),
    Trouble(codes=("GRUEN2",), wanted=(("TEE-MATCHA", 1),), times=5, since=58),
    Trouble(
        codes=("BUERO-SPEICHER",),
        wanted=(("KANNE-GUSS", 1), ("TEE-ASSAM", 2)),
        times=5,
        since=36,
        payment="invoice",
    ),
    Trouble(codes=("VORRAT",), wanted=_ASSAM, times=9, since=52),
    Trouble(codes=("MEHR",), wanted=_SENCHA, times=11, since=55),
    Trouble(codes=("KLEIN",), wanted=_KYUSU, times=6, since=47),
    Trouble(codes=("KLEIN",), wanted=(("TEE-BANCHA", 1),), times=4, since=47, method=PICKUP),
    # Good, but something else is better.
    Trouble(
        codes=("GRUEN2",),
        wanted=(("TEE-KAMILLE", 2), ("TEE-VERBENE", 1), ("TEE-BANCHA", 1)),
        times=5,
        since=54,
    ),
    Trouble(codes=("VERSAND190",), wanted=(("TEE-GYOKURO", 2),), times=6, since=50),
    # Nothing is wrong at all: they only looked.
    Trouble(codes=(), wanted=(("TEE-GYOKURO", 1), ("KANDIS", 1)), times=12, since=60),
    Trouble(codes=("GRUEN2",), wanted=_SENCHA, times=10, since=58),
)


def attempts(people: Sequence[Person], *, today: datetime) -> list[Attempt]:
    """All troubles, each by somebody who was a customer then; less often where they are fewer."""
    random = Random(SEED)
    return [
        _attempt(trouble, people, today=today, random=random)
        for trouble in TROUBLES
        for _ in range(max(1, trouble.times * len(people) // COUNT))
    ]


def _attempt(
    trouble: Trouble, people: Sequence[Person], *, today: datetime, random: Random
) -> Attempt:
    day = today - timedelta(days=1 + random.randint(trouble.until, trouble.since - 1))
    at = at_daytime(day, random)
    if trouble.hour is not None:
        at = at.replace(hour=trouble.hour)
    cart = Cart(
        currency=trouble.currency,
        channel=trouble.channel,
        shipping_country=trouble.country,
        shipping_method=trouble.method,
        payment_method=trouble.payment,
        shipping_amount=postage(method=trouble.method, country=trouble.country),
        lines=[
            cart_line(str(n), BY_SKU[sku], units)
            for n, (sku, units) in enumerate(trouble.wanted, 1)
        ],
        codes=list(trouble.codes),
    )
    if trouble.is_guest:
        return Attempt(at, cart)
    somebody = random.choice([person for person in people if person.registered_at < at])
    return Attempt(at, msgspec.structs.replace(cart, customer_id=somebody.customer_id))
