"""What acts on wallets refuse."""

from common.errors import DomainError
from common.money import format_money


class CashbackInsufficient(DomainError):
    """There is not so much available."""

    code = "cashback_insufficient"


def insufficient(available: int, *, currency: str) -> CashbackInsufficient:
    """The refusal that says how much there is, minor units."""
    told = format_money(available, currency, language="en")
    return CashbackInsufficient(f"{told} is available.")
