"""What a month did to the customers' cashback, told by what moved between the accounts."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from common.money import ONE_HUNDRED_PERCENT, divide_half_up, format_percent

#: What a posting of a kind adds to, by the kind of account that it comes from (None: any other).
_FIGURES: dict[tuple[str, str | None], dict[str, int]] = {
    ("earn", "partner"): {"earned": 1, "partner_share": 1},
    ("earn", None): {"earned": 1},
    # The customer never had it: so less has expired.
    ("take_back", "breakage"): {"taken_back": 1, "expired": -1},
    # Paid back that much less in money: so less was spent as cashback.
    ("take_back", "settled"): {"taken_back": 1, "spent": -1},
    ("take_back", None): {"taken_back": 1},
    ("adjust", "expense"): {"given": 1},
    ("adjust", None): {"taken": 1},
    ("spend", None): {"spent": 1},
    ("restore", "settled"): {"restored": 1},
    ("pay", None): {"paid_out": 1},
    ("expire", None): {"expired": 1},
}


class Moved(NamedTuple):
    """So much (minor units) was moved by postings of a kind from accounts of one kind to another's."""

    currency: str
    kind: str
    debit: str
    credit: str
    amount: int


class Movements(Struct, frozen=True, kw_only=True):
    """What a period did, in one currency; minor units. Together these changed what customers have."""

    currency: str
    #: By orders; `partner_share` of it was paid by partners.
    earned: int = 0
    partner_share: int = 0
    #: Of what was earned, since orders came back.
    taken_back: int = 0
    #: By staff, and taken by them.
    given: int = 0
    taken: int = 0
    #: On orders (less what was taken back in money), and given back since these came back.
    spent: int = 0
    restored: int = 0
    #: To customers' bank accounts.
    paid_out: int = 0
    #: Lost, since nobody spent it in time; less what had expired and was taken back.
    expired: int = 0


def change_of(told: Movements) -> int:
    """By how much more, or less, is available, pending, held or on its way out, debt subtracted."""
    came = told.earned + told.given + told.restored
    return came - told.taken_back - told.taken - told.spent - told.paid_out - told.expired


def breakage_percent(told: Movements) -> str | None:
    """How much of what came to an end had expired; None where nothing did.

    >>> breakage_percent(Movements(currency="EUR", spent=200, restored=50, expired=50))
    '25'
    """
    ended = told.spent - told.restored + told.paid_out + told.expired
    if ended <= 0 or not 0 <= told.expired <= ended:
        return None
    return format_percent(divide_half_up(told.expired * ONE_HUNDRED_PERCENT, ended))


def movements(moved: Iterable[Moved]) -> list[Movements]:
    """What was moved, by currency in their order.

    >>> movements([Moved("EUR", "earn", "expense", "pending", 50), Moved("EUR", "mature", "pending",
    ...            "available", 50)])[0].earned
    50
    """
    found: dict[str, dict[str, int]] = {}
    for one in moved:
        sums = found.setdefault(one.currency, {})
        for name, amount in _changes(one).items():
            sums[name] = sums.get(name, 0) + amount
    return [Movements(currency=currency, **found[currency]) for currency in sorted(found)]


def _changes(moved: Moved) -> dict[str, int]:
    """What it adds to which figure; nothing where it stays among a customer's accounts."""
    signs = _FIGURES.get((moved.kind, moved.debit)) or _FIGURES.get((moved.kind, None)) or {}
    return {name: sign * moved.amount for name, sign in signs.items()}
