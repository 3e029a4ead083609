"""Booking what is due: of one customer when their wallets are touched, of all others in batches."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from cashback.actions.book import Booked, book
from cashback.actions.wallets import (
    LockedWallet,
    Owner,
    lock_due_wallets,
    lock_wallets,
    lock_wallets_of,
)
from cashback.domain.booking import AVAILABLE, Booking
from cashback.domain.life import book_due as book_due_of
from cashback.queries.holds import ending_holds
from cashback.queries.lots import open_lots

#: Wallets of one batch: enough to make statements worth their while, few enough to hold for a moment.
BATCH = 1_000


class DueWork(NamedTuple):
    """What a run has done."""

    wallets: int = 0
    postings: int = 0


def touch(*, customer_key: int, now: datetime) -> int:
    """Book what is due in the customer's wallets; how many postings that took.

    Part of the caller's transaction. 1 statement where nothing is due, else 4.
    """
    wallets = [wallet for wallet in lock_wallets_of(customer_key) if wallet.is_due(now)]
    return _book_due(wallets, now=now)


def touch_wallets(owners: Sequence[Owner], *, now: datetime) -> int:
    """As `touch`, of wallets that the caller has locked: it locks no others, out of their order."""
    wallets = [wallet for wallet in lock_wallets(owners).values() if wallet.is_due(now)]
    return _book_due(wallets, now=now)


def book_due(*, now: datetime, batch: int = BATCH, batches: int | None = None) -> DueWork:
    """Book what is due in all wallets, or in so many batches of them; each in a transaction of its own.

    Wallets that somebody else has locked are passed over: they are touched by that. Safe to be run twice
    at once, to be killed, and to be begun again.
    """
    done = DueWork()
    while batches is None or batches > 0:
        with transaction.atomic():
            wallets = lock_due_wallets(now=now, limit=batch)
            postings = _book_due(wallets, now=now)
        done = DueWork(done.wallets + len(wallets), done.postings + postings)
        if len(wallets) < batch:
            break
        batches = batches - 1 if batches is not None else None
    return done


def due_bookings(
    wallets: Iterable[LockedWallet], *, now: datetime, named: Collection[int] = ()
) -> dict[int, Booking]:
    """Bookings on locked wallets, up to date, by wallet: they know all open lots and the `named` ones.

    1 statement, 1 more where something is due.
    """
    locked = {wallet.key: wallet for wallet in wallets}
    if not locked:
        return {}
    due = [wallet.key for wallet in locked.values() if wallet.is_due(now)]
    ending = ending_holds(due) if due else {}
    kept = {lot for holds in ending.values() for hold in holds for lot in hold.kept}
    available = {key: wallet.accounts[AVAILABLE] for key, wallet in locked.items()}
    lots = open_lots(available, named={*named, *kept}, with_orders=bool(due))
    bookings = {}
    for key, wallet in locked.items():
        # Of a wallet that is not due nobody has looked after its holds.
        held = [hold.held for hold in ending.get(key, [])] if wallet.is_due(now) else None
        bookings[key] = wallet.booking(lots.get(key, []), held)
        book_due_of(bookings[key], now=now)
    return bookings


def due_booking(wallet: LockedWallet, *, now: datetime, named: Collection[int] = ()) -> Booking:
    """As `due_bookings`, of one wallet."""
    return due_bookings([wallet], now=now, named=named)[wallet.key]


def _book_due(wallets: Sequence[LockedWallet], *, now: datetime) -> int:
    if not wallets:
        return 0
    bookings = due_bookings(wallets, now=now)
    book([Booked(wallet, bookings[wallet.key]) for wallet in wallets], now=now)
    return sum(len(booking.postings) for booking in bookings.values())
