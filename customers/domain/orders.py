"""What an order is, which states follow which, and what an order adds to its customer's figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.cart import MAX_UNITS, CartLine
from common.errors import FieldError
from common.fields import Amount, Currency, Instant, ShopId, ShortText, WebAddress, Word
from common.instants import instant_errors
from common.money import MAX_AMOUNT

MAX_LINES = 1_000
#: What the dearest cart that is redeemed may cost: its order must be told later on.
MAX_TOTAL = MAX_UNITS * MAX_AMOUNT

Status = Literal["placed", "paid", "shipped", "delivered", "cancelled"]
#: The steps of an order in their order, each with the field of its instant.
INSTANT_OF: Mapping[str, str] = {
    "placed": "placed_at",
    "paid": "paid_at",
    "shipped": "shipped_at",
    "delivered": "delivered_at",
}
_STEPS = tuple(INSTANT_OF)

Words = Annotated[list[Word], Meta(max_length=100)]


class OrderLineState(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line as the shop tells it; amounts in minor units, `discount_amount` of the whole line."""

    line_id: ShopId
    sku: ShopId
    #: Fuel and weighed goods come in tens of thousands: far above what a cart may hold.
    quantity: Annotated[int, Meta(ge=1, le=100_000)]
    unit_price: Amount
    name: ShortText | None = None
    categories: Words = []
    brand: Word | None = None
    tags: Words = []
    list_price: Amount | None = None
    discountable: bool = True
    #: None: 0, or what the redemption gave.
    discount_amount: Amount | None = None

    @property
    def subtotal(self) -> int:
        """Minor units before discount."""
        return self.quantity * self.unit_price


