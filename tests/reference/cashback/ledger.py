"""Transfers, lots, and what must always be true of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.reference.cashback.earning import Terms
from tests.reference.units import half_up

OF_LOTS = ("pending", "available", "held")
OF_CUSTOMERS = (*OF_LOTS, "debt")


class Account(NamedTuple):
    """`customer_id` is null for the shop's own accounts and its partners'."""

    customer_id: str | None
    name: str


class Transfer(NamedTuple):
    """From the debited account to the credited one."""

    at: datetime
    event: str
    debit: Account
    credit: Account
    amount: int
    currency: str
    lot: int | None


@dataclass
class Lot:
    """A piece of credit with one origin and one expiry. `parts`: in which account its amount is
    now; what has left the customer stays here under the account where it went. `taken_back`: how
    much of what it gave was taken back, from this lot or otherwise."""

    number: int
    customer_id: str
    currency: str
    amount: int
    expires_at: datetime | None = None
    available_at: datetime | None = None
    order_id: str | None = None
    terms: Terms | None = None
    parts: Counter[str] = field(default_factory=Counter)
    earned_at: datetime | None = None
    taken_back: int = 0

    @property
    def remaining(self) -> int:
        return sum(self.parts[name] for name in OF_LOTS)

    def has_expired(self, at: datetime) -> bool:
        """Ends are exclusive."""
        return self.expires_at is not None and self.expires_at <= at

    def account(self, name: str) -> Account:
        return Account(self.customer_id if name in OF_CUSTOMERS else None, name)

    def shift(self, amount: int, *, source: str, target: str) -> None:
        assert 0 <= amount <= self.parts[source], (self, amount, source, target)
        self.parts[source] -= amount
        self.parts[target] += amount

    def partners_part(self, amount: int) -> int:
        """The partner's share of so much of this lot."""
        return half_up(self.terms.share_percent * amount / 100) if self.terms else 0


class Ledger:
    """Append only."""

    def __init__(self) -> None:
        self.transfers: list[Transfer] = []
        self.lots: list[Lot] = []
        self.events: set[str] = set()
        self.sums: Counter[tuple[Account, str]] = Counter()

    def happens(self, event: str) -> None:
        """ "Each business event is posted at most once, for ever." """
        assert event not in self.events, event
        self.events.add(event)

    def post(
        self,
        event: str,
        debit: Account,
        credit: Account,
        amount: int,
        *,
        currency: str,
        at: datetime,
        lot: int | None = None,
    ) -> None:
        if amount == 0:
            return
        assert amount > 0, (event, amount)
        self.transfers.append(Transfer(at, event, debit, credit, amount, currency, lot))
        self.sums[debit, currency] -= amount
        self.sums[credit, currency] += amount

    def move(
        self, event: str, lot: Lot, amount: int, *, source: str, target: str, at: datetime
    ) -> None:
        """Part of a lot goes from one account to another."""
        lot.shift(amount, source=source, target=target)
        self.post(
            event,
            lot.account(source),
            lot.account(target),
            amount,
            currency=lot.currency,
            at=at,
            lot=lot.number,
        )

    def take_back(
        self,
        event: str,
        earned: Lot,
        amount: int,
        *,
        source: Account,
        lot: Lot | None,
        at: datetime,
    ) -> None:
        """So much of what `earned` gave is an expense no longer; `lot`: whose part it is paid of."""
        # Silent: the table says "→ expense"; what a partner has paid of an earning that is taken
        # back goes back to the partner, in all exactly what came: the share of what is left is
        # rounded anew each time, so that no number of steps can lose a minor unit.
        left = earned.amount - earned.taken_back
        back = earned.partners_part(left) - earned.partners_part(left - amount)
        earned.taken_back += amount
        number = lot.number if lot else None
        if earned.terms and back:
            partner = Account(None, f"partner:{earned.terms.partner_id}")
            self.post(event, source, partner, back, currency=earned.currency, at=at, lot=number)
        expense = Account(None, "expense")
        rest = amount - back
        self.post(event, source, expense, rest, currency=earned.currency, at=at, lot=number)

    def balance(self, customer_id: str, name: str, currency: str) -> int:
        """What the customer has there. Credit is what the shop owes, debt what it is owed: the
        one grows by credits, the other by debits."""
        found = self.sums[Account(customer_id, name), currency]
        return -found if name == "debt" else found

    def of_shop(self, name: str, currency: str) -> int:
        """Credits less debits of one of the shop's accounts."""
        return self.sums[Account(None, name), currency]

    def breaches(self) -> Iterator[str]:
        """ "Always true", counted anew from the transfers and the lots alone."""
        sums: Counter[tuple[Account, str]] = Counter()
        for transfer in self.transfers:
            sums[transfer.debit, transfer.currency] -= transfer.amount
            sums[transfer.credit, transfer.currency] += transfer.amount
            if transfer.amount <= 0 or transfer.debit == transfer.credit:
                yield f"not a transfer: {transfer}"
        if any(sums[key] != self.sums[key] for key in {*sums, *self.sums}):
            yield "balances are not the sums of transfers"
        per_account: defaultdict[tuple[Account, str], int] = defaultdict(int)
        for lot in self.lots:
            if not 0 <= lot.remaining <= lot.amount or min(lot.parts.values()) < 0:
                yield f"a lot's remaining is out of bounds: {lot}"
            if sum(lot.parts.values()) != lot.amount:
                yield f"a lot has lost a part: {lot}"
            for name in OF_LOTS:
                per_account[Account(lot.customer_id, name), lot.currency] += lot.parts[name]
        yield from self._breaches_of_customers(sums, per_account)

    def _breaches_of_customers(
        self,
        sums: Counter[tuple[Account, str]],
        lots: defaultdict[tuple[Account, str], int],
    ) -> Iterator[str]:
        for (account, currency), found in sums.items():
            if account.customer_id is None:
                continue
            balance = -found if account.name == "debt" else found
            if balance < 0:
                yield f"below zero: {account} {currency} {balance}"
            if account.name in OF_LOTS and lots[account, currency] != balance:
                yield f"the lots do not sum to the balance: {account} {currency}"
            if account.name == "debt" and balance > 0:
                available = sums[Account(account.customer_id, "available"), currency]
                if available:
                    yield f"debt beside available: {account} {currency}"
