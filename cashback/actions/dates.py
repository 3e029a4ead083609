"""Payment or delivery is told: from when on an order's cashback may be spent."""

from dataclasses import replace
from datetime import datetime

from cashback.actions.book import Booked, book
from cashback.actions.due import due_booking
from cashback.actions.wallets import lock_wallets
from cashback.domain.life import book_due
from cashback.domain.lots import available_from, expires_on
from cashback.queries.lots import shares_of_order
from cashback.queries.shop import shop_zone


def date_order(
    *,
    customer_key: int,
    currency: str,
    order_key: int,
    paid_at: datetime | None,
    delivered_at: datetime | None,
    now: datetime,
) -> None:
    """Set from when to when what an order has earned may be spent, and book what is due by that.

    Only what is still pending is dated anew: what was due before by the dates told so far has become
    available then. Part of the caller's transaction, which holds the order's lock. 1 statement where the
    customer has no wallet, 2 where the order has earned nothing, else 4.
    """
    wallet = lock_wallets([(customer_key, currency)]).get((customer_key, currency))
    if wallet is None:
        return
    keys = sorted({share.lot_key for share in shares_of_order(order_key)})
    if not keys:
        return
    booking = due_booking(wallet, now=now, named=keys)
    for lot in [booking.lots[key] for key in keys]:
        available_at = available_from(
            delivered_at=delivered_at, paid_at=paid_at, pending_days=lot.pending_days
        )
        if lot.is_available or available_at == lot.available_at:
            continue
        expires_at = available_at and expires_on(
            available_at, days=lot.expires_after_days, zone=shop_zone()
        )
        booking.change(replace(lot, available_at=available_at, expires_at=expires_at))
    book_due(booking, now=now)
    book([Booked(wallet, booking)], now=now)
