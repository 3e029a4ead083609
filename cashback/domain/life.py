"""What becomes of lots by time alone, and what is put aside, given back and spent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID
from zoneinfo import ZoneInfo

from cashback.domain.booking import (
    AVAILABLE,
    BREAKAGE,
    CLEARING,
    DEBT,
    EXPENSE,
    HELD,
    PENDING,
    SETTLED,
    Account,
    Booking,
    Overdrawn,
    Purpose,
    Source,
)
from cashback.domain.lots import RESTORED_DAYS, Lot, NewLot, expires_on


def book_due(booking: Booking, *, now: datetime, since: datetime | None = None) -> None:
    """Book what is due at `now` of the lots that the booking knows, each at its own instant.

    Maturing and expiring follow each other as they would have if somebody had booked each in time.
    Nothing is dated before `since`.
    """
    due = [place for lot in booking.lots.values() if (place := _due_place(lot, now))]
    heapify(due)
    while due:
        instant, _, key = heappop(due)
        at = max(instant, since) if since is not None else instant
        if booking.lots[key].is_available:
            _expire(booking, booking.lots[key], at=at)
        else:
            _mature(booking, booking.lots[key], at=at)
            if place := _due_place(booking.lots[key], now):
                heappush(due, place)


def hold(
    booking: Booking,
    *,
    amount: int,
    hold_id: UUID,
    purpose: Purpose,
    reference: UUID,
    number: int,
    now: datetime,
) -> None:
    """Put so much of what is available aside, from the lots that expire first.

    Raises:
        Overdrawn: there is less.
    """
    booking.post("hold", Source("hold", str(hold_id)), at=now)
    booking.move(AVAILABLE, HELD, amount)
    booking.put_aside(hold_id, purpose, reference, number)
    for lot in booking.spendable():
        part = min(lot.remaining, amount)
        booking.allocate(lot.key, -part, hold_id=hold_id)
        amount -= part
        if amount == 0:
            break


def release(booking: Booking, *, hold_id: UUID, kept: Mapping[int, int], now: datetime) -> None:
    """Give what a hold keeps (by lot) back to its own lots; what has expired meanwhile expires now."""
    booking.post("release", Source("hold", str(hold_id)), at=now)
    booking.resolve(hold_id, "held", "released")
    _give_back(booking, HELD, kept, hold_id)
    book_due(booking, now=now, since=now)


def spend(booking: Booking, *, hold_id: UUID, amount: int, order_key: int, now: datetime) -> None:
    """Pay for an order with the whole of a hold."""
    booking.post("spend", Source("order", str(order_key)), at=now, order_key=order_key)
    booking.resolve(hold_id, "held", "spent")
    booking.move(HELD, SETTLED, amount)


def submit(booking: Booking, *, hold_id: UUID, amount: int, now: datetime) -> None:
    """Hand a payout over to its provider."""
    booking.post("submit", Source("hold", str(hold_id)), at=now)
    booking.resolve(hold_id, "held", "submitted")
    booking.move(HELD, CLEARING, amount)


def pay(booking: Booking, *, hold_id: UUID, amount: int, now: datetime) -> None:
    """The provider has paid."""
    booking.post("pay", Source("hold", str(hold_id)), at=now)
    booking.resolve(hold_id, "clearing", "paid")
    booking.move(CLEARING, SETTLED, amount)


def fail(booking: Booking, *, hold_id: UUID, kept: Mapping[int, int], now: datetime) -> None:
    """The provider has not paid: back to the own lots, as if released."""
    booking.post("fail", Source("hold", str(hold_id)), at=now)
    booking.resolve(hold_id, "clearing", "failed")
    _give_back(booking, CLEARING, kept, hold_id)
    book_due(booking, now=now, since=now)


def restore(
    booking: Booking,
    *,
    source: Source,
    order_key: int,
    amount: int,
    hold_id: UUID,
    spent: Mapping[int, int],
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Give back so much of what a hold has spent (by lot), in the order in which it was spent.

    It goes to its own lots with their expiry; what has expired meanwhile becomes a new lot.

    Raises:
        Overdrawn: less was spent.
    """
    parts: dict[int, int] = {}
    left = amount
    for key in _in_turn(booking, spent):
        parts[key] = min(left, spent[key])
        left -= parts[key]
    if left:
        raise Overdrawn(f"{left} more than was spent")
    booking.post("restore", source, at=now, order_key=order_key)
    for key, part in _give_back(booking, SETTLED, parts, hold_id).items():
        lot = booking.lots[key]
        assert lot.expires_at is not None
        if part and lot.expires_at <= now:
            booking.allocate(key, -part)
            booking.add_lot(
                NewLot(
                    is_available=True,
                    amount=part,
                    expires_after_days=RESTORED_DAYS,
                    available_at=now,
                    expires_at=expires_on(now, days=RESTORED_DAYS, zone=zone),
                    clawback=lot.clawback,
                    order_key=lot.order_key,
                    origin_key=key,
                )
            )


