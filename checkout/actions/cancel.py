"""Cancelling: what a redemption used is given back, and its order is no more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checkout.actions import purse
from checkout.models import Redemption, Uncounted
from checkout.queries.checkouts import redemption_by_id
from common.errors import DomainError, NotFound
from common.ids import public_id
from customers.actions import orders
from journal.actions import record_event
from promotions.actions import uses
from promotions.actions.counters import Changes


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
    redemption = _lock(found.pk)
    if _is_cancelled(redemption):
        raise AlreadyCancelled(extension={"redemption_id": public_id("red", redemption.pk)})
    # The order first: its customer's figures are locked before any count or code.
    orders.cancel_order(order_key=redemption.order_id, now=now)
    return Cancelled(redemption, _cancel(redemption, now=now))


def cancel_for_order(*, order_key: int, now: datetime) -> Callable[[], None] | None:
    """What an order's cancellation does to its redemption; the order's own row comes first.

    The order is locked and cancelled by the caller. Returns the closing statement, run last.
    """
    found = Redemption.objects.filter(order_id=order_key).first()
    if found is None or _is_cancelled(found):
        return None
    return _cancel(_lock(found.pk), now=now)


def restore_uses(redemption: Redemption, *, now: datetime) -> tuple[list[str], Changes]:
    """Give back, once, what the promotions promised to give back: the codes, and what changes.

    The caller saves the redemption, and applies the changes after the customer's figures.
    """
    changes = Changes()
    if redemption.restored_at is not None:
        return [], changes
    redemption.restored_at = now
    Uncounted.objects.create(restored_redemption_id=redemption.pk)
    return uses.restore(changes, redemption_id=redemption.pk, now=now), changes


def _lock(redemption_id: UUID) -> Redemption:
    return (
        Redemption.objects.select_for_update(of=("self",))
        .select_related("order", "reservation")
        .get(pk=redemption_id)
    )


def _cancel(redemption: Redemption, *, now: datetime) -> Callable[[], None]:
    _, changes = restore_uses(redemption, now=now)
    Uncounted.objects.create(cancelled_redemption_id=redemption.pk)
    redemption.status = Redemption.Status.CANCELLED
    redemption.cancelled_at = now
    redemption.save(update_fields=["status", "cancelled_at", "restored_at"])
    purse.undo(
        customer_key=redemption.customer_id,
        currency=redemption.quote["currency"],
        order_key=redemption.order_id,
        spent=redemption.quote["cashback"]["spent"],
        now=now,
    )
    record_event(
        type="redemption.cancelled",
        payload={
            "redemption_id": public_id("red", redemption.pk),
            "order_id": redemption.order.reference,
        },
        customer_key=redemption.customer_id,
        now=now,
    )
    return changes.apply()


def _is_cancelled(redemption: Redemption) -> bool:
    return redemption.status == Redemption.Status.CANCELLED
