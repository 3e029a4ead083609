"""Reads: reservations and redemptions."""

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
