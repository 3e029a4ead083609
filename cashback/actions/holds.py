"""Cashback at checkout: put aside by a reservation, given back, or spent on an order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking, due_bookings
from cashback.actions.errors import insufficient
from cashback.actions.wallets import (
    extend_holds,
    lock_wallets,
    lock_wallets_for_swap,
    lock_wallets_of_holds,
)
from cashback.domain import life
from cashback.domain.booking import Booking, Purpose
from cashback.queries.holds import KeptHold, holds_of
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
    expires_at: datetime | None = None,
    now: datetime,
) -> UUID | None:
    """Put so much aside for a reservation or a payout; the hold's id, None for an amount of 0.

    It ends by itself at `expires_at`, whoever looks. With `swaps` what the reference holds already, perhaps
    in another wallet, is given back first, in the same statement, so that it does not stand in its own way.
    Part of the caller's transaction, which holds the reservation's or payout's lock. 3 statements, 4 with
    `swaps`, 1 more where something is due.

    Raises:
        CashbackInsufficient: less is available. Nothing was written.
    """
    if amount == 0 and not swaps:
        return None
    owner = (customer_key, currency)
    wallets = (
        lock_wallets_for_swap(owner, reference=reference, purpose=purpose)
        if swaps
        else lock_wallets([owner])
    )
    if amount and owner not in wallets:
        raise insufficient(0, currency=currency)
    former = holds_of([reference], purpose=purpose).get(reference, []) if swaps else []
    bookings = due_bookings(wallets.values(), now=now, named=_lots_of(former))
    _release_in(bookings, former, now=now)
    held = None
    if amount:
        booking = bookings[wallets[owner].key]
        held = _put_aside(
            booking, amount, currency, reference, purpose, len(former), expires_at, now
        )
    book([Booked(wallet, bookings[wallet.key]) for wallet in wallets.values()], now=now)
    return held


def extend(*, reference: UUID, expires_at: datetime, now: datetime) -> None:
    """Let what a reservation holds end at another instant.

    Part of the caller's transaction, which holds the reservation's lock. 1 statement where nothing was
    ever held, else 3 or 4.
    """
    wallets = lock_wallets_of_holds([reference], purpose="checkout")
    for wallet in wallets.values():
        booking = due_booking(wallet, now=now)
        extend_holds(reference=reference, expires_at=expires_at)
        booking.expect(expires_at)
        book([Booked(wallet, booking)], now=now)


def release(*, references: Collection[UUID], purpose: Purpose = "checkout", now: datetime) -> int:
    """Give back everything that these reservations (or payouts) hold; how many holds that were.

    What has expired meanwhile expires now. References that hold nothing, or whose hold has ended by itself,
    are passed over. Part of the caller's transaction. 1 statement where nothing was ever held, else 4 or 5,
    whatever their number.
    """
    wallets = lock_wallets_of_holds(references, purpose=purpose)
    if not wallets:
        return 0
    found = holds_of(references, purpose=purpose)
    held = [kept for of_one in found.values() for kept in of_one if kept.is_held]
    bookings = due_bookings(wallets.values(), now=now, named=_lots_of(held))
    _release_in(bookings, held, now=now)
    book([Booked(wallets[key], booking) for key, booking in bookings.items()], now=now)
    return len(held)


def spend(*, reference: UUID, order_key: int, now: datetime) -> int:
    """Pay for an order with what a reservation holds; the amount, 0 where it holds nothing.

    Part of the caller's transaction, which holds the locks of reservation and order; an order is paid for
    once, for ever. 1 statement where nothing was ever held, else 3, and 2 more where something is due.
    """
    wallets = lock_wallets_of_holds([reference], purpose="checkout")
    if not wallets:
        return 0
    held = [kept for kept in holds_of([reference], purpose="checkout")[reference] if kept.is_held]
    if not held:
        return 0
    # A reservation holds once at a time, so in one wallet.
    wallet = wallets[held[0].wallet_key]
    booking = due_booking(wallet, now=now) if wallet.is_due(now) else wallet.booking()
    held = [kept for kept in held if not booking.has_ended(kept.hold_id)]
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
        raise insufficient(0, currency=currency)
    booking = due_booking(wallet, now=now)
    held = _put_aside(booking, amount, currency, reference, "checkout", 0, None, now)
    life.spend(booking, hold_id=held, amount=amount, order_key=order_key, now=now)
    book([Booked(wallet, booking)], now=now)


def _put_aside(
    booking: Booking,
    amount: int,
    currency: str,
    reference: UUID,
    purpose: Purpose,
    number: int,
    expires_at: datetime | None,
    now: datetime,
) -> UUID:
    if booking.available < amount:
        raise insufficient(booking.available, currency=currency)
    hold_id = new_id()
    life.hold(
        booking,
        amount=amount,
        hold_id=hold_id,
        purpose=purpose,
        reference=reference,
        number=number,
        expires_at=expires_at,
        now=now,
    )
    return hold_id


def _release_in(
    bookings: Mapping[int, Booking], holds: Sequence[KeptHold], *, now: datetime
) -> None:
    """Each in its wallet; those that are held still: some may just have ended by themselves."""
    for kept in holds:
        booking = bookings[kept.wallet_key]
        if kept.is_held and not booking.has_ended(kept.hold_id):
            life.release(booking, kept.held, now=now)


def _lots_of(holds: Sequence[KeptHold]) -> list[int]:
    return [lot_key for kept in holds for lot_key in kept.kept]
