"""Orders as the shop tells them: customers keeps them, the checkout adds what cancelling one undoes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from checkout.actions.cancel import cancel_for_order
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
    return PutOrder(order, written.created, closing)
