"""The clock, the wallets, what is held, and what falls due."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, NamedTuple

from tests.reference.cashback.earning import RuleBook
from tests.reference.cashback.instants import end_of_day, matures_at
from tests.reference.cashback.ledger import Ledger, Lot
from tests.reference.cashback.wallet import NEVER, Part, Wallet
from tests.reference.units import Json

BINDING = {"offers_not_applicable", "return_exceeds_order", "cashback_insufficient"}


class Refused(Exception):
    """Nothing has changed. `code` as the contract has it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Due(NamedTuple):
    """Something that counts from its instant. `rank`: which comes first of what is due at once."""

    at: datetime
    rank: int
    turn: tuple[datetime, int]
    book: Callable[[], None]


@dataclass
class Hold:
    """Credit set aside for a checkout or a payout; resolved once."""

    wallet: Wallet
    parts: list[Part]
    number: int


@dataclass
class Reservation:
    """A checkout that holds its cashback. `cart`: what `Till.redeem` takes."""

    reservation_id: str
    made_at: datetime
    expires_at: datetime
    hold: Hold
    cart: Json
    spent: int
    status: str = "active"
    changes: int = 0

    def extend(self, at: datetime, ttl_seconds: int) -> None:
        """ "From now, never beyond 24 h after creation." """
        latest = self.made_at + timedelta(hours=24)
        self.expires_at = min(at + timedelta(seconds=ttl_seconds), latest)


@dataclass
class Books:
    """Calls come in the order of their instants. `segments`: each customer's."""

    rule_book: RuleBook
    segments: dict[str, set[str]] = field(default_factory=dict)
    wallet_class: type[Wallet] = Wallet
    now: datetime | None = None
    ledger: Ledger = field(default_factory=Ledger)
    wallets: dict[tuple[str, str], Wallet] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    answers: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    hold_numbers: Iterator[int] = field(default_factory=partial(count, 1))

    @property
    def shop_zone(self) -> str:
        return self.rule_book.shop_zone

    def wallet(self, customer_id: str, currency: str) -> Wallet:
        key = (customer_id, currency)
        if key not in self.wallets:
            self.wallets[key] = self.wallet_class(
                customer_id, currency, self.ledger, self.shop_zone
            )
        return self.wallets[key]

    def once(self, key: str, body: Any, act: Callable[[], Any], at: datetime) -> Any:
        """ "Same key and same body: the first answer again"; of refusals only the binding ones."""
        self.book_due(at)
        if key in self.answers:
            first_body, answer = self.answers[key]
            if first_body != body:
                raise Refused("idempotency_key_reused")
            if isinstance(answer, Refused):
                raise Refused(answer.code)
            return answer
        try:
            answer = act()
        except Refused as refusal:
            if refusal.code in BINDING:
                self.answers[key] = (body, refusal)
            raise
        # What has come back to a lot that expired meanwhile expires now.
        self.book_due(at)
        self.answers[key] = (body, answer)
        return answer

    def book_due(self, at: datetime) -> None:
        """ "What is due counts from its instant": one after the other, as time went."""
        assert self.now is None or at >= self.now, "the model's clock never goes back"
        self.now = at
        while due := min(self._due(at), default=None, key=lambda due: due[:3]):
            due.book()

    def _due(self, at: datetime) -> Iterator[Due]:
        # Silent: of what is due at one instant, credit matures first, then holds end (the oldest
        # first), then lots expire: so that what comes back to an expired lot expires in the same moment, and debt
        # is repaid by all that enters.
        for lot in self.ledger.lots:
            wallet = self.wallet(lot.customer_id, lot.currency)
            if lot.parts["pending"] and lot.available_at is not None and lot.available_at <= at:
                # "First-expiring first, ties to the older": so they repay debt when several come.
                turn = (lot.expires_at or NEVER, lot.number)
                yield Due(lot.available_at, 0, turn, partial(self.mature, wallet, lot))
            if lot.parts["available"] and lot.has_expired(at):
                assert lot.expires_at is not None
                turn = (lot.expires_at, lot.number)
                yield Due(lot.expires_at, 2, turn, partial(self.expire, lot))
        for reservation in self.reservations.values():
            if reservation.status == "active" and reservation.expires_at <= at:
                end = partial(self.end, reservation, "expired")
                turn = (reservation.expires_at, reservation.hold.number)
                yield Due(reservation.expires_at, 1, turn, end)

    def mature(self, wallet: Wallet, lot: Lot) -> None:
        event = f"mature:{lot.number}"
        self.ledger.happens(event)
        part = Part(lot, lot.parts["pending"])
        wallet.enter([part], event=event, source="pending", at=self.moment)

    def expire(self, lot: Lot) -> None:
        # More than once for a lot, where some of it was held when its day ended.
        amount = lot.parts["available"]
        event = f"expire:{lot.number}"
        self.ledger.move(event, lot, amount, source="available", target="breakage", at=self.moment)

    def end(self, reservation: Reservation, status: str) -> None:
        """A reservation ends without an order."""
        reservation.status = status
        self.release(reservation.hold, event=f"release:{reservation.reservation_id}")

    @property
    def moment(self) -> datetime:
        assert self.now is not None
        return self.now

    def hold(self, wallet: Wallet, amount: int, *, event: str) -> Hold:
        """ "Available → held." """
        self.ledger.happens(event)
        parts = wallet.take(amount, event=event, target="held", at=self.moment)
        return Hold(wallet, parts, next(self.hold_numbers))

    def release(self, hold: Hold, *, event: str, source: str = "held") -> None:
        """ "What was held and is released goes back to its own lots with their own expiry." """
        self.ledger.happens(event)
        hold.wallet.enter(hold.parts, event=event, source=source, at=self.moment)

    def pass_on(self, hold: Hold, *, event: str, source: str, target: str) -> None:
        """What was held goes to one of the shop's accounts."""
        self.ledger.happens(event)
        for lot, amount in hold.parts:
            self.ledger.move(event, lot, amount, source=source, target=target, at=self.moment)

    def date_lot(
        self, lot: Lot, *, paid_at: datetime | None, delivered_at: datetime | None
    ) -> None:
        """ "Until one of them is told its `available_at` is null." What has matured stays so."""
        told_at = delivered_at or paid_at
        if lot.terms is None or told_at is None or not lot.parts["pending"]:
            return
        lot.available_at = matures_at(told_at, lot.terms.pending_days)
        days = lot.terms.expires_after_days
        lot.expires_at = (
            None if days is None else end_of_day(lot.available_at, days, self.shop_zone)
        )
