"""Reads: by which browsers customers get push messages."""

from collections import defaultdict
from collections.abc import Collection

from campaigns.models import PushSubscription


def subscriptions_of(customer_keys: Collection[int]) -> dict[int, list[PushSubscription]]:
    """The browsers of each of the customers, in one statement; who has none is left out."""
    found: defaultdict[int, list[PushSubscription]] = defaultdict(list)
    for row in PushSubscription.objects.filter(customer_id__in=customer_keys).order_by("pk"):
        found[row.customer_id].append(row)
    return dict(found)


def subscription(*, customer_key: int, reference: str) -> PushSubscription | None:
    """The customer's browser with this id of the shop's."""
    rows = PushSubscription.objects.filter(customer_id=customer_key, reference=reference)
    return rows.first()


def subscriptions_page(
    *, customer_key: int, after: str | None, limit: int
) -> list[PushSubscription]:
    """The customer's next browsers by id, one more than `limit`."""
    rows = PushSubscription.objects.filter(customer_id=customer_key).order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    return list(rows[: limit + 1])
