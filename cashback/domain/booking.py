"""What one act posts to one wallet: decided in plain Python, written by `cashback.actions.book`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from cashback.domain.lots import Lot, NewLot

#: An account by its name: one of the below, or that of a partner (`partner_account`).
Account = str
PENDING, AVAILABLE, HELD, DEBT = "pending", "available", "held", "debt"
EXPENSE, SETTLED, BREAKAGE = "expense", "settled", "breakage"
CLEARING = "payout_clearing"

PostingKind = Literal[
    "earn", "mature", "hold", "release", "spend", "take_back", "restore", "expire", "adjust",
    "submit", "pay", "fail",
]  # fmt: skip
Purpose = Literal["checkout", "payout"]


class Overdrawn(Exception):
    """A decision took more than there is: nothing of it may be written."""


class Source(NamedTuple):
    """What the event happened to, and the how manieth time: with the posting's kind, once for ever."""

    kind: Literal["order", "return", "cancel", "lot", "hold", "adjustment"]
    #: Keys of ours and ids of the shop's, never a personal value.
    ref: str
    sequence: int = 0


class Transfer(NamedTuple):
    """So much from `debit` to `credit`, and what a customer's account stands at then."""

    debit: Account
    credit: Account
    amount: int
    debit_after: int | None
    credit_after: int | None
    #: The lot that it is about; below zero: the n-th that this booking makes.
    lot: int | None = None


class Allocation(NamedTuple):
    """What was taken from a lot (below zero) or given back to it; with a hold, for that hold."""

    lot_key: int
    amount: int
    hold_id: UUID | None


#: So much all that a wallet holds may come to, minor units: what every reader of JSON holds exactly.
MAX_BALANCE = 2**53


class Balances(NamedTuple):
    """A wallet's four accounts, minor units. `debt` is what is owed."""

    pending: int = 0
    available: int = 0
    held: int = 0
    debt: int = 0


@dataclass(slots=True)
class Posting:
    """One event with its transfers and what it did to lots."""

    kind: PostingKind
    source: Source
    at: datetime
    order_key: int | None
    transfers: list[Transfer] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    lots: list[NewLot] = field(default_factory=list)


class NewHold(NamedTuple):
    """Money that the posting at this place puts aside."""

    hold_id: UUID
    purpose: Purpose
    reference: UUID
    number: int
    amount: int
    expires_at: datetime | None
    posting: int


class Held(NamedTuple):
    """Money that a hold keeps, by lot, and when that ends by itself."""

    hold_id: UUID
    kept: Mapping[int, int]
    expires_at: datetime | None = None


class Outcome(NamedTuple):
    """What the posting at this place made of a hold."""

    hold_id: UUID
    stage: Literal["held", "clearing"]
    outcome: Literal["released", "spent", "submitted", "paid", "failed"]
    posting: int


class Event(NamedTuple):
    """What the outside is told."""

    type: str
    payload: Mapping[str, Any]
    at: datetime


def partner_account(partner_key: int) -> Account:
    """The account of the partner with this key."""
    return f"partner:{partner_key}"


