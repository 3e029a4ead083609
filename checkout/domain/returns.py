"""Returns to the cent: what each unit of an order cost, and what goes back with it.

The shares follow from the numbers that a redemption has frozen, so they come out the same each
time; whatever is returned, in whatever steps, the parts sum to the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from common.errors import DomainError, FieldError
from common.money import allocate


class ReturnExceedsOrder(DomainError):
    """More units than were bought and not yet returned, or shipping twice."""

    code: ClassVar[str] = "return_exceeds_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A line as it was redeemed. All amounts are the whole line's, minor units."""

    line_id: str
    quantity: int
    unit_price: int
    #: Of all promotions together.
    discount: int
    #: The part that was paid with cashback.
    cashback: int = 0
    #: Cashback that the line has earned, and its first units that came back before and earned nothing.
    earned: int = 0
    unearning: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldShipping:
    """The shipping as it was redeemed: `charged` is after its discount."""

    charged: int = 0
    #: The part of `charged` that was paid with cashback.
    cashback: int = 0


class UnitShare(NamedTuple):
    """What belongs to one unit minor units."""

    price: int
    discount: int
    cashback: int
    earned: int

    @property
    def paid(self) -> int:
        """In money: what goes back to the card."""
        return self.price - self.discount - self.cashback


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Units of one line that come back."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What goes back for one line that was asked for."""

    line_id: str
    quantity: int
    #: Money.
    refund_amount: int
    discount_reversed: int
    cashback_restored: int
    cashback_reversed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """What a return gives back, before any claw-back. Minor units."""

    lines: tuple[RefundedLine, ...]
    #: Money, shipping included.
    refund_amount: int
    #: The units' item discount, never shipping's.
    discount_reversed: int
    #: Money.
    shipping_refunded: int
    #: Cashback that had paid for a part, shipping's share included.
    cashback_restored: int
    #: Cashback earned that is taken back.
    cashback_reversed: int
    #: Units returned so far, this return included, by line id.
    returned: Mapping[str, int]
    #: All units of all lines are back, shipping aside.
    completes_order: bool


def unit_shares(line: SoldLine) -> list[UnitShare]:
    """Each unit's own amounts, first unit first; they sum to the line's.

    The discount is spread evenly, leftover minor units to the first units; the cashback in
    proportion to price less discount; what was earned in proportion to what was paid.

    >>> [share.discount for share in unit_shares(
    ...     SoldLine(line_id="1", quantity=3, unit_price=500, discount=100))]
    [34, 33, 33]
    """
    even, extra = divmod(line.discount, line.quantity)
    discounts = [even + (unit < extra) for unit in range(line.quantity)]
    owed = [line.unit_price - discount for discount in discounts]
    cashbacks = allocate(line.cashback, owed)
    paid = [due - cashback for due, cashback in zip(owed, cashbacks, strict=True)]
    # An order that was told anew may now say that nothing was paid for what had earned.
    earning = line.earned if any(paid[line.unearning :]) else 0
    earned = [0] * line.unearning + allocate(earning, paid[line.unearning :])
    return [
        UnitShare(line.unit_price, *amounts)
        for amounts in zip(discounts, cashbacks, earned, strict=True)
    ]


def refund(
    *,
    lines: Sequence[SoldLine],
    returned: Mapping[str, int],
    asked: Sequence[Asked],
    shipping: SoldShipping,
    shipping_returned: bool,
    refund_shipping: bool,
) -> Refund:
    """What goes back when the units asked for are returned, after those `returned` before.

    Units go back first unit first. `returned` counts units by line id; absent means none.

    Raises:
        ReturnExceedsOrder: with a pointer to each line that asks for too much, or for one that the
            order does not have, or to `refund_shipping` the second time.
    """
    sold = {line.line_id: line for line in lines}
    so_far = {line.line_id: returned.get(line.line_id, 0) for line in lines}
    errors = [] if not (refund_shipping and shipping_returned) else [_SHIPPING_TWICE]
    refunded = []
    for position, wanted in enumerate(asked):
        line = sold.get(wanted.line_id)
        if line is None:
            errors.append(_no_such_line(position))
            continue
        if so_far[line.line_id] + wanted.quantity > line.quantity:
            errors.append(_too_many(position))
            continue
        refunded.append(_refunded(line, so_far[line.line_id], wanted.quantity))
        so_far[line.line_id] += wanted.quantity
    if errors:
        raise ReturnExceedsOrder(errors=errors)
    shipping_back = shipping if refund_shipping else SoldShipping()
    shipping_refunded = shipping_back.charged - shipping_back.cashback
    return Refund(
        lines=tuple(refunded),
        refund_amount=sum(line.refund_amount for line in refunded) + shipping_refunded,
        discount_reversed=sum(line.discount_reversed for line in refunded),
        shipping_refunded=shipping_refunded,
        cashback_restored=sum(line.cashback_restored for line in refunded) + shipping_back.cashback,
        cashback_reversed=sum(line.cashback_reversed for line in refunded),
        returned=so_far,
        completes_order=all(so_far[line.line_id] == line.quantity for line in lines),
    )


def _refunded(line: SoldLine, first: int, count: int) -> RefundedLine:
    """What belongs to `count` units of the line, from the one at position `first` on."""
    shares = unit_shares(line)[first : first + count]
    return RefundedLine(
        line_id=line.line_id,
        quantity=count,
        refund_amount=sum(share.paid for share in shares),
        discount_reversed=sum(share.discount for share in shares),
        cashback_restored=sum(share.cashback for share in shares),
        cashback_reversed=sum(share.earned for share in shares),
    )


_SHIPPING_TWICE = FieldError(
    "/refund_shipping", "return_exceeds_order", "The shipping has been returned already."
)


def _no_such_line(position: int) -> FieldError:
    return FieldError(
        f"/lines/{position}/line_id", "return_exceeds_order", "The order has no such line."
    )


def _too_many(position: int) -> FieldError:
    return FieldError(
        f"/lines/{position}/quantity",
        "return_exceeds_order",
        "More is returned than was bought and not yet returned.",
    )
