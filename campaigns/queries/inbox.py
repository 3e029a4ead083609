"""Reads: what stands in a customer's inbox."""

from datetime import datetime

from campaigns.models import Campaign, InboxMessage
from customers.queries.gate import reachable


def inbox_page(
    *, customer_key: int, after: int | None, limit: int, now: datetime
) -> list[InboxMessage]:
    """The next messages, newest first, one more than `limit`, with campaigns and codes. 2 statements.

    Marketing is shown only as long as the customer agrees to it: who has taken that back sees none of
    what came before, either.
    """
    rows = InboxMessage.objects.select_related("delivery__campaign", "delivery__code").filter(
        customer_id=customer_key, sent_at__lte=now, expires_at__gt=now
    )
    person = reachable(customer_keys=[customer_key], channel="in_app").get(customer_key)
    if person is None or person.is_restricted or person.consent != "granted":
        rows = rows.filter(delivery__campaign__purpose=Campaign.Purpose.TRANSACTIONAL)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: limit + 1])