class OrderState(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole current state of an order. `customer_id` null is a guest.

    An instant left out keeps its value; a status reached without its instant gets the call's.
    """

    currency: Currency
    lines: Annotated[list[OrderLineState], Meta(min_length=1, max_length=MAX_LINES)]
    customer_id: ShopId | None = None
    status: Status = "placed"
    placed_at: Instant | None = None
    paid_at: Instant | None = None
    shipped_at: Instant | None = None
    delivered_at: Instant | None = None
    channel: Word | None = None
    partner_id: ShopId | None = None
    #: Before discount.
    shipping_amount: Amount = 0
    tracking_url: WebAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """A line as it is recorded; `key` is its row. Discount and cashback are of the whole line."""

    key: int
    line_id: str
    sku: str
    name: str
    categories: tuple[str, ...]
    brand: str
    tags: tuple[str, ...]
    quantity: int
    unit_price: int
    list_price: int | None
    discountable: bool
    discount_amount: int
    cashback_amount: int
    returned_quantity: int
    #: Whether it stood in the redeemed cart; the others of a redeemed order are gifts.
    is_redeemed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """An order as it is recorded, its lines in order; `key` is its row, "" is no text."""

    key: int
    reference: str
    customer_key: int | None
    customer_reference: str | None
    #: Then `customer_reference` is a pseudonym, which no shop can tell.
    customer_is_erased: bool
    currency: str
    status: Status
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    channel: str
    partner_reference: str
    shipping_amount: int
    shipping_discount: int
    shipping_cashback: int
    shipping_refunded: bool
    tracking_url: str
    is_redeemed: bool
    revision: int
    lines: tuple[KnownLine, ...]

    @property
    def has_returns(self) -> bool:
        """Whether anything came back so far."""
        return self.shipping_refunded or any(line.returned_quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Figures:
    """What orders come to: their number, the units kept, and their lines after discount."""

    orders: int = 0
    items: int = 0
    amount: int = 0

    def less(self, other: "Figures") -> "Figures":
        """The difference, which may be negative."""
        return Figures(
            self.orders - other.orders, self.items - other.items, self.amount - other.amount
        )


@dataclass(frozen=True, slots=True)
class RedeemedLine:
    """A line of the redeemed cart with what was taken from it, in minor units of the whole line."""

    line: CartLine
    discount_amount: int
    cashback_amount: int = 0


@dataclass(frozen=True, slots=True)
class ReturnedUnits:
    """Units of one line that come back, and the money for them."""

    line_key: int
    quantity: int
    refund_amount: int


def order_errors(state: OrderState) -> list[FieldError]:
    """What is wrong with an order beyond the form of its fields, whatever is known of it."""
    errors = instant_errors({f"/{name}": getattr(state, name) for name in INSTANT_OF.values()})
    seen: set[str] = set()
    for index, line in enumerate(state.lines):
        pointer = f"/lines/{index}"
        if line.line_id in seen:
            errors.append(FieldError(f"{pointer}/line_id", "duplicate", "It stands here twice."))
        seen.add(line.line_id)
        if (line.discount_amount or 0) > line.subtotal:
            detail = f"At most what the line costs: {line.subtotal}."
            errors.append(FieldError(f"{pointer}/discount_amount", "invalid", detail))
    if sum(line.subtotal for line in state.lines) > MAX_TOTAL:
        errors.append(FieldError("/lines", "invalid", f"They cost more than {MAX_TOTAL}."))
    return errors


def unreached_instants(state: OrderState) -> list[FieldError]:
    """Instants of steps that the status has not come to.

    Asked after the known order's status: who moves backwards hears of that first.
    """
    if state.status == "cancelled":
        later: tuple[str, ...] = ("shipped", "delivered")
    else:
        later = _STEPS[_STEPS.index(state.status) + 1 :]
    return [
        FieldError(f"/{INSTANT_OF[step]}", "invalid", f"The order is not {step} yet.")
        for step in later
        if getattr(state, INSTANT_OF[step]) is not None
    ]


def may_follow(before: str, after: str) -> bool:
    """Whether an order may go from one status to another, or stay.

    >>> may_follow("placed", "delivered"), may_follow("paid", "cancelled"), may_follow("paid", "paid")
    (True, True, True)
    >>> may_follow("paid", "placed"), may_follow("shipped", "cancelled"), may_follow("cancelled", "paid")
    (False, False, False)
    """
    if before == after:
        return True
    if "cancelled" in (before, after):
        return before in ("placed", "paid")
    return _STEPS.index(before) < _STEPS.index(after)


def instants_of(
    state: OrderState, *, known: KnownOrder | None, now: datetime
) -> dict[str, datetime | None]:
    """The instants that the order has after the call: as told, else as known, else the call's."""
    instants = {
        name: getattr(state, name) or (getattr(known, name) if known else None)
        for name in INSTANT_OF.values()
    }
    for name in {"placed_at", INSTANT_OF.get(state.status, "placed_at")}:
        instants[name] = instants[name] or now
    return instants


def returned_amount(
    *, quantity: int, unit_price: int, discount_amount: int, returned_quantity: int
) -> int:
    """What the returned units cost after discount, minor units.

    The line's discount is spread evenly over its units, leftover units of money to the first
    ones, and units go back first unit first.

    >>> returned_amount(quantity=3, unit_price=100, discount_amount=50, returned_quantity=2)
    166
    """
    each, leftover = divmod(discount_amount, quantity)
    back = returned_quantity
    return back * (unit_price - each) - min(back, leftover)


def figures_of(status: str, lines: Iterable[KnownLine | OrderLineState]) -> Figures:
    """What one order counts for its customer: nothing once cancelled, the number even if all came back."""
    if status == "cancelled":
        return Figures()
    items = amount = 0
    for line in lines:
        discount = line.discount_amount or 0
        back = line.returned_quantity if isinstance(line, KnownLine) else 0
        items += line.quantity - back
        amount += line.quantity * line.unit_price - discount
        if back:
            amount -= returned_amount(
                quantity=line.quantity, unit_price=line.unit_price,
                discount_amount=discount, returned_quantity=back,
            )  # fmt: skip
    return Figures(1, items, amount)
