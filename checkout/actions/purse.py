"""What the checkout does to cashback: holds it for a reservation, dates it, and gives it back.

The locks of orders and customers' figures are had before, those of counts and codes come after.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cashback.actions import holds, returns
from cashback.actions.dates import date_order
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.wallets import lock_wallets
from cashback.domain.booking import Source
from cashback.domain.clawback import TakenBack
from cashback.queries.orders import orders_that_earned
from checkout.domain.priced import PricedCart
from customers.domain.orders import KnownOrder
from promotions.actions.counters import LimitRaced


class OwnHold(NamedTuple):
    """Whose cashback a reservation holds, before its cart is changed."""

    customer_key: int | None
    currency: str
    amount: int


def hold_for(
    reservation_id: UUID,
    *,
    customer_key: int | None,
    answer: PricedCart,
    expires_at: datetime,
    former: OwnHold | None = None,
    now: datetime,
) -> None:
    """Hold what the cart spends, in place of what its former hold had. No statement where there is neither.

    Raises:
        LimitRaced: it was spent meanwhile.
    """
    wanted = answer.cashback.spent
    if former is not None and former.amount and former.customer_key is not None:
        old = (former.customer_key, former.currency)
        if customer_key is None or old != (customer_key, answer.currency):
            # Both at once, sorted: another swap may go the other way.
            new = [(customer_key, answer.currency)] if customer_key is not None else []
            lock_wallets([old, *new])
            holds.release(references=[reservation_id], now=now)
        elif not wanted:
            holds.release(references=[reservation_id], now=now)
    if not wanted:
        return
    assert customer_key is not None, "a guest spends nothing"
    try:
        holds.hold(
            customer_key=customer_key,
            currency=answer.currency,
            amount=wanted,
            reference=reservation_id,
            swaps=former is not None,
            expires_at=expires_at,
            now=now,
        )
    except CashbackInsufficient as error:
        raise LimitRaced from error


def date(order: KnownOrder, *, now: datetime) -> None:
    """Payment or delivery of an order is told: what it earned may be spent from then on."""
    if order.customer_key is not None:
        date_order(
            customer_key=order.customer_key,
            currency=order.currency,
            order_key=order.key,
            paid_at=order.paid_at,
            delivered_at=order.delivered_at,
            now=now,
        )


def tell_all(references: Collection[str], *, now: datetime) -> None:
    """Many orders are told anew, as history: what they earned before is dated by that, or taken back.

    1 statement where none of them has earned.
    """
    found = orders_that_earned(references)
    # All at once, sorted, before any of them is touched.
    lock_wallets(sorted({(order.customer_key, order.currency) for order in found}))
    for order in found:
        if order.is_cancelled:
            undo(
                customer_key=order.customer_key,
                currency=order.currency,
                order_key=order.order_key,
                spent=0,
                now=now,
            )
        elif order.is_pending:
            date_order(
                customer_key=order.customer_key,
                currency=order.currency,
                order_key=order.order_key,
                paid_at=order.paid_at,
                delivered_at=order.delivered_at,
                now=now,
            )


def undo(
    *, customer_key: int | None, currency: str, order_key: int, spent: int, now: datetime
) -> None:
    """An order is cancelled: what it was paid with is restored, then what it earned is taken back.

    1 statement where the customer has no wallet, 2 where the order has neither spent nor earned.
    """
    if customer_key is None:
        return
    source = returns.cancel_source(order_key=order_key)
    if spent:
        returns.restore(
            customer_key=customer_key,
            currency=currency,
            order_key=order_key,
            source=source,
            now=now,
        )
    returns.take_back(
        customer_key=customer_key, currency=currency, order_key=order_key, source=source, now=now
    )


class Undone(NamedTuple):
    """What a return did to cashback, minor units."""

    restored: int = 0
    taken: TakenBack = returns.NOTHING


def undo_units(
    order: KnownOrder,
    *,
    source: Source,
    restored: int,
    reversed_by_line: dict[str, int] | None,
    refund: int,
    now: datetime,
) -> Undone:
    """A part of an order comes back, or (None) all that was left of it: first its share of what it was paid
    with, then what it had earned, some of which may go off the `refund`.
    """
    if order.customer_key is None:
        return Undone()
    back = returns.restore(
        customer_key=order.customer_key,
        currency=order.currency,
        order_key=order.key,
        source=source,
        amount=restored,
        now=now,
    )
    taken = returns.take_back(
        customer_key=order.customer_key,
        currency=order.currency,
        order_key=order.key,
        source=source,
        lines=reversed_by_line,
        refund=refund,
        now=now,
    )
    return Undone(back, taken)
