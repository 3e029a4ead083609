"""Reads: deliveries of a campaign, page by page."""

from campaigns.models import Delivery


def deliveries_page(
    *, campaign_key: int, customer_id: str | None, state: str | None, after: int | None, limit: int
) -> list[Delivery]:
    """The next deliveries in the order in which they were enlisted, one more than `limit`, with customers and codes."""
    rows = Delivery.objects.select_related("customer", "code").filter(campaign_id=campaign_key)
    if customer_id is not None:
        rows = rows.filter(customer__reference=customer_id)
    if state is not None:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk")[: limit + 1])


def channel_of(*, customer_key: int, delivery_key: int) -> str | None:
    """By which channel the customer got this message; None where there is none of theirs."""
    rows = Delivery.objects.filter(pk=delivery_key, customer_id=customer_key)
    return rows.values_list("channel", flat=True).first()
