"""What the checkout does to orders: write a redeemed one, cancel, take units back.

Locks: the advisory lock on the order's id (the row may not exist), its row, the customer's figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from common.cart import CartLine
from common.errors import DomainError
from common.statements import Insert
from customers.actions import metrics
from customers.actions.order_rows import insert_orders
from customers.actions.turns import take_turns
from customers.domain.orders import (
    Figures,
    KnownLine,
    KnownOrder,
    RedeemedLine,
    ReturnedUnits,
    figures_of,
)
from customers.domain.turns import order_turn
from customers.models import Order, OrderReturn, OrderReturnLine
from customers.queries.orders import order_by_key, order_by_reference


class StateTransitionNotAllowed(DomainError):
    """The order's state forbids it; `errors` name the fields that would have to stay."""

    code = "state_transition_not_allowed"


class OrderDiffersFromRedemption(DomainError):
    """An order and its redemption tell different things; `errors` name them."""

    code = "order_differs_from_redemption"


class ReturnRaced(Exception):
    """More units or shipping than are left: the caller did not hold the order's lock."""


@dataclass(frozen=True, slots=True)
class OrderForRedemption:
    """The order that a redemption belongs to.

    `uncounted` is what a new order adds to its customer's figures: the caller's to run. `known` is the
    order as it was recorded before; None: the redemption has made it.
    """

    order_key: int
    created: bool
    known: KnownOrder | None = None
    uncounted: Sequence[Insert] = ()


def lock_order_id(reference: str) -> None:
    """Take turns on the shop's order id until the transaction ends, whether or not its row exists."""
    take_turns(order_turn(reference))


def write_redeemed_order(
    *,
    reference: str,
    customer_key: int | None,
    currency: str,
    channel: str | None,
    partner_id: str | None = None,
    shipping_amount: int,
    shipping_discount: int,
    lines: Sequence[RedeemedLine],
    now: datetime,
    shipping_cashback: int = 0,
) -> OrderForRedemption:
    """Make the order of a redemption, as `placed`, or give a known one the redemption's amounts.

    A known order keeps its status, instants and words; it may hold further lines that cost nothing
    (gifts). The caller holds the lock on the order's id; a known order's row is locked here.

    Raises:
        OrderDiffersFromRedemption: the known order is neither placed nor paid, was redeemed, has
            returns, or does not agree in customer, currency and lines.
    """
    order = {
        "reference": reference, "customer_id": customer_key, "currency": currency,
        "status": "placed", "placed_at": now, "channel": channel or "", "tracking_url": "",
        "partner_reference": partner_id or "", "shipping_amount": shipping_amount,
        "shipping_discount": shipping_discount, "shipping_cashback": shipping_cashback,
        "is_redeemed": True, "is_history": False,
    }  # fmt: skip
    rows = [_line_row(position, redeemed) for position, redeemed in enumerate(lines)]
    made = insert_orders([order], lines={reference: rows}, now=now)
    if reference in made:
        uncounted = _first_count(customer_key, currency, lines, now=now)
        return OrderForRedemption(made[reference], created=True, uncounted=uncounted)
    known = order_by_reference(reference, lock=True)
    assert known is not None
    _check_agrees(known, customer_key=customer_key, currency=currency, lines=lines)
    Order.objects.filter(pk=known.key).update(
        shipping_amount=shipping_amount, shipping_discount=shipping_discount,
        shipping_cashback=shipping_cashback, channel=known.channel or channel or "",
        partner_reference=known.partner_reference or partner_id or "", is_redeemed=True,
        revision=F("revision") + 1,
    )  # fmt: skip
    _take_from_lines(known, lines)
    taken = {redeemed.line.line_id: redeemed.discount_amount for redeemed in lines}
    after = [replace(line, discount_amount=taken.get(line.line_id, 0)) for line in known.lines]
    _count(known, figures_of(known.status, after))
    return OrderForRedemption(known.key, created=False, known=known)


def cancel_order(*, order_key: int, now: datetime) -> None:
    """Set a placed or paid order to cancelled; a cancelled one stays as it is.

    Raises:
        StateTransitionNotAllowed: it was shipped, or something came back already.
    """
    order = order_by_key(order_key, lock=True)
    assert order is not None
    if order.status == "cancelled":
        return
    if order.status not in ("placed", "paid") or order.has_returns:
        raise StateTransitionNotAllowed("It was shipped, or something came back already.")
    Order.objects.filter(pk=order_key).update(
        status=Order.Status.CANCELLED, cancelled_at=now, revision=F("revision") + 1
    )
    _count(order, Figures())


