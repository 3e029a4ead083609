"""Erasure: what was written about a customer in words is gone; the books stay, under the customer's key."""

from datetime import datetime

from cashback.models import Adjustment


def forget(*, customer_key: int, now: datetime) -> None:
    """Empty the reasons of the customer's adjustments. Part of the caller's transaction."""
    Adjustment.objects.filter(wallet__customer_id=customer_key).exclude(reason="").update(reason="")
