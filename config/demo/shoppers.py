"""Which codes shoppers type in when they order: their own, those of a poster, now and then another's."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import msgspec

from common.cart import Cart
from common.items import ItemLists
from config.demo.past import Purchase

SEED = 22


@dataclass(frozen=True, slots=True)
class Held:
    """A code of one's own: since when its holder has it, and until when it is good for something."""

    code: str
    since: datetime
    until: datetime | None = None

    def comes_to_mind(self, at: datetime, random: Random) -> bool:
        """Whether its holder thinks of it then; of one that has expired, now and then."""
        is_over = self.until is not None and at >= self.until
        return self.since < at and (not is_over or random.random() < 0.2)


@dataclass(frozen=True, slots=True)
class Poster:
    """A code for everybody, since when it is known, and what it is about (empty: everything)."""

    code: str
    since: datetime
    about: ItemLists

    def suits(self, cart: Cart) -> bool:
        """Whether a shopper would think of it with this cart."""
        names = set(self.about.all_names)
        return not names or any(
            not names.isdisjoint([line.sku, line.brand, *line.categories, *line.tags])
            for line in cart.lines
        )


@dataclass(frozen=True, slots=True)
class Codes:
    """All codes that are known somewhere: `personal` by customer, `flyers` each for one use."""

    welcome: str
    posters: Sequence[Poster]
    personal: Mapping[str, Sequence[Held]]
    flyers: Sequence[Held]


def with_codes(
    bought: Sequence[Purchase], *, codes: Codes, known: Collection[str]
) -> list[Purchase]:
    """The same with codes tried; mostly the welcome by those who were not `known` before."""
    random = Random(SEED)
    seen = set(known)
    flyers = iter(codes.flyers)
    tried = []
    for purchase in bought:
        customer_id = purchase.cart.customer_id
        is_new = customer_id is not None and customer_id not in seen
        chosen = _chosen(purchase, codes, is_new=is_new, flyers=flyers, random=random)
        tried.append(replace(purchase, cart=msgspec.structs.replace(purchase.cart, codes=chosen)))
        seen.add(customer_id or "")
    return tried


def _chosen(
    purchase: Purchase, codes: Codes, *, is_new: bool, flyers: Iterator[Held], random: Random
) -> list[str]:
    at = purchase.at
    own = [
        held
        for held in codes.personal.get(purchase.cart.customer_id or "", ())
        if held.comes_to_mind(at, random)
    ]
    on_posters = [poster for poster in codes.posters if poster.since < at]
    fitting = [poster.code for poster in on_posters if poster.suits(purchase.cart)]
    chance = random.random()
    if is_new and chance < 0.6:
        return [codes.welcome]
    if own and chance < 0.45:
        return [_remembered(own, random)]
    if purchase.cart.codes:
        return [poster.code for poster in on_posters if poster.code in purchase.cart.codes]
    if own and chance < 0.9:
        return [_remembered(own, random)]
    if fitting and chance < 0.34:
        return random.sample(fitting, min(len(fitting), random.choices((1, 2), (5, 1))[0]))
    if chance < 0.48 and (found := next(flyers, None)) is not None:
        return [found.code] if found.since < at else []
    if chance < 0.52 and codes.personal:
        return [random.choice(codes.personal[random.choice(sorted(codes.personal))]).code]
    return []


def _remembered(own: Sequence[Held], random: Random) -> str:
    """Mostly the one that is over first; of those without an end any."""
    ending = [held for held in own if held.until is not None]
    if ending and random.random() < 0.7:
        return min(ending, key=lambda held: held.until or held.since).code
    return random.choice(own).code
