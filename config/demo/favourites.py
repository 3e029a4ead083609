"""Carts that were put together for the sake of an offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import msgspec

from common.cart import Cart, CartLine
from config.demo.assortment import BY_SKU
from config.demo.baskets import PICKUP, cart_line, postage


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """A cart that was liked since so many days ago, until so many (0 is yesterday), and its code."""

    wanted: tuple[tuple[str, int], ...]
    code: str | None = None
    since: int = 60
    until: int = 0
    weight: int = 2
    channel: str | None = None
    method: str | None = None
    payment: str | None = None
    #: O'clock.
    hour: int | None = None


_OFFICE = (("TEE-ASSAM", 3), ("TEE-OSTFRIESEN", 3), ("GEBAECK-SHORTBREAD", 2))

FAVOURITES = (
    Favourite(wanted=(("TEE-KAMILLE", 1), ("TEE-PFEFFERMINZ", 1), ("TEE-KRAEUTER", 1))),
    Favourite(wanted=(("KANNE-GLAS", 1), ("STOEVCHEN", 1))),
    Favourite(wanted=(("TEE-ROOIBOS", 3), ("TEE-ROOIBOS-VANILLE", 2)), since=31, weight=3),
    Favourite(code="JUBEL15", wanted=(("KANNE-GUSS", 1),), since=60, until=41, weight=4),
    Favourite(code="KANDIS", wanted=(("TEE-OSTFRIESEN", 2),), since=58, until=36),
    Favourite(code="GRUEN2", wanted=(("TEE-SENCHA", 2), ("TEE-JASMIN", 1)), since=58, weight=4),
    Favourite(code="MEHR", wanted=(("KANNE-GUSS", 1), ("TEE-KEEMUN", 3)), since=56, weight=3),
    Favourite(code="VORRAT", wanted=(("TEE-ASSAM", 4), ("TEE-CEYLON", 4)), since=53, weight=3),
    Favourite(code="VERSAND190", wanted=(("TEE-GENMAICHA", 3),), since=51, payment="card"),
    Favourite(
        code="BLOGTEE", wanted=(("TEE-GYOKURO", 1), ("TEE-SENCHA", 1)), since=49, until=28, weight=4
    ),
    Favourite(code="KLEIN", wanted=(("TEE-BANCHA", 1), ("KANDIS", 1)), since=48, weight=3),
    Favourite(code="GLUECK", wanted=(("TEE-GYOKURO", 2), ("TEESIEB", 1)), since=45, weight=5),
    Favourite(code="TEESTUNDE", wanted=(("GEBAECK-SHORTBREAD", 3),), since=43, hour=15, weight=3),
    Favourite(code="TASSE14", wanted=(("TASSE-YUNOMI", 2),), since=40, channel="app", weight=3),
    Favourite(code="BUERO-HAFEN", wanted=_OFFICE, since=37, payment="invoice"),
    Favourite(code="BUERO-SPEICHER", wanted=_OFFICE, since=37, payment="invoice"),
    Favourite(code="LADEN", wanted=(("TEE-DARJEELING", 2),), since=33, weight=3, method=PICKUP),
    Favourite(
        code="MATCHA30", wanted=(("TEE-MATCHA", 1), ("MATCHA-BESEN", 1)), since=27, weight=12
    ),
)


class Rota:
    """Which favourite is next: each as often as its weight says, whatever the season.

    One with twice the weight is due again after half the turns.
    """

    def __init__(self, *, today: datetime) -> None:
        self._today = today
        self._turn = 0.0
        self._due: dict[Favourite, float] = {}

    def next(self, at: datetime) -> Favourite:
        """The first that is due of those that are liked at that time; times come in order."""
        days = (self._today - at) / timedelta(days=1)
        likely = [one for one in FAVOURITES if one.until < days <= one.since]
        for one in likely:
            self._due.setdefault(one, self._turn + 1 / one.weight)
        liked = min(likely, key=lambda one: self._due[one])
        self._turn = self._due[liked]
        self._due[liked] += 1 / liked.weight
        return liked


def with_favourite(
    cart: Cart, liked: Favourite, *, at: datetime, random: Random
) -> tuple[datetime, Cart]:
    """The cart made one for the sake of an offer, and when it was bought then."""
    if liked.hour is not None:
        at = at.replace(hour=liked.hour)
    method = liked.method or cart.shipping_method or ""
    country = "DE" if method == PICKUP else cart.shipping_country or "DE"
    return at, msgspec.structs.replace(
        cart,
        lines=_lines(liked, cart.lines, random=random),
        codes=[liked.code] if liked.code is not None else [],
        channel=liked.channel or cart.channel,
        shipping_country=country,
        shipping_method=method,
        shipping_amount=postage(method=method, country=country),
        payment_method=liked.payment or cart.payment_method,
    )


def _lines(liked: Favourite, others: Sequence[CartLine], *, random: Random) -> list[CartLine]:
    """What was liked, and now and then something else."""
    lines = [
        cart_line(str(at), BY_SKU[sku], units) for at, (sku, units) in enumerate(liked.wanted, 1)
    ]
    spare = [line for line in others[:1] if line.sku not in dict(liked.wanted)]
    if spare and random.random() < 0.4:
        lines.append(msgspec.structs.replace(spare[0], line_id=str(len(lines) + 1)))
    return lines
