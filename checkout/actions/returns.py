"""Returns: units go back, and with them exactly what was paid for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from cashback.actions.returns import return_source
from cashback.queries.orders import NOTHING_EARNED, EarnedLine, earned_by_line
from checkout.actions.cancel import restore_uses
from checkout.actions.purse import Undone, undo_units
from checkout.domain.minimums import Minimum, no_longer_met
from checkout.domain.returns import Asked, Refund, SoldLine, SoldShipping, refund
from checkout.models import Redemption, Uncounted
from common.errors import DomainError, NotFound
from customers.actions import metrics, orders
from customers.domain.orders import KnownOrder, ReturnedUnits
from customers.queries.orders import order_by_reference, return_of
from journal.actions import record_event
from promotions.actions.counters import Changes


class ReturnIdReused(DomainError):
    """The id stands for a return of other units."""

    code = "return_id_reused"


@dataclass(frozen=True, slots=True)
class Returned:
    """The answer of a return; `is_new` is false for one that was told before."""

    content: dict[str, Any]
    is_new: bool
    customer_key: int | None
    closing: Callable[[], None] | None = None


def return_lines(
    *,
    order_id: str,
    return_id: str,
    asked: Sequence[Asked],
    refund_shipping: bool,
    now: datetime,
) -> Returned:
    """Take units back, first unit first, each with its own amounts. Part of the caller's transaction.

    The return that completes the order also gives back the uses that a cancel would.

    Raises:
        NotFound, ReturnIdReused, ReturnExceedsOrder
        StateTransitionNotAllowed: the order is cancelled.
    """
    orders.lock_order_id(order_id)
    order = order_by_reference(order_id, lock=True)
    if order is None:
        raise NotFound("There is no such order.")
    request = _content_of(asked, refund_shipping=refund_shipping)
    earlier = return_of(order_key=order.key, reference=return_id)
    if earlier is not None:
        if earlier.request != request:
            raise ReturnIdReused
        return Returned(earlier.answer, is_new=False, customer_key=order.customer_key)
    if order.status == "cancelled":
        raise orders.StateTransitionNotAllowed("The order is cancelled.")
    earned = earned_by_line(order.key) if order.customer_key is not None else {}
    given = _refund(order, asked, earned, refund_shipping=refund_shipping)
    redemption = Redemption.objects.select_for_update().filter(order_id=order.key).first()
    codes: list[str] = []
    changes = Changes()
    if given.completes_order and redemption is not None:
        codes, changes = restore_uses(redemption, now=now)
        redemption.save(update_fields=["restored_at"])
    undone = _undo(order, return_id, given, earned, now=now)
    refund_amount = given.refund_amount - undone.taken.offset
    content = {
        "return_id": return_id,
        "order_id": order_id,
        "refund_amount": refund_amount,
        "discount_reversed": given.discount_reversed,
        "shipping_refunded": given.shipping_refunded,
        "cashback_restored": undone.restored,
        "cashback_reversed": undone.taken.amount,
        "cashback_debt": undone.taken.debt,
        "clawback_offset": undone.taken.offset,
        "codes_restored": codes,
        "conditions_no_longer_met": _broken_conditions(order, given, redemption),
        "lines": [
            {
                "line_id": line.line_id,
                "quantity": line.quantity,
                "refund_amount": line.refund_amount,
            }
            for line in given.lines
        ],
    }
    return_key = orders.record_return(
        order=order,
        reference=return_id,
        request=request,
        refund_shipping=refund_shipping,
        refund_amount=refund_amount,
        discount_reversed=given.discount_reversed,
        shipping_refunded=given.shipping_refunded,
        answer=content,
        lines=_units(order, given),
        now=now,
    )
    if redemption is not None:
        Uncounted.objects.create(return_key=return_key)
    record_event(
        type="order.returned",
        payload={
            "order_id": order_id,
            "return_id": return_id,
            "refund_amount": refund_amount,
            "discount_reversed": given.discount_reversed,
            "currency": order.currency,
        },
        customer_key=order.customer_key,
        now=now,
    )
    # Only now: the customer's figures, which the return has changed, are locked before any count.
    return Returned(content, is_new=True, customer_key=order.customer_key, closing=changes.apply())


def _content_of(asked: Sequence[Asked], *, refund_shipping: bool) -> dict[str, Any]:
    """What a return asks for, apart from the order in which it says so."""
    units: dict[str, int] = {}
    for line in asked:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    return {"lines": dict(sorted(units.items())), "refund_shipping": refund_shipping}


def _undo(
    order: KnownOrder,
    return_id: str,
    given: Refund,
    earned: Mapping[str, EarnedLine],
    *,
    now: datetime,
) -> Undone:
    """What the return does to cashback, with the customer's figures locked before the wallet."""
    if order.customer_key is None or not (given.cashback_restored or earned):
        return Undone()
    by_line: dict[str, int] = {}
    for line in given.lines:
        if line.cashback_reversed:
            by_line[line.line_id] = by_line.get(line.line_id, 0) + line.cashback_reversed
    if not given.cashback_restored and not by_line and not given.completes_order:
        return Undone()
    metrics.lock(customer_key=order.customer_key, currency=order.currency)
    return undo_units(
        order,
        source=return_source(order_key=order.key, return_id=return_id),
        restored=given.cashback_restored,
        # What completes the order takes back whatever is left.
        reversed_by_line=None if given.completes_order else by_line,
        refund=given.refund_amount,
        now=now,
    )


def _refund(
    order: KnownOrder,
    asked: Sequence[Asked],
    earned: Mapping[str, EarnedLine],
    *,
    refund_shipping: bool,
) -> Refund:
    return refund(
        lines=[
            SoldLine(
                line_id=line.line_id,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=line.discount_amount,
                cashback=line.cashback_amount,
                earned=earned.get(line.line_id, NOTHING_EARNED).amount,
                unearning=earned.get(line.line_id, NOTHING_EARNED).unearning,
            )
            for line in order.lines
        ],
        returned={line.line_id: line.returned_quantity for line in order.lines},
        asked=asked,
        shipping=SoldShipping(
            charged=order.shipping_amount - order.shipping_discount,
            cashback=order.shipping_cashback,
        ),
        shipping_returned=order.shipping_refunded,
        refund_shipping=refund_shipping,
    )


def _broken_conditions(
    order: KnownOrder, given: Refund, redemption: Redemption | None
) -> list[str]:
    """Promotions whose minimum the kept units miss; none once nothing is kept."""
    if redemption is None or given.completes_order or not given.lines:
        return []
    kept = {
        line.line_id: (line.quantity - given.returned[line.line_id], line.unit_price)
        for line in order.lines
    }
    return no_longer_met(msgspec.convert(redemption.minimums, list[Minimum]), kept)


def _units(order: KnownOrder, given: Refund) -> list[ReturnedUnits]:
    """One row per line, though a return may name a line more than once."""
    keys = {line.line_id: line.key for line in order.lines}
    units: dict[str, tuple[int, int]] = {}
    for line in given.lines:
        quantity, amount = units.get(line.line_id, (0, 0))
        units[line.line_id] = (quantity + line.quantity, amount + line.refund_amount)
    return [
        ReturnedUnits(keys[line_id], quantity, amount)
        for line_id, (quantity, amount) in units.items()
    ]
