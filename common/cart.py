"""The cart: what a shopper wants to buy, as the shop's server sends it with every call."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from common.fields import Amount, Country, Currency, IpAddress, ShopId, Word

MAX_LINES = 1_000
MAX_UNITS = 10_000
#: Of one code as it was typed, in characters.
MAX_TYPED = 1_000


class CartLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One line: `quantity` units at `unit_price`, the price that the customer sees."""

    line_id: ShopId
    sku: ShopId
    quantity: Annotated[int, Meta(ge=1, le=10**9)]
    unit_price: Amount
    categories: list[Word] = []
    brand: Word | None = None
    tags: list[Word] = []
    #: Above `unit_price` it marks an item that is already reduced.
    list_price: Amount | None = None
    discountable: bool = True

    @property
    def subtotal(self) -> int:
        """Minor units before any discount."""
        return self.quantity * self.unit_price

    @property
    def is_reduced(self) -> bool:
        return self.list_price is not None and self.list_price > self.unit_price


class Cart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole cart. `customer_id` null is a guest; amounts are minor units of `currency`."""

    currency: Currency
    lines: Annotated[list[CartLine], Meta(min_length=1)]
    customer_id: ShopId | None = None
    channel: Word | None = None
    #: Whose order it is, where it is a partner's: the redeemed order gets it, and earns as that partner's.
    partner_id: ShopId | None = None
    shipping_country: Country | None = None
    shipping_method: Word | None = None
    payment_method: Word | None = None
    shipping_amount: Amount = 0
    client_ip: IpAddress | None = None
    #: What shoppers typed or pasted: whatever can be no code is answered as one that is not valid.
    codes: list[Annotated[str, Meta(max_length=MAX_TYPED)]] = []
    cashback_amount: Amount | Literal["max"] = 0

    @property
    def subtotal(self) -> int:
        """The items', minor units, before any discount."""
        return sum(line.subtotal for line in self.lines)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)
