"""What a customer has in one currency, and how it comes in and goes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from tests.reference.cashback.earning import Terms
from tests.reference.cashback.instants import RESTORED_DAYS, end_of_day
from tests.reference.cashback.ledger import Account, Ledger, Lot
from tests.reference.units import Json

NEVER = datetime.max.replace(tzinfo=UTC)


class Part(NamedTuple):
    """So much of a lot."""

    lot: Lot
    amount: int


class Taken(NamedTuple):
    """How an amount that was earned is taken back."""

    debt: int
    offset: int


@dataclass
class Wallet:
    """One customer's credit in one currency."""

    customer_id: str
    currency: str
    ledger: Ledger
    shop_zone: str

    @property
    def lots(self) -> list[Lot]:
        return [
            lot
            for lot in self.ledger.lots
            if (lot.customer_id, lot.currency) == (self.customer_id, self.currency)
        ]

    def balance(self, name: str) -> int:
        return self.ledger.balance(self.customer_id, name, self.currency)

    def shown(self) -> Json:
        """As `GET /customers/{id}/cashback` has it."""
        expiring: dict[datetime, int] = {}
        for lot in self.lots:
            # Silent: one row per instant, soonest first; what never expires has none. Only what
            # is available can expire: what is held cannot while it is.
            if lot.expires_at is not None and lot.parts["available"]:
                found = expiring.get(lot.expires_at, 0)
                expiring[lot.expires_at] = found + lot.parts["available"]
        return {
            "pending": self.balance("pending"),
            "available": self.balance("available"),
            "held": self.balance("held"),
            "debt": self.balance("debt"),
            "expiring": [
                {"amount": amount, "expires_at": expires_at}
                for expires_at, amount in sorted(expiring.items())
            ],
        }

    def spending_order(self, lots: Iterable[Lot]) -> list[Lot]:
        """ "First-expiring-first (ties: older lot first)"; what never expires comes last."""
        return sorted(lots, key=lambda lot: (lot.expires_at or NEVER, lot.number))

    def new_lot(self, amount: int, *, expires_at: datetime | None = None) -> Lot:
        """A lot whose amount is nowhere yet."""
        lot = Lot(
            number=len(self.ledger.lots) + 1,
            customer_id=self.customer_id,
            currency=self.currency,
            amount=amount,
            expires_at=expires_at,
        )
        self.ledger.lots.append(lot)
        return lot

    def earn(self, amount: int, *, order_id: str, terms: Terms, event: str, at: datetime) -> Lot:
        """ "Expense (and each partner's share from partner) → pending." """
        lot = self.new_lot(amount)
        lot.order_id, lot.terms, lot.earned_at = order_id, terms, at
        lot.parts["pending"] = amount
        pending = lot.account("pending")
        share = lot.partners_part(amount)
        for source, part in ((f"partner:{terms.partner_id}", share), ("expense", amount - share)):
            debit = Account(None, source)
            self.ledger.post(
                event, debit, pending, part, currency=self.currency, at=at, lot=lot.number
            )
        return lot

    def grant(self, amount: int, *, expires_at: datetime | None, event: str, at: datetime) -> Lot:
        """ "Adjustment by staff: expense → available." """
        lot = self.new_lot(amount, expires_at=expires_at)
        lot.parts["expense"] = amount
        self.enter([Part(lot, amount)], event=event, source="expense", at=at)
        return lot

    def enter(self, parts: Iterable[Part], *, event: str, source: str, at: datetime) -> None:
        """Parts of lots come into available from `source`.

        "Anything that enters available while there is debt first repays it." What comes into a lot
        that has expired meanwhile is due at once: `Books.book_due` lets it expire.
        """
        # Silent: what would be spent first repays first; and it repays even where the lot has
        # expired, for it enters before it expires.
        by_lot = {part.lot.number: part for part in parts}
        for lot in self.spending_order(part.lot for part in by_lot.values()):
            amount = by_lot[lot.number].amount
            repaid = min(amount, self.debt_to_repay())
            # Silent: straight from where it comes to debt, without a stop in available.
            self.ledger.move(event, lot, repaid, source=source, target="debt", at=at)
            self.ledger.move(event, lot, amount - repaid, source=source, target="available", at=at)

    def debt_to_repay(self) -> int:
        return self.balance("debt")

    def take(self, amount: int, *, event: str, target: str, at: datetime) -> list[Part]:
        """Out of available, in the order of spending; the caller has asked whether it suffices."""
        assert amount <= self.balance("available")
        taken = []
        for lot in self.spending_order(self.lots):
            part = min(amount, lot.parts["available"])
            if part:
                self.ledger.move(event, lot, part, source="available", target=target, at=at)
                taken.append(Part(lot, part))
                amount -= part
        return taken

    def restore(self, parts: list[Part], *, event: str, at: datetime) -> None:
        """ "settled → available, to the original lots and expiry; if that has passed, a new lot
        with 30 days." """
        back = [part for part in parts if not part.lot.has_expired(at)]
        late = [part for part in parts if part.lot.has_expired(at)]
        for part in late:
            # Its amount goes on in the new lot; here it only leaves a trace.
            part.lot.shift(part.amount, source="settled", target="renewed")
        # Silent: a new lot for each, so that each keeps the order that earned it; its 30 days end as
        # every lot's do, with the shop's day.
        expires_at = end_of_day(at, RESTORED_DAYS, self.shop_zone)
        for lot, amount in sorted(late, key=lambda part: part.lot.number):
            renewed = self.new_lot(amount, expires_at=expires_at)
            renewed.order_id = lot.order_id
            renewed.parts["settled"] = amount
            back.append(Part(renewed, amount))
        self.enter(back, event=event, source="settled", at=at)

    def reverse(self, parts: list[Part], *, refund: int, event: str, at: datetime) -> Taken:
        """Take back what an order earned, by its lots; `refund`: the money about to be paid back."""
        debt = offset = 0
        open_parts = [self._take_from_itself(part, event=event, at=at) for part in parts]
        for lot, amount in open_parts:
            rest = amount - self._take_from_others(lot, amount, event=event, at=at)
            if rest == 0 or (lot.terms and lot.terms.clawback == "absorb"):
                continue
            if lot.terms and lot.terms.clawback == "offset_refund":
                # Silent: the money kept back undoes that much of the expense; it was settled when
                # it was spent.
                kept = min(rest, refund - offset)
                source = Account(None, "settled")
                self.ledger.take_back(event, lot, kept, source=source, lot=None, at=at)
                offset += kept
                rest -= kept
            source = Account(self.customer_id, "debt")
            self.ledger.take_back(event, lot, rest, source=source, lot=None, at=at)
            debt += rest
        return Taken(debt, offset)

    def _take_from_itself(self, part: Part, *, event: str, at: datetime) -> Part:
        """What the lot still has; the part that stays open."""
        lot, amount = part
        # Silent: what has expired unspent has given the customer nothing, so it is not asked for
        # again: the shop takes it back from its own breakage.
        for name in ("pending", "available", "breakage"):
            taken = min(amount, lot.parts[name])
            lot.shift(taken, source=name, target="expense")
            self.ledger.take_back(event, lot, taken, source=lot.account(name), lot=lot, at=at)
            amount -= taken
        return Part(lot, amount)

    def _take_from_others(self, earned: Lot, amount: int, *, event: str, at: datetime) -> int:
        """How much of the amount came from other lots."""
        # "Already available and unspent | available → expense, that order's lots first": so then
        # the customer's other lots. Silent: whatever the rule's clawback is, since that is about
        # what was spent, and credit is spent from any lot alike.
        whole = 0
        others = sorted(
            self.spending_order(self.lots), key=lambda lot: lot.order_id != earned.order_id
        )
        for lot in others:
            taken = min(amount - whole, lot.parts["available"])
            lot.shift(taken, source="available", target="expense")
            source = lot.account("available")
            self.ledger.take_back(event, earned, taken, source=source, lot=lot, at=at)
            whole += taken
        return whole