def give(
    booking: Booking,
    *,
    source: Source,
    amount: int,
    expires_after_days: int,
    expires_at: datetime,
    now: datetime,
) -> None:
    """A person gives so much; debt is repaid first, and the rest is a lot."""
    booking.post("adjust", source, at=now)
    rest = amount - min(booking.debt, amount)
    booking.move(EXPENSE, DEBT, amount - rest)
    if rest:
        lot = booking.add_lot(
            NewLot(
                is_available=True,
                amount=rest,
                expires_after_days=expires_after_days,
                available_at=now,
                expires_at=expires_at,
            )
        )
        booking.move(EXPENSE, AVAILABLE, rest, lot=lot)


def take(booking: Booking, *, source: Source, amount: int, now: datetime) -> None:
    """A person takes so much of what is available, from the lots that expire first.

    Raises:
        Overdrawn: there is less.
    """
    booking.post("adjust", source, at=now)
    booking.move(AVAILABLE, EXPENSE, amount)
    for lot in booking.spendable():
        part = min(lot.remaining, amount)
        booking.allocate(lot.key, -part)
        amount -= part
        if amount == 0:
            break


def _due_place(lot: Lot, now: datetime) -> tuple[datetime, datetime, int] | None:
    """When the lot is due, and its place among those due at the same instant; None: not yet."""
    instant = lot.due_at
    return (instant, *lot.turn) if instant is not None and instant <= now else None


def _mature(booking: Booking, lot: Lot, *, at: datetime) -> None:
    booking.post("mature", Source("lot", str(lot.key)), at=at)
    repaid = min(booking.debt, lot.remaining)
    booking.move(PENDING, DEBT, repaid, lot=lot.key)
    booking.move(PENDING, AVAILABLE, lot.remaining - repaid, lot=lot.key)
    booking.change(replace(lot, is_available=True))
    booking.allocate(lot.key, -repaid)
    booking.tell(
        "cashback.available",
        lot.remaining - repaid,
        order_id=lot.order_id,
        expires_at=lot.expires_at.isoformat() if lot.expires_at else None,
    )


def _expire(booking: Booking, lot: Lot, *, at: datetime) -> None:
    booking.post("expire", Source("lot", str(lot.key), lot.expiries), at=at)
    booking.move(AVAILABLE, BREAKAGE, lot.remaining, lot=lot.key)
    booking.change(replace(lot, expiries=lot.expiries + 1))
    booking.allocate(lot.key, -lot.remaining)
    booking.tell("cashback.expired", lot.remaining, order_id=lot.order_id)


def _give_back(
    booking: Booking, debit: Account, parts: Mapping[int, int], hold_id: UUID
) -> dict[int, int]:
    """Back to the lots, in their order; what repays debt leaves them at once. What stays, by lot."""
    total, owed = sum(parts.values()), booking.debt
    booking.move(debit, DEBT, min(owed, total))
    booking.move(debit, AVAILABLE, total - min(owed, total))
    stays = {}
    for key in _in_turn(booking, parts):
        repaid = min(owed, parts[key])
        owed -= repaid
        booking.allocate(key, parts[key], hold_id=hold_id)
        booking.allocate(key, -repaid)
        stays[key] = parts[key] - repaid
    return stays


def _in_turn(booking: Booking, keys: Mapping[int, int]) -> list[int]:
    return sorted(keys, key=lambda key: booking.lots[key].turn)
