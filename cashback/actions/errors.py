"""What acts on wallets refuse."""

from common.errors import DomainError


class CashbackInsufficient(DomainError):
    """There is not so much available."""

    code = "cashback_insufficient"
