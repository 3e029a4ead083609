"""Reads: reservations and redemptions."""

from collections.abc import Sequence
from uuid import UUID

from checkout.models import Decision, Redemption, Reservation


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


def redemptions_of_decisions(decisions: Sequence[Decision]) -> dict[UUID, tuple[UUID, str]]:
    """Redemption and the shop's order id that these decisions made, by decision; found by customer.

    A guest's cannot be found this way.
    """
    made = [row for row in decisions if row.kind == Decision.Kind.REDEEM and row.customer_key]
    rows = Redemption.objects.filter(
        customer_id__in={row.customer_key for row in made},
        decision_id__in=[row.id for row in made],
    )
    return {
        decision_id: (redemption_id, order_id)
        for decision_id, redemption_id, order_id in rows.values_list(
            "decision_id", "id", "order__reference"
        )
    }


def orders_of_redemptions(redemption_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The shop's order ids of these redemptions."""
    rows = Redemption.objects.filter(pk__in=redemption_ids)
    return dict(rows.values_list("pk", "order__reference"))
