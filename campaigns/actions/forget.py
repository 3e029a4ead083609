"""Erasure: whoever is forgotten gets nothing any more; what was sent stays counted, under their key,
and what they read of it is gone.
"""

from datetime import datetime

from campaigns.models import Delivery, Response


def forget(*, customer_key: int, now: datetime) -> None:
    """End the customer's deliveries that wait, and forget what came back of others; one that is being
    worked on meets the gate.

    Part of the caller's transaction. Codes are disabled by the part that holds them.
    """
    waiting = Delivery.objects.filter(customer_id=customer_key, state=Delivery.State.PENDING)
    keys = list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=keys).update(
        state=Delivery.State.SUPPRESSED, reason="erased", closed_at=now
    )
    Response.objects.filter(delivery__customer_id=customer_key).delete()
