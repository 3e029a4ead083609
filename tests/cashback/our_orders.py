"""What a checkout remembers of an order, for the binding of our ledger: each unit's own amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from checkout.domain.returns import SoldLine, UnitShare, unit_shares
from common.cart import CartLine
from common.money import allocate
from tests.reference.units import Json

STATUSES = ("placed", "paid", "shipped", "delivered")


class Refusal(Exception):
    """The call is answered with this code, and nothing has changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Given:
    """What comes back at once, minor units, before any claw-back."""

    refund: int
    shipping: int
    discount: int
    restored: int
    #: What the returned units had earned, by line.
    earned: Mapping[str, int]
    lines: Sequence[Json]

    @property
    def reversed(self) -> int:
        return sum(self.earned.values())


@dataclass
class KnownOrder:
    """`units` are those that are still out, first unit first."""

    order_id: str
    order_key: int
    customer_id: str | None
    currency: str
    lines: list[Json]
    shipping_paid: int
    partner_id: str | None = None
    shipping_cashback: int = 0
    status: str = "placed"
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    is_redeemed: bool = False
    has_earned: bool = False
    is_shipping_back: bool = False
    units: dict[str, list[UnitShare]] = field(default_factory=dict)
    returns: dict[str, tuple[Json, Json]] = field(default_factory=dict)

    @property
    def bought(self) -> Json:
        """What a redemption must agree in."""
        named = ("line_id", "sku", "quantity", "unit_price")
        lines = sorted([line[name] for name in named] for line in self.lines)
        return {"customer": self.customer_id, "currency": self.currency, "lines": lines}

    @property
    def cart_lines(self) -> list[CartLine]:
        return [
            msgspec.convert({name: line[name] for name in line if name != "discount"}, CartLine)
            for line in self.lines
        ]

    @property
    def bases(self) -> list[int]:
        """What was paid in money for what is still out, by line."""
        return [sum(unit.paid for unit in self.units[line["line_id"]]) for line in self.lines]

    def pay(self, cashback: Sequence[int], *, of_shipping: int, shipping: int) -> None:
        """By line, and of the shipping: what was paid with cashback. What was earned stays so."""
        self.shipping_cashback = of_shipping
        self.shipping_paid = shipping - of_shipping
        earned = [
            sum(unit.earned for unit in self.units.get(line["line_id"], ())) for line in self.lines
        ]
        for line, part in zip(self.lines, cashback, strict=True):
            self.units[line["line_id"]] = unit_shares(
                SoldLine(
                    line_id=line["line_id"],
                    quantity=line["quantity"],
                    unit_price=line["unit_price"],
                    discount=line["discount"],
                    cashback=part,
                )
            )
        self.earn(earned)

    def earn(self, earned: Sequence[int]) -> None:
        """By line; each unit's share by what was paid for it, evenly where that was nothing."""
        for line, amount in zip(self.lines, earned, strict=True):
            units = self.units[line["line_id"]]
            paid = [unit.paid for unit in units]
            parts = allocate(amount, paid if any(paid) else [1] * len(units))
            self.units[line["line_id"]] = [
                unit._replace(earned=part) for unit, part in zip(units, parts, strict=True)
            ]

    def move_to(
        self, status: str, *, paid_at: datetime | None, delivered_at: datetime | None, at: datetime
    ) -> None:
        """A status that is reached without its instant gets that of the call."""
        if self.status == "cancelled" or STATUSES.index(status) < STATUSES.index(self.status):
            raise Refusal("state_transition_not_allowed")
        is_new = status != self.status
        if status == "paid" and is_new:
            paid_at = paid_at or self.paid_at or at
        if status == "delivered" and is_new:
            delivered_at = delivered_at or at
        self.status = status
        self.paid_at = paid_at or self.paid_at
        self.delivered_at = delivered_at or self.delivered_at

    def check_cancellable(self) -> None:
        if self.status not in ("placed", "paid") or self.returns:
            raise Refusal("state_transition_not_allowed")

    def give_back(self, quantities: Mapping[str, int], *, with_shipping: bool) -> Given:
        """Units and the shipping are back; refused where there are not so many."""
        too_many = any(
            quantity > len(self.units.get(line_id, ())) for line_id, quantity in quantities.items()
        )
        if too_many or (with_shipping and self.is_shipping_back):
            raise Refusal("return_exceeds_order")
        back = {
            line_id: [self.units[line_id].pop(0) for _ in range(quantity)]
            for line_id, quantity in quantities.items()
        }
        self.is_shipping_back = self.is_shipping_back or with_shipping
        shipping = self.shipping_paid if with_shipping else 0
        by_cashback = self.shipping_cashback if with_shipping else 0
        units = [unit for of_line in back.values() for unit in of_line]
        return Given(
            refund=sum(unit.paid for unit in units) + shipping,
            shipping=shipping,
            discount=sum(unit.discount for unit in units),
            restored=sum(unit.cashback for unit in units) + by_cashback,
            earned={line_id: sum(u.earned for u in of_line) for line_id, of_line in back.items()},
            lines=[
                {
                    "line_id": line_id,
                    "quantity": len(of_line),
                    "refund_amount": sum(unit.paid for unit in of_line),
                }
                for line_id, of_line in back.items()
            ],
        )