class Booking:
    """Collects what is posted to one wallet, and keeps its balances and lots up with that.

    Every method that moves money belongs to the posting begun last.
    """

    def __init__(
        self,
        *,
        balances: Balances,
        currency: str,
        due_at: datetime | None = None,
        lots: Iterable[Lot] | None = None,
        held: Iterable[Held] | None = None,
    ) -> None:
        """`lots` are all of which something remains, and others as needed; `held` all that ends by
        itself. None: they were not read.
        """
        self.before = balances
        self.currency = currency
        self.lots = {lot.key: lot for lot in lots or ()}
        self.held = {one.hold_id: one for one in held or ()}
        self.changed: set[int] = set()
        self.postings: list[Posting] = []
        self.holds: list[NewHold] = []
        self.outcomes: list[Outcome] = []
        self.events: list[Event] = []
        #: What is taken back from now on, by lot and line.
        self.taken_back: dict[tuple[int, str], int] = {}
        self._balances = balances._asdict()
        self._was_due_at = due_at
        self._expected: list[datetime] = []
        self._knows_all = lots is not None and held is not None

    @property
    def due_at(self) -> datetime | None:
        """Nothing matures, expires or ends before; of what was not read, as it was known before."""
        instants = [lot.due_at for lot in self.lots.values()]
        instants += [lot.due_at for posting in self.postings for lot in posting.lots]
        instants += [held.expires_at for held in self.held.values()]
        instants += [hold.expires_at for hold in self.holds]
        instants += self._expected
        if not self._knows_all:
            instants.append(self._was_due_at)
        return min((instant for instant in instants if instant is not None), default=None)

    def expect(self, instant: datetime) -> None:
        """Something that this booking does not know of ends then."""
        self._expected.append(instant)

    def has_ended(self, hold_id: UUID) -> bool:
        """Whether this booking has ended the hold."""
        return any(outcome.hold_id == hold_id for outcome in self.outcomes)

    @property
    def balances(self) -> Balances:
        """As they stand after all that was moved so far."""
        return Balances(**self._balances)

    @property
    def available(self) -> int:
        return self._balances[AVAILABLE]

    @property
    def debt(self) -> int:
        return self._balances[DEBT]

    def post(
        self, kind: PostingKind, source: Source, *, at: datetime, order_key: int | None = None
    ) -> None:
        """Begin a posting."""
        self.postings.append(Posting(kind, source, at, order_key))

    def move(self, debit: Account, credit: Account, amount: int, *, lot: int | None = None) -> None:
        """From one account to another; nothing where the amount is 0.

        Raises:
            Overdrawn
        """
        if amount == 0:
            return
        debit_after, credit_after = self._add(debit, -amount), self._add(credit, amount)
        self.postings[-1].transfers.append(
            Transfer(debit, credit, amount, debit_after, credit_after, lot)
        )

    def allocate(self, lot_key: int, amount: int, *, hold_id: UUID | None = None) -> None:
        """Give back to a lot, or take from it (below zero).

        Raises:
            Overdrawn
        """
        if amount == 0:
            return
        lot = self.lots[lot_key]
        if not 0 <= lot.remaining + amount <= lot.amount:
            raise Overdrawn(f"lot {lot_key} has {lot.remaining} of {lot.amount}, not {-amount}")
        self.change(replace(lot, remaining=lot.remaining + amount))
        self.postings[-1].allocations.append(Allocation(lot_key, amount, hold_id))

    def change(self, lot: Lot) -> None:
        """A recorded lot is otherwise now."""
        self.lots[lot.key] = lot
        self.changed.add(lot.key)

    def add_lot(self, lot: NewLot) -> int:
        """The posting makes a lot; by what its transfers name it."""
        self.postings[-1].lots.append(lot)
        return -sum(len(posting.lots) for posting in self.postings)

    def put_aside(
        self,
        hold_id: UUID,
        purpose: Purpose,
        reference: UUID,
        number: int,
        expires_at: datetime | None,
    ) -> None:
        """The posting makes a hold of what it has moved."""
        amount = sum(transfer.amount for transfer in self.postings[-1].transfers)
        posting = len(self.postings) - 1
        self.holds.append(NewHold(hold_id, purpose, reference, number, amount, expires_at, posting))

    def resolve(
        self,
        hold_id: UUID,
        stage: Literal["held", "clearing"],
        outcome: Literal["released", "spent", "submitted", "paid", "failed"],
    ) -> None:
        """The posting is what became of a hold."""
        self.held.pop(hold_id, None)
        self.outcomes.append(Outcome(hold_id, stage, outcome, len(self.postings) - 1))

    def tell(self, type: str, amount: int, **more: Any) -> None:
        """The outside hears of the posting, unless the amount is 0."""
        if amount:
            payload = {"amount": amount, "currency": self.currency, **more}
            self.events.append(Event(type, payload, self.postings[-1].at))

    def expired(self) -> dict[int, int]:
        """How much of each lot this booking lets expire."""
        found: dict[int, int] = {}
        for posting in self.postings:
            if posting.kind == "expire":
                for lot_key, amount, _ in posting.allocations:
                    found[lot_key] = found.get(lot_key, 0) - amount
        return found

    def spendable(self) -> list[Lot]:
        """Lots with something available, in the order of spending."""
        lots = [lot for lot in self.lots.values() if lot.is_available and lot.remaining]
        return sorted(lots, key=lambda lot: lot.turn)

    def _add(self, account: Account, amount: int) -> int | None:
        """Debt is the other way round: what leaves it is owed."""
        if account not in self._balances:
            return None
        after = self._balances[account] + (-amount if account == DEBT else amount)
        if after < 0:
            raise Overdrawn(f"{account} would be {after}")
        self._balances[account] = after
        return after
