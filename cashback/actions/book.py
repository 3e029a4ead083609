"""Writing what was decided on wallets: everything in one statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from cashback.actions.ledger_sql import writing
from cashback.actions.opening import partner_accounts
from cashback.actions.wallets import LockedWallet
from cashback.domain.booking import AVAILABLE, PENDING, Account, Booking
from cashback.domain.lots import NewLot
from journal.actions import NewEvent, events_insert

SYSTEM = "system"

_PARTNER = "partner:"
#: What nobody does: it is only booked by the way.
_BY_TIME = frozenset({"mature", "expire"})


class LockLost(Exception):
    """A wallet is not there any more, so its row was not locked."""


class Booked(NamedTuple):
    """A wallet, its row locked, and what is posted to it."""

    wallet: LockedWallet
    booking: Booking

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to write."""
        booking = self.booking
        moved = booking.postings or booking.changed
        return bool(moved) or booking.due_at != self.wallet.due_at


def book(bookings: Iterable[Booked], *, actor: str = SYSTEM, now: datetime) -> None:
    """Write what was decided, one booking for each wallet, sorted by the wallets' keys."""
    changed = [booked for booked in bookings if booked.has_changed]
    if not changed:
        return
    changed.sort(key=lambda booked: booked.wallet.key)
    events = [
        NewEvent(event.type, event.payload, wallet.customer_key, event.at)
        for wallet, booking in changed
        for event in booking.events
    ]
    statement, parameters = writing(
        _rows(changed, actor=actor),
        events=events_insert(events) if events else None,
        posted_at=now,
    )
    with connection.cursor() as cursor:
        statement.run(cursor, parameters)
        if cursor.rowcount != len(changed):
            raise LockLost


class _Rows:
    """Rows by table, in the order of the columns that `writing` names."""

    def __init__(self, partners: Mapping[tuple[int, str], int], *, actor: str) -> None:
        self.partners = partners
        self.actor = actor
        self.of: dict[str, list[Sequence[Any]]] = {
            table: []
            for table in (
                "posting", "transfer", "lot", "share", "hold", "outcome", "allocation",
                "changed_lot", "taken_share", "wallet",
            )
        }  # fmt: skip

    def account(self, wallet: LockedWallet, name: Account) -> int:
        """An account's key."""
        if name.startswith(_PARTNER):
            return self.partners[int(name.removeprefix(_PARTNER)), wallet.currency]
        return wallet.accounts[name]

    def add(self, wallet: LockedWallet, booking: Booking) -> None:
        """Everything of one booking."""
        # Rows name postings and lots by their place, counted from 1.
        first, lots_before = len(self.of["posting"]) + 1, len(self.of["lot"])
        for posting, planned in enumerate(booking.postings, start=first):
            actor = SYSTEM if planned.kind in _BY_TIME else self.actor
            self.of["posting"].append(
                (wallet.key, planned.kind, *planned.source, planned.order_key, planned.at, actor)
            )
            for debit, credit, amount, debit_after, credit_after, lot_ref in planned.transfers:
                is_new = lot_ref is not None and lot_ref < 0
                lot_key = (lot_ref or 0) - lots_before if is_new else lot_ref
                self.of["transfer"].append(
                    (
                        posting, self.account(wallet, debit), self.account(wallet, credit),
                        wallet.currency, amount, debit_after, credit_after,
                        lot_key,
                    )
                )  # fmt: skip
            for lot_key, amount, hold_id in planned.allocations:
                self.of["allocation"].append((lot_key, posting, hold_id, amount))
            for lot in planned.lots:
                self._add_lot(wallet, posting, lot)
        for hold_id, purpose, reference, number, amount, expires_at, at in booking.holds:
            self.of["hold"].append(
                (hold_id, wallet.key, purpose, reference, number, amount, expires_at, first + at)
            )
        for hold_id, stage, outcome, at in booking.outcomes:
            self.of["outcome"].append((hold_id, stage, outcome, first + at))
        self._add_changes(wallet, booking)

    def _add_lot(self, wallet: LockedWallet, posting: int, lot: NewLot) -> None:
        account = wallet.accounts[AVAILABLE if lot.is_available else PENDING]
        self.of["lot"].append(
            (
                posting, wallet.key, account, lot.amount, lot.amount, lot.order_key, lot.rule_key,
                lot.promotion_id, lot.origin_key, lot.partner_key, lot.partner_amount,
                lot.partner_percent, lot.clawback, lot.pending_days, lot.expires_after_days, msgspec.json.encode(lot.terms).decode(),
                lot.available_at, lot.expires_at,
            )
        )  # fmt: skip
        place = len(self.of["lot"])
        self.of["share"] += [(place, *share) for share in lot.shares]

    def _add_changes(self, wallet: LockedWallet, booking: Booking) -> None:
        taken: dict[int, int] = {}
        for planned in booking.postings:
            for lot_key, amount, _ in planned.allocations:
                taken[lot_key] = taken.get(lot_key, 0) + amount
        for key in sorted(booking.changed):
            lot = booking.lots[key]
            self.of["changed_lot"].append(
                (
                    key, taken.get(key, 0),
                    wallet.accounts[AVAILABLE if lot.is_available else PENDING],
                    lot.available_at, lot.expires_at, lot.expiries, lot.absorbed,
                )
            )  # fmt: skip
        self.of["taken_share"] += [(*at, amount) for at, amount in booking.taken_back.items()]
        changes = [
            after - before for after, before in zip(booking.balances, wallet.balances, strict=True)
        ]
        self.of["wallet"].append((wallet.key, *changes, booking.due_at))


def _rows(bookings: Sequence[Booked], *, actor: str) -> Mapping[str, Sequence[Sequence[Any]]]:
    needed = set(_partners_of(bookings))
    rows = _Rows(partner_accounts(needed) if needed else {}, actor=actor)
    for wallet, booking in bookings:
        rows.add(wallet, booking)
    return rows.of


def _partners_of(bookings: Sequence[Booked]) -> Iterator[tuple[int, str]]:
    for wallet, booking in bookings:
        for planned in booking.postings:
            for transfer in planned.transfers:
                for name in transfer[:2]:
                    if name.startswith(_PARTNER):
                        yield int(name.removeprefix(_PARTNER)), wallet.currency
