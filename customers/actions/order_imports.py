"""Acts: take a file of orders, as a batch of them would be taken, but new ones by whole sets."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from common.errors import FieldError
from common.row_files import Readable
from customers.actions.file_imports import FileKind, Step, Taken, order_file, run_file
from customers.actions.people import ensure_customers
from customers.actions.recorded_orders import import_orders, refused_changes
from customers.actions.told_orders import count_told, insert_told
from customers.actions.turns import take_turns
from customers.domain.order_changes import Refused
from customers.domain.order_files import TAKEN, OrderRows, read_orders
from customers.domain.order_lines import COLUMNS, MAX_ROWS
from customers.models import OrderImport
from customers.queries.orders import known_references, orders_by_reference
from journal.actions import note_taken, record_same

JOB_KIND = "order_import"
_OF_A_LINE = re.compile(r"/lines/([0-9]+)(?:/(\w+))?")


def order_import(*, file: Readable, is_dry_run: bool, actor: str, now: datetime) -> OrderImport:
    """As `order_file`."""
    asked: OrderImport = order_file(_KIND, file=file, is_dry_run=is_dry_run, actor=actor, now=now)
    return asked


def run_import(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, object]:
    """As `run_file`."""
    return run_file(_KIND, job_id=job_id, clock=clock)


def _take(step: Step) -> Taken:
    """An order of which a row is wrong is left out as a whole, and each of its rows reported."""
    orders: list[OrderRows] = [order for read in step.read for order in read]
    good = _unseen(step, orders)
    refused = _dry(good) if step.asked.is_dry_run else _write(step, good)
    for name, why in refused.items():
        _refuse(good.pop(name), why)
    rows = sum(len(order.lines) for order in orders)
    errors = {line: error for order in orders for line, error in order.errors.items()}
    return Taken(rows - len(errors), errors)


def _unseen(step: Step, orders: list[OrderRows]) -> dict[str, OrderRows]:
    """The orders that are right so far, by id. Of one whose rows stand apart the first ones count."""
    first: dict[str, OrderRows] = {}
    apart: list[OrderRows] = []
    for order in orders:
        if order.has_id and first.setdefault(order.order_id, order) is not order:
            apart.append(order)
    apart += [first[name] for name in note_taken(step.job, list(first))]
    for order in apart:
        for line in order.lines:
            order.errors.setdefault(line, TAKEN)
    return {name: order for name, order in first.items() if not order.errors}


def _write(step: Step, good: Mapping[str, OrderRows]) -> Mapping[str, Refused]:
    """Insert the orders that are new, change those that are known; why some may not change.

    The order of locks is that of a batch: customers, orders, figures of customers.
    """
    take_turns("orders/batch")
    there = known_references(list(good))
    new = {name: order for name, order in good.items() if name not in there}
    named = {name for order in new.values() if (name := order.head[1])}
    customers = ensure_customers(references=named, now=step.now)
    created = _insert(step, new, customers=customers) if new else []
    # Known before, or made by somebody else since.
    known = good.keys() - {*created}
    refused: Mapping[str, Refused] = {}
    if known:
        states = {name: good[name].state() for name in sorted(known)}
        refused = import_orders(states=states, actor=step.asked.created_by, now=step.now).refused
    if new:
        count_told(customers=customers, others=known & new.keys(), now=step.now)
    return refused


def _insert(step: Step, new: Mapping[str, OrderRows], *, customers: Mapping[str, int]) -> list[str]:
    """The ids of those that nobody has inserted meanwhile."""
    created = insert_told(new, customers=customers, now=step.now)
    record_same(
        actor=step.asked.created_by,
        action="order.created",
        subject_kind="order",
        subject_ids=created,
        after={"import_id": str(step.asked)},
        now=step.now,
    )
    return created


def _dry(good: Mapping[str, OrderRows]) -> Mapping[str, Refused]:
    """What a real import would be refused of the orders that are known by now."""
    known = orders_by_reference(list(known_references(list(good))))
    return refused_changes(known, {name: good[name].state() for name in known})


def _refuse(order: OrderRows, why: Refused) -> None:
    """Say it at the row and column that it is about."""
    for error in why.errors:
        found = _OF_A_LINE.fullmatch(error.pointer)
        line = order.lines[int(found[1]) if found else 0]
        column = (found[2] or "") if found else error.pointer.removeprefix("/")
        pointer = "" if column in {"", "lines"} else f"/{column}"
        order.errors.setdefault(line, FieldError(pointer, error.code, error.detail))
    order.refuse()


def _read(text: str, first_line: int, delimiter: str) -> list[OrderRows]:
    return list(read_orders(text, first_line=first_line, delimiter=delimiter))


_KIND = FileKind(
    name=JOB_KIND,
    imports=OrderImport,
    columns=COLUMNS,
    read=_read,
    take=_take,
    max_rows=MAX_ROWS,
    keeps_together=True,
)
