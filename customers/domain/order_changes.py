"""What a told state does to a known order: what forbids it, and the rows that it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from common.errors import FieldError
from customers.domain.orders import (
    KnownLine,
    KnownOrder,
    OrderLineState,
    OrderState,
    instants_of,
    may_follow,
)

Code = Literal["state_transition_not_allowed", "order_differs_from_redemption"]
STATE: Code = "state_transition_not_allowed"
DIFFERS: Code = "order_differs_from_redemption"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a known order may not come to the told state; `errors` name the fields."""

    code: Code
    detail: str
    errors: Sequence[FieldError]


def what_forbids(known: KnownOrder, state: OrderState) -> Refused | None:
    """The first thing that forbids the change; None when nothing does."""
    if not may_follow(known.status, state.status):
        detail = f"From {known.status} an order does not become {state.status}."
        return _refused(STATE, detail, ["/status"])
    if state.status == "cancelled" != known.status and known.has_returns:
        return _refused(STATE, "Something came back already.", ["/status"])
    fixed = DIFFERS if known.is_redeemed else STATE
    # Whoever was erased is named by nobody: the shop may still tell the former id, or none.
    if not known.customer_is_erased and state.customer_id != known.customer_reference:
        return _refused(fixed, "An order stays with its customer.", ["/customer_id"])
    if state.currency != known.currency:
        return _refused(fixed, "An order keeps its currency.", ["/currency"])
    if known.is_redeemed and (pointers := _differing_lines(known, state)):
        return _refused(DIFFERS, "These lines are not those of the redemption.", pointers)
    if pointers := _disturbed_returns(known, state):
        return _refused(
            STATE, "A line of which something came back stays as it was sold.", pointers
        )
    return None


def cancels_redemption(known: KnownOrder, state: OrderState) -> bool:
    """Whether the change has to cancel the order's redemption as well."""
    return known.is_redeemed and state.status == "cancelled" and known.status != "cancelled"


def order_row(state: OrderState, *, known: KnownOrder | None, now: datetime) -> dict[str, Any]:
    """The order's columns after the change, but for its ids.

    Of a redeemed order the shipping is the redemption's, its partner stays unless another is told, and its
    cancelling is left to the caller.
    """
    cancelled_at = None
    status: str = state.status
    if known is not None and cancels_redemption(known, state):
        status = known.status
    elif status == "cancelled":
        cancelled_at = (known.cancelled_at if known else None) or now
    is_redeemed = known is not None and known.is_redeemed
    # Whose order it is may have been said at the checkout, by somebody else than who tells it now.
    kept_partner = known.partner_reference if known and is_redeemed else ""
    return {
        "currency": state.currency,
        "status": status,
        **instants_of(state, known=known, now=now),
        "cancelled_at": cancelled_at,
        "channel": state.channel or "",
        "partner_reference": state.partner_id or kept_partner,
        # It leads to a person, of whom nothing is kept any more.
        "tracking_url": "" if known and known.customer_is_erased else state.tracking_url or "",
        "shipping_amount": known.shipping_amount
        if known and is_redeemed
        else state.shipping_amount,
        "shipping_discount": known.shipping_discount if known else 0,
        "shipping_cashback": known.shipping_cashback if known else 0,
        "is_redeemed": is_redeemed,
    }


def line_rows(state: OrderState, *, known: KnownOrder | None) -> list[dict[str, Any]]:
    """The lines' columns after the change. Redeemed lines keep the redemption's amounts."""
    kept = {line.line_id: line for line in known.lines if line.is_redeemed} if known else {}
    return [_line_row(at, line, kept.get(line.line_id)) for at, line in enumerate(state.lines)]


def known_row(known: KnownOrder) -> dict[str, Any]:
    """A known order's columns, as `order_row` gives them."""
    names = (
        "currency", "status", "placed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at",
        "channel", "partner_reference", "tracking_url", "shipping_amount", "shipping_discount",
        "shipping_cashback", "is_redeemed",
    )  # fmt: skip
    return {name: getattr(known, name) for name in names}


