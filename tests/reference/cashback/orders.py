"""An order: what each unit was worth, what it earned, and what of it is still out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.reference.cashback.earning import Bought, Earning
from tests.reference.cashback.ledger import Lot
from tests.reference.cashback.wallet import Part
from tests.reference.returns import Shares, shares_of_line
from tests.reference.units import Json, spread

STEPS = ("placed", "paid", "shipped", "delivered")


@dataclass
class Order:
    """`lines` as carts have them, with `discount` (of all promotions together). `spent`: what of
    which lots has paid for it and has not been restored, in the order in which it was taken."""

    order_id: str
    customer_id: str | None
    currency: str
    lines: list[Json]
    shipping_paid: int
    shipping_cashback: int = 0
    partner_id: str | None = None
    status: str = "placed"
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    is_redeemed: bool = False
    has_earned: bool = False
    is_shipping_back: bool = False
    units: dict[str, list[Shares]] = field(default_factory=dict)
    spent: list[Part] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    earned: dict[str, dict[int, int]] = field(default_factory=dict)
    returns: dict[str, tuple[Json, Json]] = field(default_factory=dict)

    def share_out(self, cashback: Sequence[int]) -> None:
        """Each unit's own amounts; `cashback`: by line, what it paid."""
        self.units = {
            line["line_id"]: shares_of_line({**line, "cashback": part}, earned=0)
            for line, part in zip(self.lines, cashback, strict=True)
        }
        self._share_out_earned()

    def bought(self, *, segments: Iterable[str], at: datetime) -> Bought:
        # Silent: an order may earn after a part of it has come back (recorded as placed, returned,
        # then paid): what came back earns nothing.
        return Bought(
            lines=self.lines,
            bases={name: sum(unit.paid for unit in units) for name, units in self.units.items()},
            currency=self.currency,
            segments=frozenset(segments),
            at=at,
            partner_id=self.partner_id,
        )

    def earn(self, earnings: Sequence[Earning], lots: Sequence[Lot]) -> None:
        """What each lot gave on each line, and so each unit's share of its line's whole."""
        self.has_earned = True
        self.lots = list(lots)
        for line_id in self.units:
            of_lots = {
                lot.number: earning.per_line[line_id]
                for earning, lot in zip(earnings, lots, strict=True)
                if earning.per_line.get(line_id)
            }
            self.earned[line_id] = of_lots
        self._share_out_earned()

    def _share_out_earned(self) -> None:
        """ "The cashback earned in proportion to what was paid for each unit": of all rules and
        bonuses together, as the discount is "of all promotions together"."""
        for line_id, of_lots in self.earned.items():
            units = self.units[line_id]
            # Silent: an order that earned when it was paid may be redeemed then, with cashback
            # that pays for all of a line: its units share evenly.
            weights = [unit.paid for unit in units]
            each = spread(sum(of_lots.values()), weights if any(weights) else [1] * len(units))
            self.units[line_id] = [
                replace(unit, earned=part) for unit, part in zip(units, each, strict=True)
            ]

    def may_return(self, quantities: dict[str, int], *, refund_shipping: bool) -> bool:
        """Not more than was bought, nor shipping twice."""
        is_twice = refund_shipping and self.is_shipping_back
        return not is_twice and all(
            quantity <= len(self.units.get(line_id, [])) for line_id, quantity in quantities.items()
        )

    def take_units(self, quantities: dict[str, int]) -> dict[str, list[Shares]]:
        """ "Units go back first unit first." """
        return {
            line_id: [self.units[line_id].pop(0) for _ in range(quantity)]
            for line_id, quantity in quantities.items()
        }

    def take_shipping(self) -> tuple[int, int]:
        """The money and the cashback that paid for it."""
        self.is_shipping_back = True
        return self.shipping_paid, self.shipping_cashback

    def parts_to_restore(self, amount: int) -> list[Part]:
        """Of the lots that paid, so much as comes back."""
        # Silent: the last taken first, so that what stays spent is what would have been spent had
        # the returned units never been bought.
        parts = []
        while amount:
            lot, left = self.spent.pop()
            back = min(amount, left)
            parts.append(Part(lot, back))
            if back < left:
                self.spent.append(Part(lot, left - back))
            amount -= back
        return parts

    def parts_to_reverse(self, units: dict[str, list[Shares]]) -> list[Part]:
        """What these units earned, by the lots that it went into."""
        # Silent: where several rules and bonuses gave on one line, the returned units' share is
        # spread over them by what is left of each: their sums come out exactly in the end.
        by_lot = dict.fromkeys((lot.number for lot in self.lots), 0)
        for line_id, back in units.items():
            left = self.earned.get(line_id, {})
            amount = sum(unit.earned for unit in back)
            for number, part in zip(left, spread(amount, list(left.values())), strict=True):
                left[number] -= part
                by_lot[number] += part
        return [Part(lot, by_lot[lot.number]) for lot in self.lots if by_lot[lot.number]]
