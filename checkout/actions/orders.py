"""Orders as the shop tells them: customers keeps them, the checkout adds what cancelling one undoes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from checkout.actions import purse
from checkout.actions.cancel import cancel_for_order
from checkout.actions.sales import earn_told
from customers.actions import orders, recorded_orders
from customers.domain.orders import KnownOrder, OrderState
from customers.queries.orders import order_by_key


@dataclass(frozen=True, slots=True)
class PutOrder:
    """The order after the call, and the closing statement of what it cancelled."""

    order: KnownOrder
    created: bool
    closing: Callable[[], None] | None


def put_order(
    *, order_id: str, state: OrderState, if_match: str | None, actor: str, now: datetime
) -> PutOrder:
    """Create an order or bring it to `state`; `cancelled` also cancels its redemption.

    Part of the caller's transaction.

    Raises:
        ValidationFailed, PreconditionFailed, StateTransitionNotAllowed, OrderDiffersFromRedemption
    """
    written = recorded_orders.put_order(
        reference=order_id, state=state, if_match=if_match, actor=actor, now=now
    )
    closing = None
    if written.cancels_redemption:
        orders.cancel_order(order_key=written.order_key, now=now)
        closing = cancel_for_order(order_key=written.order_key, now=now)
    order = order_by_key(written.order_key)
    assert order is not None
    if not written.cancels_redemption:
        _tell_purse(order, written.known, now=now)
    return PutOrder(order, written.created, closing)


def import_orders(
    *, states: Mapping[str, OrderState], actor: str, now: datetime
) -> recorded_orders.WrittenOrders:
    """Put many orders, by id, as history: they earn nothing; those that have earned before are dated, or
    lose it where they are cancelled now.

    Part of the caller's transaction.
    """
    written = recorded_orders.import_orders(states=states, actor=actor, now=now)
    if written.updated:
        purse.tell_all(states, now=now)
    return written


def _tell_purse(order: KnownOrder, before: KnownOrder | None, *, now: datetime) -> None:
    """An order earns when it is first recorded as paid or later, unless its redemption has earned; its
    dates say from when on, and its cancelling takes back.
    """
    if order.status == "cancelled":
        if before is not None and before.status != "cancelled":
            purse.undo(
                customer_key=order.customer_key,
                currency=order.currency,
                order_key=order.key,
                spent=0,
                now=now,
            )
        return
    was_paid = before is not None and before.status != "placed"
    if not was_paid and order.status != "placed" and not order.is_redeemed:
        earn_told(order, now=now)
    elif before is not None and _dates(before) != _dates(order):
        purse.date(order, now=now)


def _dates(order: KnownOrder) -> tuple[datetime | None, datetime | None]:
    return order.paid_at, order.delivered_at
