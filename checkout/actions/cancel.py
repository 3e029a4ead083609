"""Cancelling: what a redemption used is given back, and its order is no more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checkout.models import Redemption
from checkout.queries.checkouts import redemption_by_id
from common.errors import DomainError, NotFound
from common.ids import public_id
from customers.actions import orders
from journal.actions import record_event
from promotions.actions import uses


class AlreadyCancelled(DomainError):
    """The redemption was cancelled before."""

    code = "already_cancelled"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The redemption, cancelled, and the closing statement."""

    redemption: Redemption
    closing: Callable[[], None] | None


def cancel_redemption(*, redemption_id: UUID, now: datetime) -> Cancelled:
    """Cancel a redemption and its order. Part of the caller's transaction.

    Raises:
        NotFound, AlreadyCancelled
        StateTransitionNotAllowed: the order was shipped, or something came back already.
    """
    found = redemption_by_id(redemption_id)
    if found is None:
        raise NotFound("There is no such redemption.")
    orders.lock_order_id(found.order.reference)
    cancelled = _cancel(found.pk, now=now)
    orders.cancel_order(order_key=found.order_id, now=now)
    return cancelled


def cancel_for_order(*, order_key: int, now: datetime) -> Callable[[], None] | None:
    """What an order's cancellation does to its redemption; the order's own row is the caller's.

    The order is locked by the caller. Returns the closing statement, which runs last.
    """
    redemption = Redemption.objects.filter(order_id=order_key).first()
    if redemption is None or redemption.status == Redemption.Status.CANCELLED:
        return None
    return _cancel(redemption.pk, now=now).closing


def restore_uses(redemption: Redemption, *, now: datetime) -> tuple[list[str], Callable[[], None]]:
    """Give back what the promotions promised to give back, once; the codes, and the closing."""
    if redemption.restored_at is not None:
        return [], lambda: None
    redemption.restored_at = now
    changes = uses.Changes()
    codes = uses.restore(changes, redemption_id=redemption.pk, now=now)
    return codes, changes.apply()


def _cancel(redemption_id: UUID, *, now: datetime) -> Cancelled:
    redemption = (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("order", "reservation")
        .get(pk=redemption_id)
    )
    if _is_cancelled(redemption):
        raise AlreadyCancelled(extension={"redemption_id": public_id("red", redemption.pk)})
    _, closing = restore_uses(redemption, now=now)
    redemption.status = Redemption.Status.CANCELLED
    redemption.cancelled_at = now
    redemption.save(update_fields=["status", "cancelled_at", "restored_at"])
    record_event(
        type="redemption.cancelled",
        payload={
            "redemption_id": public_id("red", redemption.pk),
            "order_id": redemption.order.reference,
        },
        customer_key=redemption.customer_id,
        now=now,
    )
    return Cancelled(redemption, closing)


def _is_cancelled(redemption: Redemption) -> bool:
    return redemption.status == Redemption.Status.CANCELLED
