"""Erasure: what was written about a customer in words is gone; the books stay, under the customer's key."""

from datetime import datetime

from cashback.models import Adjustment, Payout, SepaFile

_OVER = (Payout.Status.PAID, Payout.Status.FAILED, Payout.Status.REJECTED)


def forget(*, customer_key: int, now: datetime) -> None:
    """Empty the reasons of the customer's adjustments, and where their money was paid to.

    A payout that is under way still goes there, and forgets it at its end. Files for the bank that name them
    are emptied. Part of the caller's transaction.
    """
    Adjustment.objects.filter(wallet__customer_id=customer_key).exclude(reason="").update(reason="")
    paid = Payout.objects.filter(wallet__customer_id=customer_key)
    # First the rows, as all acts on payouts lock them.
    keys = list(paid.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    theirs = Payout.objects.filter(pk__in=keys)
    theirs.filter(status__in=_OVER).update(destination=b"", masked="", reason="")
    theirs.exclude(status__in=_OVER).update(forgets_at_end=True)
    SepaFile.objects.filter(payouts__in=keys, payouts__status__in=_OVER).exclude(
        content=b""
    ).update(content=b"")