def record_return(
    *,
    order: KnownOrder,
    reference: str,
    request: Mapping[str, Any],
    refund_shipping: bool,
    refund_amount: int,
    discount_reversed: int,
    shipping_refunded: int,
    answer: Mapping[str, Any],
    lines: Sequence[ReturnedUnits],
    now: datetime,
) -> int:
    """Record what came back of `order`, which the caller has read under its lock; the row's key.

    `request` and `answer` are what was asked and told, for a repeated `return_id`.

    Raises:
        ReturnRaced
    """
    made = OrderReturn.objects.create(
        order_id=order.key, reference=reference, request=dict(request),
        refund_shipping=refund_shipping,
        refund_amount=refund_amount, discount_reversed=discount_reversed,
        shipping_refunded=shipping_refunded, answer=dict(answer), returned_at=now,
    )  # fmt: skip
    OrderReturnLine.objects.bulk_create(
        OrderReturnLine(
            order_return=made, line_id=units.line_key, quantity=units.quantity,
            refund_amount=units.refund_amount,
        )
        for units in lines
    )  # fmt: skip
    _take_back(order, lines)
    changes: dict[str, Any] = {"revision": F("revision") + 1}
    row = Order.objects.filter(pk=order.key)
    if refund_shipping:
        changes["shipping_refunded"] = True
        row = row.filter(shipping_refunded=False)
    if row.update(**changes) != 1:
        raise ReturnRaced
    back = {units.line_key: units.quantity for units in lines}
    after = [
        replace(line, returned_quantity=line.returned_quantity + back.get(line.key, 0))
        for line in order.lines
    ]
    _count(order, figures_of(order.status, after))
    return made.pk


def _take_back(order: KnownOrder, lines: Sequence[ReturnedUnits]) -> None:
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_orderline AS line
            SET returned_quantity = returned_quantity + back.quantity
            FROM unnest(%s::bigint[], %s::int[]) AS back (key, quantity)
            WHERE line.id = back.key AND line.order_id = %s
              AND line.returned_quantity + back.quantity <= line.quantity
            """,
            [[u.line_key for u in lines], [u.quantity for u in lines], order.key],
        )
        if cursor.rowcount != len(lines):
            raise ReturnRaced


def _take_from_lines(known: KnownOrder, lines: Sequence[RedeemedLine]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_orderline AS line SET discount_amount = taken.discount,
                cashback_amount = taken.cashback, is_redeemed = true
            FROM unnest(%s::text[], %s::bigint[], %s::bigint[])
                AS taken (line_id, discount, cashback)
            WHERE line.order_id = %s AND line.line_id = taken.line_id
            """,
            [
                [redeemed.line.line_id for redeemed in lines],
                [redeemed.discount_amount for redeemed in lines],
                [redeemed.cashback_amount for redeemed in lines],
                known.key,
            ],
        )


def _check_agrees(
    known: KnownOrder,
    *,
    customer_key: int | None,
    currency: str,
    lines: Sequence[RedeemedLine],
) -> None:
    if known.has_returns:
        raise OrderDiffersFromRedemption("Something of the order came back already.")
    if known.is_redeemed or known.status not in ("placed", "paid"):
        raise OrderDiffersFromRedemption(
            "The order is known already and is not placed or paid any more."
        )
    if known.customer_key != customer_key:
        raise OrderDiffersFromRedemption("The order is another customer's.")
    if known.currency != currency:
        raise OrderDiffersFromRedemption(f"The order is in {known.currency}.")
    asked = {_identity(redeemed.line) for redeemed in lines}
    recorded = {_identity(line) for line in known.lines}
    gifts = {_identity(line) for line in known.lines if line.unit_price == 0}
    if not asked <= recorded or not recorded - asked <= gifts:
        raise OrderDiffersFromRedemption(
            "The order's lines differ in line_id, sku, quantity or unit_price."
        )


def _identity(line: CartLine | KnownLine) -> tuple[str, str, int, int]:
    return line.line_id, line.sku, line.quantity, line.unit_price


def _first_count(
    customer_key: int | None, currency: str, lines: Sequence[RedeemedLine], *, now: datetime
) -> list[Insert]:
    if customer_key is None:
        return []
    items = sum(redeemed.line.quantity for redeemed in lines)
    amount = sum(redeemed.line.subtotal - redeemed.discount_amount for redeemed in lines)
    return [
        metrics.first_count(
            customer_key=customer_key,
            currency=currency,
            figures=Figures(1, items, amount),
            placed_at=now,
        )
    ]


def _count(order: KnownOrder, after: Figures) -> None:
    if order.customer_key is None:
        return
    before = figures_of(order.status, order.lines)
    metrics.keep(
        [
            metrics.Change(
                order.customer_key, order.currency, before, after, order.placed_at, order.placed_at
            )
        ]
    )


def _line_row(position: int, redeemed: RedeemedLine) -> dict[str, Any]:
    line = redeemed.line
    return {
        "position": position, "line_id": line.line_id, "sku": line.sku, "name": "",
        "categories": line.categories, "brand": line.brand or "", "tags": line.tags,
        "quantity": line.quantity, "unit_price": line.unit_price, "list_price": line.list_price,
        "discountable": line.discountable, "discount_amount": redeemed.discount_amount,
        "cashback_amount": redeemed.cashback_amount, "is_redeemed": True,
    }  # fmt: skip
