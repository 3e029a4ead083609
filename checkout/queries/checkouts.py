"""Reads: reservations and redemptions."""

from collections.abc import Sequence
from uuid import UUID

from checkout.models import Redemption, Reservation


def reservation_by_id(reservation_id: UUID) -> Reservation | None:
    """The reservation, whatever its status."""
    return Reservation.objects.filter(pk=reservation_id).first()


def redemption_by_id(redemption_id: UUID) -> Redemption | None:
    """The redemption with its order."""
    return (
        Redemption.objects.select_related("order", "reservation").filter(pk=redemption_id).first()
    )


def redemption_of_order(order_id: str) -> Redemption | None:
    """The redemption of the shop's order."""
    return (
        Redemption.objects.select_related("order", "reservation")
        .filter(order__reference=order_id)
        .first()
    )


def redemptions_of_orders(order_keys: Sequence[int]) -> dict[int, Redemption]:
    """The redemptions of these orders, by the order's key."""
    rows = Redemption.objects.filter(order_id__in=order_keys).only("id", "order_id", "status")
    return {redemption.order_id: redemption for redemption in rows}
