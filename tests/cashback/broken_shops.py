"""Shops with one mistake each, such as are made in real ones: the machine must notice every one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.reference.cashback.books import Due, Hold
from tests.reference.cashback.earning import RuleBook
from tests.reference.cashback.ledger import Lot
from tests.reference.cashback.orders import Order
from tests.reference.cashback.shop import Shop
from tests.reference.cashback.wallet import Part, Taken, Wallet
from tests.reference.returns import Shares
from tests.reference.units import Json


class LastLotFirst(Wallet):
    def spending_order(self, lots: Iterable[Lot]) -> list[Lot]:
        return super().spending_order(lots)[::-1]


class OldestLotFirst(Wallet):
    def spending_order(self, lots: Iterable[Lot]) -> list[Lot]:
        return sorted(lots, key=lambda lot: lot.number)


class NothingRestored(Wallet):
    def restore(self, parts: list[Part], *, event: str, at: datetime) -> None:
        pass


class RestoredIntoExpiredLots(Wallet):
    def restore(self, parts: list[Part], *, event: str, at: datetime) -> None:
        self.enter(parts, event=event, source="settled", at=at)


class DebtStays(Wallet):
    def debt_to_repay(self) -> int:
        return 0


class RefundIsNotReduced(Wallet):
    def reverse(self, parts: list[Part], *, refund: int, event: str, at: datetime) -> Taken:
        return super().reverse(parts, refund=0, event=event, at=at)


class ExpiredIsAskedForAgain(Wallet):
    def _take_from_itself(self, part: Part, *, event: str, at: datetime) -> Part:
        kept = part.lot.parts.pop("breakage", 0)
        left = super()._take_from_itself(part, event=event, at=at)
        part.lot.parts["breakage"] = kept
        return left


class OtherLotsAreSpared(Wallet):
    def _take_from_others(self, earned: Lot, amount: int, *, event: str, at: datetime) -> int:
        return 0


class ExpiryByGreenwich(Shop):
    def date_lot(
        self, lot: Lot, *, paid_at: datetime | None, delivered_at: datetime | None
    ) -> None:
        super().date_lot(lot, paid_at=paid_at, delivered_at=delivered_at)
        if lot.expires_at is not None and lot.parts["pending"]:
            offset = lot.expires_at.astimezone(UTC).hour
            lot.expires_at += timedelta(hours=24 - offset if offset else 0)


class DeliveryIsNotHeard(Shop):
    def date_lot(
        self, lot: Lot, *, paid_at: datetime | None, delivered_at: datetime | None
    ) -> None:
        super().date_lot(
            lot, paid_at=paid_at, delivered_at=None if paid_at is not None else delivered_at
        )


class MaturesWhenPaid(Shop):
    def date_lot(
        self, lot: Lot, *, paid_at: datetime | None, delivered_at: datetime | None
    ) -> None:
        super().date_lot(lot, paid_at=paid_at, delivered_at=delivered_at)
        if lot.parts["pending"] and lot.available_at is not None:
            lot.available_at = delivered_at or paid_at


class NoMonthlyCap(Shop):
    def _earned_this_month(self, order: Order, source: str) -> int:
        return 0


class HoldsForEver(Shop):
    def _due(self, at: datetime) -> Iterator[Due]:
        return (due for due in super()._due(at) if due.rank != 1)


class NothingExpires(Shop):
    def _due(self, at: datetime) -> Iterator[Due]:
        return (due for due in super()._due(at) if due.rank != 2)


class ExpiresOneSecondLate(Shop):
    def _due(self, at: datetime) -> Iterator[Due]:
        yield from (due for due in super()._due(at) if due.rank != 2)
        second = timedelta(seconds=1)
        yield from (due for due in super()._due(at - second) if due.rank == 2)


class ReleasedIntoOneLot(Shop):
    """Right to the cent, but for expiry."""

    def release(self, hold: Hold, *, event: str, source: str = "held") -> None:
        self.ledger.happens(event)
        for lot, amount in hold.parts:
            lot.shift(amount, source=source, target="renewed")
        if whole := sum(part.amount for part in hold.parts):
            lot = hold.wallet.new_lot(whole, expires_at=hold.parts[0].lot.expires_at)
            lot.parts[source] = whole
            hold.wallet.enter([Part(lot, whole)], event=event, source=source, at=self.moment)


class HoldStandsInItsOwnWay(Shop):
    def _coming_back(self, hold: Hold) -> int:
        return 0


class FailedPayoutsAreLost(Shop):
    def release(self, hold: Hold, *, event: str, source: str = "held") -> None:
        if source == "held":
            super().release(hold, event=event, source=source)


class EarnsBeforeCashback(Shop):
    """On what the lines cost, not on what was paid for them in money."""

    def _earn(self, order: Order, bonuses: list[Any]) -> None:
        paid = order.units
        order.units = {
            name: [Shares(u.discount, 0, u.paid + u.cashback, 0) for u in units]
            for name, units in paid.items()
        }
        super()._earn(order, bonuses)
        order.units = {
            name: [
                Shares(u.discount, u.cashback, u.paid, other.earned)
                for u, other in zip(units, order.units[name], strict=True)
            ]
            for name, units in paid.items()
        }


@dataclass
class LastUnitFirstOrder(Order):
    def take_units(self, quantities: dict[str, int]) -> dict[str, list[Shares]]:
        return {
            line_id: [self.units[line_id].pop() for _ in range(quantity)]
            for line_id, quantity in quantities.items()
        }


class LastUnitFirst(Shop):
    def _new_order(self, order_id: str, cart: Json) -> Order:
        return LastUnitFirstOrder(**vars(super()._new_order(order_id, cart)))


class ForgetsKeys(Shop):
    """Does what it is told as often as it is told."""

    def adjust(self, *, key: str, **call: Any) -> Json:
        self.numbers = getattr(self, "numbers", count(1))
        return super().adjust(key=f"{key}:{next(self.numbers)}", **call)


class ForgetsRefusals(Shop):
    """A refusal that binds its key is thought about again."""

    def once(self, key: str, body: Any, act: Callable[[], Any], at: datetime) -> Any:
        try:
            return super().once(key, body, act, at)
        except Exception:
            self.answers.pop(key, None)
            raise


def with_wallets(wallet_class: type[Wallet]) -> Callable[[RuleBook], Shop]:
    def make_shop(rule_book: RuleBook) -> Shop:
        return Shop(rule_book, wallet_class=wallet_class)

    return make_shop


BROKEN_SHOPS: dict[str, Callable[[RuleBook], Shop]] = {
    broken.__name__: with_wallets(broken)
    for broken in (
        LastLotFirst,
        OldestLotFirst,
        NothingRestored,
        RestoredIntoExpiredLots,
        DebtStays,
        RefundIsNotReduced,
        ExpiredIsAskedForAgain,
        OtherLotsAreSpared,
    )
} | {
    broken.__name__: broken
    for broken in (
        ExpiryByGreenwich,
        DeliveryIsNotHeard,
        MaturesWhenPaid,
        NoMonthlyCap,
        HoldsForEver,
        NothingExpires,
        ExpiresOneSecondLate,
        ReleasedIntoOneLot,
        HoldStandsInItsOwnWay,
        FailedPayoutsAreLost,
        EarnsBeforeCashback,
        LastUnitFirst,
        ForgetsKeys,
        ForgetsRefusals,
    )
}
