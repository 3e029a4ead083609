"""Cashback at checkout: put aside by a reservation, given back, or spent on an order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking
from cashback.actions.errors import CashbackInsufficient
from cashback.actions.wallets import LockedWallet, lock_wallets, lock_wallets_of_holds
from cashback.domain import life
from cashback.domain.booking import Booking, Purpose
from cashback.queries.holds import KeptHold, holds_of
from cashback.queries.lots import open_lots
from common.ids import new_id


class NotHeld(Exception):
    """No money is held under this reference: the caller did not look after its own state."""


def hold(
    *,
    customer_key: int,
    currency: str,
    amount: int,
    reference: UUID,
    purpose: Purpose = "checkout",
    swaps: bool = False,
    now: datetime,
) -> UUID | None:
    """Put so much aside for a reservation or a payout; the hold's id, None for an amount of 0.

    With `swaps` what the reference holds already is given back first, in the same statement, so that it
    does not stand in its own way. Part of the caller's transaction, which holds the reservation's or
    payout's lock. 3 statements, 4 with `swaps`.

    Raises:
        CashbackInsufficient: less is available. Nothing was written.
    """
    if amount == 0 and not swaps:
        return None
    wallet = lock_wallets([(customer_key, currency)]).get((customer_key, currency))
    if wallet is None:
        if amount == 0:
            return None
        raise CashbackInsufficient
    former = holds_of([reference], purpose=purpose).get(reference, []) if swaps else []
    _, booking = due_booking(wallet, now=now, named=_lots_of(former))
    for kept in former:
        if kept.is_held:
            life.release(booking, hold_id=kept.hold_id, kept=kept.kept, now=now)
    held = None
    if amount:
        held = _put_aside(booking, amount, reference, purpose, len(former), now)
    book([Booked(wallet, booking)], now=now)
    return held


def release(*, references: Collection[UUID], purpose: Purpose = "checkout", now: datetime) -> int:
    """Give back everything that these reservations (or payouts) hold; how many holds that were.

    What has expired meanwhile expires now. References that hold nothing are passed over. Part of the
    caller's transaction. 1 statement where nothing was ever held, else 4, whatever their number.
    """
    wallets = lock_wallets_of_holds(references, purpose=purpose)
    if not wallets:
        return 0
    found = holds_of(references, purpose=purpose)
    held = [kept for of_one in found.values() for kept in of_one if kept.is_held]
    bookings = _bookings(wallets, held, now=now)
    for kept in held:
        life.release(bookings[kept.wallet_key], hold_id=kept.hold_id, kept=kept.kept, now=now)
    book([Booked(wallets[key], booking) for key, booking in bookings.items()], now=now)
    return len(held)


def spend(*, reference: UUID, order_key: int, now: datetime) -> int:
    """Pay for an order with what a reservation holds; the amount, 0 where it holds nothing.

    Part of the caller's transaction, which holds the order's lock; an order is paid for once, for ever.
    1 statement where nothing was ever held, else 3, and 1 more where something is due.
    """
    wallets = lock_wallets_of_holds([reference], purpose="checkout")
    if not wallets:
        return 0
    ((_, wallet),) = wallets.items()
    held = [kept for kept in holds_of([reference], purpose="checkout")[reference] if kept.is_held]
    booking = due_booking(wallet, now=now).booking if wallet.is_due(now) else wallet.booking()
    for kept in held:
        life.spend(booking, hold_id=kept.hold_id, amount=kept.amount, order_key=order_key, now=now)
    book([Booked(wallet, booking)], now=now)
    return sum(kept.amount for kept in held)


def spend_at_once(
    *,
    customer_key: int,
    currency: str,
    amount: int,
    reference: UUID,
    order_key: int,
    now: datetime,
) -> None:
    """Hold and spend in one: for an order that is redeemed without a reservation.

    `reference` is the redemption. Part of the caller's transaction, which holds the order's lock.
    Nothing is done for an amount of 0. 3 statements.

    Raises:
        CashbackInsufficient: less is available. Nothing was written.
    """
    if amount == 0:
        return
    wallet = lock_wallets([(customer_key, currency)]).get((customer_key, currency))
    if wallet is None:
        raise CashbackInsufficient
    _, booking = due_booking(wallet, now=now)
    held = _put_aside(booking, amount, reference, "checkout", 0, now)
    life.spend(booking, hold_id=held, amount=amount, order_key=order_key, now=now)
    book([Booked(wallet, booking)], now=now)


def _put_aside(
    booking: Booking, amount: int, reference: UUID, purpose: Purpose, number: int, now: datetime
) -> UUID:
    if booking.available < amount:
        raise CashbackInsufficient
    hold_id = new_id()
    life.hold(
        booking,
        amount=amount,
        hold_id=hold_id,
        purpose=purpose,
        reference=reference,
        number=number,
        now=now,
    )
    return hold_id


def _lots_of(holds: Sequence[KeptHold]) -> list[int]:
    return [lot_key for kept in holds for lot_key in kept.kept]


def _bookings(
    wallets: dict[int, LockedWallet], holds: Sequence[KeptHold], *, now: datetime
) -> dict[int, Booking]:
    """Bookings on the wallets, up to date, that know their open lots and those of the holds."""
    lots = open_lots(list(wallets), named=_lots_of(holds))
    bookings = {}
    for key, wallet in wallets.items():
        bookings[key] = wallet.booking(lots.get(key, []))
        life.book_due(bookings[key], now=now)
    return bookings
