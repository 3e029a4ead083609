"""What orders look like from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cashback.queries.orders import OrderCashback
from checkout.models import Redemption
from common.api.batches import MAX_ROWS
from common.fields import ShopId
from common.ids import public_id
from customers.domain.orders import KnownLine, KnownOrder, OrderState, Status


class PutOrderRequest(OrderState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole current state of an order; the call may be repeated.

    An instant left out keeps its value; a status reached without its instant gets the call's.
    Of a redeemed order the redemption's discounts and shipping stand, whatever is sent.
    """


class BatchOrder(OrderState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a batch: as in `PUT /orders/{order_id}`."""

    order_id: ShopId


class ImportOrdersRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of `BatchOrder`, each read by itself."""

    orders: Annotated[list[Any], Meta(min_length=1, max_length=MAX_ROWS)]


class OrderLineResponse(Struct, frozen=True, kw_only=True):
    """A line of an order; amounts are of the whole line."""

    line_id: str
    sku: str
    name: str | None
    categories: list[str]
    brand: str | None
    tags: list[str]
    quantity: int
    unit_price: int
    list_price: int | None
    discountable: bool
    discount_amount: int
    returned_quantity: int


class OrderRedemptionResponse(Struct, frozen=True):
    """The redemption of an order."""

    redemption_id: str
    status: Literal["redeemed", "cancelled"]


class OrderCashbackResponse(Struct, frozen=True, kw_only=True):
    """What an order was paid with, and what it earned; minor units."""

    spent: int
    #: Of `spent`, what returns or a cancel gave back.
    restored: int
    #: By cashback rules and bonuses, when it was redeemed or first recorded as paid.
    earned: int
    #: Of `earned`, what returns or a cancel took back.
    reversed: int
    available_at: Annotated[
        datetime | None,
        Meta(
            description="From when on the first of what was earned may be spent; null until payment or "
            "delivery is told."
        ),
    ]


class OrderResponse(Struct, frozen=True, kw_only=True):
    """An order with its redemption, returns and cashback."""

    order_id: str
    customer_id: str | None
    currency: str
    status: Status
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    channel: str | None
    partner_id: str | None
    #: Before discount.
    shipping_amount: int
    shipping_discount: int
    tracking_url: str | None
    lines: list[OrderLineResponse]
    redemption: OrderRedemptionResponse | None
    #: The answers that its returns got, oldest first.
    returns: list[Any]
    #: Null where nothing was earned or spent.
    cashback: OrderCashbackResponse | None


def order_request(order: KnownOrder) -> dict[str, Any]:
    """The order as `PUT` takes it."""
    shown = OrderState.__struct_fields__
    told = {name: value for name, value in _fields(order).items() if name in shown}
    if order.customer_is_erased:
        told["customer_id"] = None
    return told | {
        "lines": [
            {name: value for name, value in line.items() if name != "returned_quantity"}
            for line in map(_line_fields, order.lines)
        ]
    }


def order_response(
    order: KnownOrder,
    *,
    redemption: OrderRedemptionResponse | None,
    returns: Sequence[Mapping[str, Any]],
    cashback: OrderCashback | None,
) -> OrderResponse:
    """The order as an answer."""
    return OrderResponse(
        **_fields(order),
        lines=[OrderLineResponse(**_line_fields(line)) for line in order.lines],
        redemption=redemption,
        returns=list(returns),
        cashback=_cashback_response(cashback),
    )


def redemption_response(redemption: Redemption | None) -> OrderRedemptionResponse | None:
    """The redemption as the order shows it."""
    if redemption is None:
        return None
    status: Any = redemption.status
    return OrderRedemptionResponse(public_id("red", redemption.pk), status)


def _cashback_response(cashback: OrderCashback | None) -> OrderCashbackResponse | None:
    if cashback is None:
        return None
    return OrderCashbackResponse(
        spent=cashback.spent,
        restored=cashback.restored,
        earned=cashback.earned,
        reversed=cashback.taken_back,
        available_at=cashback.available_at,
    )


def _fields(order: KnownOrder) -> dict[str, Any]:
    return {
        "order_id": order.reference, "customer_id": order.customer_reference,
        "currency": order.currency, "status": order.status, "placed_at": order.placed_at,
        "paid_at": order.paid_at, "shipped_at": order.shipped_at,
        "delivered_at": order.delivered_at, "cancelled_at": order.cancelled_at,
        "channel": order.channel or None, "partner_id": order.partner_reference or None,
        "shipping_amount": order.shipping_amount, "shipping_discount": order.shipping_discount,
        "tracking_url": order.tracking_url or None,
    }  # fmt: skip


def _line_fields(line: KnownLine) -> dict[str, Any]:
    return {
        "line_id": line.line_id, "sku": line.sku, "name": line.name or None,
        "categories": list(line.categories), "brand": line.brand or None, "tags": list(line.tags),
        "quantity": line.quantity, "unit_price": line.unit_price, "list_price": line.list_price,
        "discountable": line.discountable, "discount_amount": line.discount_amount,
        "returned_quantity": line.returned_quantity,
    }  # fmt: skip
