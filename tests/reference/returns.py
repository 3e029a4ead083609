"""What goes back with each unit of a redeemed order."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference.conditions import has_required_items
from tests.reference.eligible import eligible_lines
from tests.reference.units import Json, spread, subtotal


@dataclass(frozen=True)
class Shares:
    """One unit's own amounts, fixed when the order is redeemed: "no later change alters them"."""

    discount: int
    cashback: int
    paid: int
    earned: int


def shares_of_line(line: Json, *, earned: int) -> list[Shares]:
    """Each unit of one line of the redemption's answer (with `quantity` and `unit_price`)."""
    quantity, price = line["quantity"], line["unit_price"]
    # "Each line's discount (of all promotions together) is spread evenly over its units, leftover
    # minor units to the first ones"
    each, leftover = divmod(line["discount"], quantity)
    discounts = [each + (1 if number < leftover else 0) for number in range(quantity)]
    # "the cashback that paid for it is then spread in proportion to each unit's price less its
    # discount"
    nets = [price - discount for discount in discounts]
    cashback = spread(line["cashback"], nets)
    # "the cashback earned in proportion to what was paid for each unit"
    paid = [net - by_cashback for net, by_cashback in zip(nets, cashback, strict=True)]
    earned_each = spread(earned, paid)
    return [
        Shares(discount=off, cashback=by_cashback, paid=money, earned=back)
        for off, by_cashback, money, back in zip(
            discounts, cashback, paid, earned_each, strict=True
        )
    ]


class Order:
    """A redeemed order and what has come back of it so far."""

    def __init__(
        self,
        cart: Json,
        redemption: Json,
        promotions: dict[str, Json],
        *,
        earned: Sequence[int] | None = None,
    ):
        """`redemption`: its answer. `promotions`: bodies by id, as they were at that instant.
        `earned`: the cashback that the order earned on each line."""
        per_line = earned or [0] * len(cart["lines"])
        self.cart = cart
        self.applied = redemption["applied"]
        self.promotions = promotions
        self.units: dict[str, list[Shares]] = {
            line["line_id"]: shares_of_line(
                {**line, "discount": priced["discount"], "cashback": priced["cashback"]},
                earned=back,
            )
            for line, priced, back in zip(cart["lines"], redemption["lines"], per_line, strict=True)
        }
        self.shipping_paid: int = redemption["shipping_total"]
        self.shipping_cashback: int = redemption["shipping_cashback"]

    def take_back(self, quantities: dict[str, int], *, refund_shipping: bool = False) -> Json:
        """The contract's answer for a return that is not too much: "units go back first unit
        first"."""
        lines, units = [], []
        for line_id, quantity in quantities.items():
            back = [self.units[line_id].pop(0) for _ in range(quantity)]
            units += back
            money = sum(unit.paid for unit in back)
            lines.append({"line_id": line_id, "quantity": quantity, "refund_amount": money})
        shipping = self.shipping_paid if refund_shipping else 0
        by_cashback = self.shipping_cashback if refund_shipping else 0
        return {
            "refund_amount": sum(unit.paid for unit in units) + shipping,
            "discount_reversed": sum(unit.discount for unit in units),
            "shipping_refunded": shipping,
            "cashback_restored": sum(unit.cashback for unit in units) + by_cashback,
            "cashback_reversed": sum(unit.earned for unit in units),
            "codes_restored": self._codes_restored() if units else [],
            # Shipping alone makes nothing go below a minimum.
            "conditions_no_longer_met": self._conditions_no_longer_met() if units else [],
            "lines": lines,
        }

    def _codes_restored(self) -> list[str]:
        """ "The return that completes the order (all units of all lines, shipping aside) gives back
        what a cancel would (`after_cancel`)." """
        if any(self.units.values()):
            return []
        return sorted(
            row["code"]
            for row in self.applied
            if row["code"] is not None
            and self.promotions[row["promotion_id"]].get("after_cancel", "restore") == "restore"
        )

    def _conditions_no_longer_met(self) -> list[str]:
        """ "Discounts that needed a minimum are kept when a partial return goes below it; the
        promotions concerned are named." """
        kept = [
            {**line, "quantity": len(self.units[line["line_id"]])}
            for line in self.cart["lines"]
            if self.units[line["line_id"]]
        ]
        if not kept:
            return []
        return sorted(
            row["promotion_id"]
            for row in self.applied
            if not has_minimums(self.promotions[row["promotion_id"]], {**self.cart, "lines": kept})
        )


def has_minimums(promotion: Json, cart: Json) -> bool:
    """Whether the cart has all that the promotion's conditions need at least."""
    wanted = promotion.get("conditions") or {}
    eligible = eligible_lines(promotion.get("items"), cart)
    units = sum(cart["lines"][at]["quantity"] for at in eligible)
    return (
        subtotal(cart["lines"]) >= (wanted.get("min_subtotal") or 0)
        and units >= (wanted.get("min_quantity") or 0)
        and has_required_items(wanted.get("contains") or [], cart)
    )
