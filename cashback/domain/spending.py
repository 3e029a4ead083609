"""How much cashback a cart may spend."""

from typing import Literal

from msgspec import Struct

SpendRefusal = Literal["sign_in_required", "cashback_insufficient", "cashback_below_minimum"]


class CashbackQuote(Struct, frozen=True):
    """Cashback at checkout, minor units: what could be spent, what is, and what the order earns."""

    spendable: int
    spent: int
    earned: int = 0
    available_at: str | None = None
    reason: SpendRefusal | None = None


def quote_spending(
    *,
    asked: int | Literal["max"],
    available: int,
    total: int,
    minimum: int,
    signed_in: bool,
) -> CashbackQuote:
    """Spend what was asked for, as far as it is there.

    More than the total is cut to it without a reason; "max" never has one. `minimum` is the
    smallest amount that the shop lets a customer spend.

    >>> quote_spending(asked=500, available=900, total=399, minimum=0, signed_in=True).spent
    399
    >>> quote_spending(asked=500, available=200, total=999, minimum=0, signed_in=True).reason
    'cashback_insufficient'
    """
    spendable = min(available, total) if signed_in else 0
    enough = spendable if spendable >= minimum else 0
    wanted = min(asked, total) if asked != "max" else enough
    if wanted == 0 or asked == "max":
        return CashbackQuote(spendable, wanted)
    if not signed_in:
        return CashbackQuote(0, 0, reason="sign_in_required")
    if wanted < minimum:
        return CashbackQuote(spendable, 0, reason="cashback_below_minimum")
    if wanted > spendable:
        return CashbackQuote(spendable, enough, reason="cashback_insufficient")
    return CashbackQuote(spendable, wanted)
