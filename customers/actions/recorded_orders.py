"""Orders as the shop tells them: one at a time, or many of its history at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, ValidationFailed
from customers.actions import metrics
from customers.actions.order_rows import insert_orders, replace_lines, update_orders
from customers.actions.orders import (
    OrderDiffersFromRedemption,
    StateTransitionNotAllowed,
    lock_order_id,
)
from customers.actions.people import ensure_customers
from customers.actions.turns import take_turns
from customers.domain.order_changes import (
    DIFFERS,
    STATE,
    Refused,
    cancels_redemption,
    known_line_rows,
    known_row,
    line_rows,
    lines_after,
    order_row,
    what_forbids,
)
from customers.domain.orders import (
    Figures,
    KnownOrder,
    OrderState,
    figures_of,
    order_errors,
    unreached_instants,
)
from customers.queries.orders import known_references, order_by_reference, orders_by_reference
from journal.actions import Change, record_audits

_REFUSALS: Mapping[str, type[DomainError]] = {
    STATE: StateTransitionNotAllowed,
    DIFFERS: OrderDiffersFromRedemption,
}


#: What of an order is not the shop's to tell.
_OURS = {"reference", "is_history"}


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """An order after a write.

    `cancels_redemption`: all is written but the cancelling itself, which is left to the caller,
    since only the caller knows redemptions.
    """

    order_key: int
    created: bool
    cancels_redemption: bool = False
    #: As it was recorded before; None of a new one.
    known: KnownOrder | None = None


@dataclass(frozen=True, slots=True)
class WrittenOrders:
    """How many orders a batch made and replaced, and which it could not (by their ids)."""

    created: int
    updated: int
    refused: Mapping[str, Refused]


def put_order(
    *, reference: str, state: OrderState, if_match: str | None, actor: str, now: datetime
) -> WrittenOrder:
    """Create an order or bring it to `state`. Part of the caller's transaction.

    Raises:
        ValidationFailed, PreconditionFailed, StateTransitionNotAllowed, OrderDiffersFromRedemption
    """
    if errors := order_errors(state):
        raise ValidationFailed(errors=errors)
    lock_order_id(reference)
    known = order_by_reference(reference, lock=True)
    check_if_match(if_match, etag_of(known.key, known.revision) if known else None)
    if known is not None:
        _check_change(known, state)
    if errors := unreached_instants(state):
        raise ValidationFailed(errors=errors)
    if known is None:
        new = {reference: state}
        customers = _ensure_customers(new, now=now)
        created, counted = _create(new, customers=customers, is_history=False, actor=actor, now=now)
        if reference in created:
            metrics.keep(counted)
            return WrittenOrder(created[reference], created=True)
        # A batch, which takes no turns, was faster.
        known = order_by_reference(reference, lock=True)
        assert known is not None
        _check_change(known, state)
    metrics.keep(
        _change({reference: known}, {reference: state}, is_history=False, actor=actor, now=now)
    )
    return WrittenOrder(
        known.key,
        created=False,
        cancels_redemption=cancels_redemption(known, state),
        known=known,
    )


def import_orders(*, states: Mapping[str, OrderState], actor: str, now: datetime) -> WrittenOrders:
    """Put many orders, by id, that are free of errors. Part of the caller's transaction.

    Left out are those that their state or redemption forbids, and a redeemed one that would be
    cancelled: history cancels no redemption.
    """
    # Batches take turns: each locks what it knows before it inserts what it does not. Customers are
    # made before any order is locked, as in the acts on one order.
    take_turns("orders/batch")
    there = known_references(list(states))
    new = {name: state for name, state in states.items() if name not in there}
    customers = _ensure_customers(new, now=now)
    known = orders_by_reference(list(there), lock=True)
    created, counted = _create(new, customers=customers, is_history=True, actor=actor, now=now)
    # Those whom another transaction has inserted meanwhile.
    missed = [name for name in new if name not in created]
    if missed:
        known |= orders_by_reference(missed, lock=True)
    refused = refused_changes(known, states)
    changing = {name: order for name, order in known.items() if name not in refused}
    # All figures at once, so that two batches lock them in one order.
    metrics.keep(counted + _change(changing, states, is_history=True, actor=actor, now=now))
    return WrittenOrders(len(created), len(changing), refused)


def refused_changes(
    known: Mapping[str, KnownOrder], states: Mapping[str, OrderState]
) -> dict[str, Refused]:
    """Why history may not bring known orders to their states, by id."""
    return {
        name: reason
        for name, order in known.items()
        if (reason := what_forbids(order, states[name]) or _unasked_cancel(order, states[name]))
    }


def _check_change(known: KnownOrder, state: OrderState) -> None:
    if refused := what_forbids(known, state):
        raise _REFUSALS[refused.code](refused.detail, errors=refused.errors)


def _unasked_cancel(known: KnownOrder, state: OrderState) -> Refused | None:
    if not cancels_redemption(known, state):
        return None
    detail = "It was redeemed: cancel it by itself."
    return Refused(STATE, detail, [FieldError("/status", STATE, detail)])


def _ensure_customers(states: Mapping[str, OrderState], *, now: datetime) -> dict[str, int]:
    names = {state.customer_id for state in states.values() if state.customer_id is not None}
    return ensure_customers(references=names, now=now) if names else {}


def _create(
    states: Mapping[str, OrderState],
    *,
    customers: Mapping[str, int],
    is_history: bool,
    actor: str,
    now: datetime,
) -> tuple[dict[str, int], list[metrics.Change]]:
    """Insert those that nobody has inserted meanwhile: their keys, and what they add to figures."""
    if not states:
        return {}, []
    rows = {
        name: {
            "reference": name,
            "customer_id": customers.get(state.customer_id or ""),
            "is_history": is_history,
            **order_row(state, known=None, now=now),
        }
        for name, state in states.items()
    }
    lines = {name: line_rows(state, known=None) for name, state in states.items()}
    created = insert_orders(list(rows.values()), lines=lines, now=now)
    counted = [
        metrics.Change(
            customer_key=rows[name]["customer_id"],
            currency=state.currency,
            before=Figures(),
            after=figures_of(state.status, state.lines),
            placed_before=None,
            placed_at=rows[name]["placed_at"],
        )
        for name, state in states.items()
        if name in created and state.customer_id is not None
    ]
    told = [
        Change("order.created", name, after=_reported(rows[name], lines=len(lines[name])))
        for name in states
        if name in created
    ]
    record_audits(actor=actor, subject_kind="order", changes=told, now=now)
    return created, counted


def _change(
    known: Mapping[str, KnownOrder],
    states: Mapping[str, OrderState],
    *,
    is_history: bool,
    actor: str,
    now: datetime,
) -> list[metrics.Change]:
    """Bring known orders, which the caller has locked, to their states; how figures change."""
    rows: dict[int, dict[str, Any]] = {}
    lines: dict[int, list[dict[str, Any]]] = {}
    counted: list[metrics.Change] = []
    told: list[Change] = []
    for name, order in known.items():
        before, after = known_row(order), order_row(states[name], known=order, now=now)
        lines_before, lines_now = known_line_rows(order), line_rows(states[name], known=order)
        if before == after and lines_before == lines_now:
            continue
        rows[order.key] = {**after, "is_history": is_history}
        if lines_before != lines_now:
            lines[order.key] = lines_now
        counted += _counted(order, after, lines_now)
        told.append(_told(name, before, after, lines_before, lines_now))
    if rows:
        update_orders(rows)
    if lines:
        replace_lines(lines)
    record_audits(actor=actor, subject_kind="order", changes=told, now=now)
    return counted


def _counted(
    order: KnownOrder, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> list[metrics.Change]:
    if order.customer_key is None:
        return []
    return [
        metrics.Change(
            customer_key=order.customer_key,
            currency=order.currency,
            before=figures_of(order.status, order.lines),
            after=figures_of(row["status"], lines_after(lines, known=order)),
            placed_before=order.placed_at,
            placed_at=row["placed_at"],
        )
    ]


def _told(
    name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    lines_before: Sequence[Mapping[str, Any]],
    lines_after: Sequence[Mapping[str, Any]],
) -> Change:
    """The columns that differ, before and after; lines only where any differs."""
    names = [column for column in after if before[column] != after[column]]
    was = _reported({column: before[column] for column in names})
    is_now = _reported({column: after[column] for column in names})
    if lines_before != lines_after:
        was["lines"] = [_reported_line(line) for line in lines_before]
        is_now["lines"] = [_reported_line(line) for line in lines_after]
    return Change("order.updated", name, before=was, after=is_now)


def _reported(row: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Columns as JSON for the audit trail. A tracking address leads to a person: only its being there."""
    told = {column: value for column, value in row.items() if column not in _OURS}
    if "tracking_url" in told:
        told["tracking_url"] = bool(told["tracking_url"])
    if "customer_id" in told:
        told["customer_key"] = told.pop("customer_id")
    return {**msgspec.to_builtins(told), **more}


def _reported_line(line: Mapping[str, Any]) -> list[Any]:
    return [
        line["line_id"],
        line["sku"],
        line["quantity"],
        line["unit_price"],
        line["discount_amount"],
    ]