def known_line_rows(known: KnownOrder) -> list[dict[str, Any]]:
    """A known order's lines, as `line_rows` gives them."""
    return [
        {
            "position": at, "line_id": line.line_id, "sku": line.sku, "name": line.name,
            "categories": list(line.categories), "brand": line.brand, "tags": list(line.tags),
            "quantity": line.quantity, "unit_price": line.unit_price,
            "list_price": line.list_price, "discountable": line.discountable,
            "discount_amount": line.discount_amount, "cashback_amount": line.cashback_amount,
            "is_redeemed": line.is_redeemed,
        }
        for at, line in enumerate(known.lines)
    ]  # fmt: skip


def lines_after(rows: Sequence[Mapping[str, Any]], *, known: KnownOrder) -> list[KnownLine]:
    """The order's lines once `rows` are written; a new line has no key yet."""
    before = {line.line_id: line for line in known.lines}
    after = []
    for row in rows:
        told = {name: value for name, value in row.items() if name != "position"}
        told |= {"categories": tuple(row["categories"]), "tags": tuple(row["tags"])}
        line = before.get(row["line_id"])
        returned = line.returned_quantity if line else 0
        after.append(KnownLine(key=line.key if line else 0, returned_quantity=returned, **told))
    return after


def _line_row(at: int, line: OrderLineState, redeemed: KnownLine | None) -> dict[str, Any]:
    return {
        "position": at, "line_id": line.line_id, "sku": line.sku, "name": line.name or "",
        "categories": line.categories, "brand": line.brand or "", "tags": line.tags,
        "quantity": line.quantity, "unit_price": line.unit_price, "list_price": line.list_price,
        "discountable": line.discountable,
        "discount_amount": redeemed.discount_amount if redeemed else line.discount_amount or 0,
        "cashback_amount": redeemed.cashback_amount if redeemed else 0,
        "is_redeemed": redeemed is not None,
    }  # fmt: skip


def _differing_lines(known: KnownOrder, state: OrderState) -> list[str]:
    """Lines that are not the redemption's, and not gifts; /lines where one is missing."""
    redeemed = {line.line_id: line for line in known.lines if line.is_redeemed}
    pointers = []
    for at, line in enumerate(state.lines):
        sold = redeemed.get(line.line_id)
        agrees = line.unit_price == 0 if sold is None else _identity(line) == _identity(sold)
        if not agrees:
            pointers.append(f"/lines/{at}")
    if redeemed.keys() - {line.line_id for line in state.lines}:
        pointers.append("/lines")
    return pointers


def _disturbed_returns(known: KnownOrder, state: OrderState) -> list[str]:
    """Lines of which units came back and that would change; the shipping once it came back."""
    told = {line.line_id: (at, line) for at, line in enumerate(state.lines)}
    pointers = []
    for sold in known.lines:
        if not sold.returned_quantity:
            continue
        at, line = told.get(sold.line_id, (None, None))
        if line is None:
            pointers.append("/lines")
        elif _identity(line) != _identity(sold):
            pointers.append(f"/lines/{at}")
        elif not sold.is_redeemed and (line.discount_amount or 0) != sold.discount_amount:
            pointers.append(f"/lines/{at}/discount_amount")
    if (
        known.shipping_refunded
        and not known.is_redeemed
        and state.shipping_amount != known.shipping_amount
    ):
        pointers.append("/shipping_amount")
    return pointers


def _identity(line: OrderLineState | KnownLine) -> tuple[str, str, int, int]:
    return line.line_id, line.sku, line.quantity, line.unit_price


def _refused(
    code: Code,
    detail: str,
    pointers: Sequence[str],
) -> Refused:
    return Refused(code, detail, [FieldError(pointer, code, detail) for pointer in pointers])
