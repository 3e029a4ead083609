"""Booking what is due: of one customer when their wallets are touched, of all others in batches."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from cashback.actions.book import Booked, book
from cashback.actions.wallets import LockedWallet, lock_due_wallets, lock_wallets_of
from cashback.domain.life import book_due as book_due_of
from cashback.queries.lots import open_lots

#: Wallets of one batch: enough to make statements worth their while, few enough to hold for a moment.
BATCH = 1_000


class DueWork(NamedTuple):
    """What a run has done."""

    wallets: int = 0
    postings: int = 0


def touch(*, customer_key: int, now: datetime) -> int:
    """Book what is due in the customer's wallets; how many postings that took.

    Part of the caller's transaction. 1 statement where nothing is due, else 3.
    """
    wallets = lock_wallets_of(customer_key)
    return _book_due([wallet for wallet in wallets if wallet.is_due(now)], now=now)


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


def due_booking(wallet: LockedWallet, *, now: datetime, named: Collection[int] = ()) -> Booked:
    """A booking on the locked wallet that knows its open lots (and the `named` ones), up to date.

    1 statement.
    """
    booking = wallet.booking(open_lots([wallet.key], named=named).get(wallet.key, []))
    book_due_of(booking, now=now)
    return Booked(wallet, booking)


def _book_due(wallets: Sequence[LockedWallet], *, now: datetime) -> int:
    if not wallets:
        return 0
    lots = open_lots([wallet.key for wallet in wallets])
    bookings = []
    for wallet in wallets:
        booking = wallet.booking(lots.get(wallet.key, []))
        book_due_of(booking, now=now)
        bookings.append(Booked(wallet, booking))
    book(bookings, now=now)
    return sum(len(booked.booking.postings) for booked in bookings)
