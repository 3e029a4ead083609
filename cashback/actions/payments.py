"""Paying for an order with cashback: what a reservation holds, or what is available at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cashback.actions.errors import CashbackInsufficient
from cashback.actions.holds import NotHeld
from cashback.domain import life
from cashback.domain.booking import Booking
from cashback.queries.holds import KeptHold, holds_of
from common.ids import new_id


class Payment(NamedTuple):
    """So much of an order is paid with cashback, minor units."""

    amount: int
    #: The reservation that holds it; else the redemption, which holds and spends in one.
    reference: UUID
    is_held: bool = False


def holds_for(payments: Sequence[Payment]) -> Mapping[UUID, Sequence[KeptHold]]:
    """What reservations hold for these payments, by reservation. 1 statement where any is held."""
    references = [payment.reference for payment in payments if payment.is_held]
    return holds_of(references, purpose="checkout") if references else {}


def pay(
    booking: Booking,
    payment: Payment,
    *,
    order_key: int,
    holds: Mapping[UUID, Sequence[KeptHold]],
    now: datetime,
) -> None:
    """Spend it; of what is not held the booking knows all lots.

    Raises:
        CashbackInsufficient: less is available.
        NotHeld: the reservation holds it no more.
    """
    if not payment.is_held:
        _pay_at_once(booking, payment, order_key=order_key, now=now)
        return
    kept = [
        hold
        for hold in holds.get(payment.reference, ())
        if hold.is_held and not booking.has_ended(hold.hold_id)
    ]
    if sum(hold.amount for hold in kept) != payment.amount:
        raise NotHeld
    for hold in kept:
        life.spend(booking, hold_id=hold.hold_id, amount=hold.amount, order_key=order_key, now=now)


def _pay_at_once(booking: Booking, payment: Payment, *, order_key: int, now: datetime) -> None:
    if booking.available < payment.amount:
        raise CashbackInsufficient
    hold_id = new_id()
    life.hold(
        booking,
        amount=payment.amount,
        hold_id=hold_id,
        purpose="checkout",
        reference=payment.reference,
        number=0,
        now=now,
    )
    life.spend(booking, hold_id=hold_id, amount=payment.amount, order_key=order_key, now=now)
