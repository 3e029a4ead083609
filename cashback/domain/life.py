"""What becomes of lots by time alone, and what is put aside, given back and spent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple
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
    Held,
    Overdrawn,
    Purpose,
    Source,
)
from cashback.domain.lots import RESTORED_DAYS, Lot, NewLot, expires_on


def book_due(booking: Booking, *, now: datetime, since: datetime | None = None) -> None:
    """Book what is due at `now` of the lots and holds that the booking knows, each at its own instant.

    One follows the other as if somebody had booked each in time. Of what is due at one instant lots
    mature first, then holds end, then lots expire. Nothing is dated before `since`.
    """
    due = [_due_of(lot) for lot in booking.lots.values() if _is_due(lot, now)]
    due += [
        _Due(held.expires_at, 1, held.expires_at, place, held)
        for place, held in enumerate(booking.held.values())
        if held.expires_at is not None and held.expires_at <= now
    ]
    heapify(due)
    while due:
        instant, _, _, key, held = heappop(due)
        at = max(instant, since) if since is not None else instant
        if held is not None:
            _release(booking, held, at=at)
            lots = [booking.lots[key] for key in held.kept]
        elif booking.lots[key].is_available:
            _expire(booking, booking.lots[key], at=at)
            continue
        else:
            _mature(booking, booking.lots[key], at=at)
            lots = [booking.lots[key]]
        for lot in lots:
            if _is_due(lot, now):
                # What came back to a lot that was over expires as it comes.
                heappush(due, _due_of(lot)._replace(instant=max(_due_of(lot).instant, at)))


def hold(
    booking: Booking,
    *,
    amount: int,
    hold_id: UUID,
    purpose: Purpose,
    reference: UUID,
    number: int,
    expires_at: datetime | None = None,
    now: datetime,
) -> None:
    """Put so much of what is available aside, from the lots that expire first.

    Raises:
        Overdrawn: there is less.
    """
    booking.post("hold", Source("hold", str(hold_id)), at=now)
    booking.move(AVAILABLE, HELD, amount)
    booking.put_aside(hold_id, purpose, reference, number, expires_at)
    for lot in booking.spendable():
        part = min(lot.remaining, amount)
        booking.allocate(lot.key, -part, hold_id=hold_id)
        amount -= part
        if amount == 0:
            break


def release(booking: Booking, held: Held, *, now: datetime) -> None:
    """Give what a hold keeps back to its own lots; what has expired meanwhile expires now."""
    _release(booking, held, at=now)
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


def fail(booking: Booking, held: Held, *, now: datetime) -> None:
    """The provider has not paid: back to the own lots, as if released."""
    booking.post("fail", Source("hold", str(held.hold_id)), at=now)
    booking.resolve(held.hold_id, "clearing", "failed")
    _give_back(booking, CLEARING, held)
    book_due(booking, now=now, since=now)


def restore(
    booking: Booking,
    spent: Held,
    *,
    source: Source,
    order_key: int,
    amount: int,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Give back so much of what a hold has spent: what was spent last first, so that what stays spent is
    what would have been spent had the returned units never been bought.

    It goes to its own lots with their expiry; what has expired meanwhile becomes new lots. Debt is
    repaid first, by what would be spent first.

    Raises:
        Overdrawn: less was spent.
    """
    parts, left = {}, amount
    for key in reversed(_in_turn(booking, spent.kept)):
        parts[key] = min(left, spent.kept[key])
        left -= parts[key]
    if left:
        raise Overdrawn(f"{left} more than was spent")
    booking.post("restore", source, at=now, order_key=order_key)
    renewed_until = expires_on(now, days=RESTORED_DAYS, zone=zone)
    back = Held(spent.hold_id, {key: part for key, part in parts.items() if part})
    for key, part in _give_back(booking, SETTLED, back, renewed_until=renewed_until, now=now):
        lot = booking.lots[key]
        booking.allocate(key, -part)
        booking.add_lot(
            NewLot(
                is_available=True,
                amount=part,
                expires_after_days=RESTORED_DAYS,
                available_at=now,
                expires_at=renewed_until,
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


class _Due(NamedTuple):
    """Something that is due: of lots by `key`, of holds by their place."""

    instant: datetime
    #: Which comes first at one instant.
    rank: int
    expires_at: datetime
    key: int
    held: Held | None = None


def _is_due(lot: Lot, now: datetime) -> bool:
    return lot.due_at is not None and lot.due_at <= now


def _due_of(lot: Lot) -> _Due:
    assert lot.due_at is not None
    return _Due(lot.due_at, 2 if lot.is_available else 0, *lot.turn)


def _release(booking: Booking, held: Held, *, at: datetime) -> None:
    booking.post("release", Source("hold", str(held.hold_id)), at=at)
    booking.resolve(held.hold_id, "held", "released")
    _give_back(booking, HELD, held)


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
        order_id=lot.told_order_id,
        expires_at=lot.expires_at.isoformat() if lot.expires_at else None,
    )


def _expire(booking: Booking, lot: Lot, *, at: datetime) -> None:
    if lot.remaining == 0:
        return
    booking.post("expire", Source("lot", str(lot.key), lot.expiries), at=at)
    booking.move(AVAILABLE, BREAKAGE, lot.remaining, lot=lot.key)
    booking.change(replace(lot, expiries=lot.expiries + 1))
    booking.allocate(lot.key, -lot.remaining)
    booking.tell("cashback.expired", lot.remaining, order_id=lot.told_order_id)


def _give_back(
    booking: Booking,
    debit: Account,
    held: Held,
    *,
    renewed_until: datetime | None = None,
    now: datetime | None = None,
) -> list[tuple[int, int]]:
    """Back to the lots; what repays debt leaves them at once, of that first which would be spent first.

    With `renewed_until` lots that are over at `now` count as lasting until then. Which of these keep how
    much.
    """
    over = {key for key in held.kept if now is not None and booking.lots[key].turn[0] <= now}
    # A new lot is younger than all that are there.
    turns = {
        key: (renewed_until if key in over and renewed_until else turn[0], key in over, turn[1])
        for key in held.kept
        for turn in [booking.lots[key].turn]
    }
    total, owed = sum(held.kept.values()), booking.debt
    booking.move(debit, DEBT, min(owed, total))
    booking.move(debit, AVAILABLE, total - min(owed, total))
    kept = []
    for key in sorted(turns, key=lambda key: turns[key]):
        repaid = min(owed, held.kept[key])
        owed -= repaid
        booking.allocate(key, held.kept[key], hold_id=held.hold_id)
        booking.allocate(key, -repaid)
        if key in over and held.kept[key] > repaid:
            kept.append((key, held.kept[key] - repaid))
    return kept


def _in_turn(booking: Booking, keys: Mapping[int, int]) -> list[int]:
    return sorted(keys, key=lambda key: booking.lots[key].turn)
