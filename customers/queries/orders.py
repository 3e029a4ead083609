"""Reads: orders with their lines, and what came back of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from common.statements import text_array
from customers.domain.orders import KnownLine, KnownOrder
from customers.models import Order, OrderLine, OrderReturn


def order_by_reference(reference: str, *, lock: bool = False) -> KnownOrder | None:
    """The order with this id of the shop's; `lock` holds its row until the transaction ends."""
    return _one(Order.objects.filter(reference=reference), lock=lock)


def order_by_key(order_key: int, *, lock: bool = False) -> KnownOrder | None:
    """The order with this row."""
    return _one(Order.objects.filter(pk=order_key), lock=lock)


def orders_by_reference(references: Sequence[str], *, lock: bool = False) -> dict[str, KnownOrder]:
    """Those orders that exist, by the shop's id; locked in the order of their ids."""
    rows = Order.objects.filter(reference__in=references).order_by("reference")
    return {order.reference: order for order in _read(_locked(rows, lock=lock))}


def known_references(references: Collection[str]) -> set[str]:
    """Those of the shop's ids that orders have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference FROM customers_order WHERE reference = ANY (%s::text[])",
            [text_array(references)],
        )
        return {reference for (reference,) in cursor.fetchall()}


def orders_page(
    *, after: str | None, limit: int, status: str | None = None, customer: str | None = None
) -> list[KnownOrder]:
    """The next orders by id, one more than `limit`; of one status or one customer where asked."""
    rows = Order.objects.order_by("reference")
    if after is not None:
        rows = rows.filter(reference__gt=after)
    if status is not None:
        rows = rows.filter(status=status)
    if customer is not None:
        rows = rows.filter(customer__reference=customer)
    return _read(rows[: limit + 1])


def orders_of_customer(
    customer_key: int, *, before: tuple[datetime, int] | None = None, limit: int
) -> list[KnownOrder]:
    """Up to `limit` orders, newest first, from the one after the place `before`.

    A place is an order's `placed_at` and `key`.
    """
    rows = Order.objects.filter(customer_id=customer_key).order_by("-placed_at", "-pk")
    if before is not None:
        rows = rows.filter(
            Q(placed_at__lt=before[0]) | Q(placed_at=before[0], pk__lt=before[1]),
            placed_at__lte=before[0],
        )
    return _read(rows[:limit])


def returns_of(order_keys: Sequence[int]) -> dict[int, list[Any]]:
    """The answers that the returns of these orders got, oldest first."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = OrderReturn.objects.filter(order_id__in=order_keys).order_by("id")
    for order_key, answer in rows.values_list("order_id", "answer"):
        found[order_key].append(answer)
    return found


def return_of(*, order_key: int, reference: str) -> OrderReturn | None:
    """The return with this id of the shop's."""
    return OrderReturn.objects.filter(order_id=order_key, reference=reference).first()


def _one(rows: "QuerySet[Order]", *, lock: bool) -> KnownOrder | None:
    return next(iter(_read(_locked(rows, lock=lock))), None)


def _locked(rows: "QuerySet[Order]", *, lock: bool) -> "QuerySet[Order]":
    # Rows that only refer to the order (its redemption) need not wait.
    return rows.select_for_update(of=("self",), no_key=True) if lock else rows


def _read(rows: "QuerySet[Order]") -> list[KnownOrder]:
    orders = list(rows.select_related("customer"))
    lines: dict[int, list[KnownLine]] = defaultdict(list)
    if orders:
        keys = [order.pk for order in orders]
        found = OrderLine.objects.filter(order_id__in=keys).order_by("order_id", "position", "id")
        for line in found:
            lines[line.order_id].append(_known_line(line))
    return [_known(order, lines[order.pk]) for order in orders]


def _known(order: Order, lines: Iterable[KnownLine]) -> KnownOrder:
    return KnownOrder(
        key=order.pk,
        reference=order.reference,
        customer_key=order.customer_id,
        customer_reference=order.customer.reference if order.customer else None,
        customer_is_erased=order.customer is not None and order.customer.erased_at is not None,
        currency=order.currency,
        status=order.status,  # type: ignore[arg-type]  # held by the column's choices
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        cancelled_at=order.cancelled_at,
        channel=order.channel,
        partner_reference=order.partner_reference,
        shipping_amount=order.shipping_amount,
        shipping_discount=order.shipping_discount,
        shipping_cashback=order.shipping_cashback,
        shipping_refunded=order.shipping_refunded,
        tracking_url=order.tracking_url,
        is_redeemed=order.is_redeemed,
        revision=order.revision,
        lines=tuple(lines),
    )


def _known_line(line: OrderLine) -> KnownLine:
    return KnownLine(
        key=line.pk,
        line_id=line.line_id,
        sku=line.sku,
        name=line.name,
        categories=tuple(line.categories),
        brand=line.brand,
        tags=tuple(line.tags),
        quantity=line.quantity,
        unit_price=line.unit_price,
        list_price=line.list_price,
        discountable=line.discountable,
        discount_amount=line.discount_amount,
        cashback_amount=line.cashback_amount,
        returned_quantity=line.returned_quantity,
        is_redeemed=line.is_redeemed,
    )
