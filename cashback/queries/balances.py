"""Reads: what a customer has of cashback."""

from datetime import datetime

from cashback.domain.balances import Balance


def balances(*, customer_key: int, at: datetime) -> list[Balance]:
    """The customer's balances at this instant, one of each currency that was ever touched.

    Nothing is earned here yet, so nobody has any.
    """
    return []
