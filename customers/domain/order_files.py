"""A file of orders, a row for each line of an order: rows that follow each other make an order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from common.errors import FieldError
from common.row_files import first_cell
from customers.domain.order_lines import Row, differing_column, is_id, order_of, read_row
from customers.domain.orders import MAX_LINES, MAX_TOTAL, OrderState

LEFT_OUT = "order_left_out"
TAKEN = FieldError(
    "/order_id", "duplicate", "Rows of this order stand further up: keep them together."
)
TWICE = FieldError("/line_id", "duplicate", "It stands here twice.")
TOO_DEAR = FieldError("", "invalid", f"They cost more than {MAX_TOTAL}.")
TOO_MANY = FieldError("", "invalid", f"An order has at most {MAX_LINES} lines.")


@dataclass(slots=True)
class OrderRows:
    """The lines of one order that follow each other, and what is wrong with which."""

    order_id: str
    lines: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    errors: dict[int, FieldError] = field(default_factory=dict)

    @property
    def has_id(self) -> bool:
        """Whether it can be said of which order these lines are."""
        return is_id(self.order_id) is not None

    @property
    def head(self) -> list[str]:
        """The first cells of the first row, up to the instants: none of these needs quotes."""
        return self.rows[0].head.split(",", 8)[:8]

    def refuse(self) -> None:
        """Leave the whole order out: its other lines say which one is wrong."""
        wrong = min(self.errors)
        detail = f"Row {wrong} of this order is wrong."
        for line in self.lines:
            self.errors.setdefault(line, FieldError("/order_id", LEFT_OUT, detail))

    def state(self) -> OrderState:
        """The order in the contract's words."""
        return order_of(self.rows)


def read_orders(text: str, *, first_line: int, delimiter: str) -> Iterator[OrderRows]:
    """The orders of some lines of the file, in its order; each with all of its rows that are there."""
    order: OrderRows | None = None
    for line, told in enumerate(text.replace("\r\n", "\n").split("\n"), start=first_line):
        if not told or told.isspace():
            continue
        row = read_row(line, told, delimiter=delimiter)
        if isinstance(row, Row):
            name = row.head.partition(",")[0]
        else:
            name = first_cell(told, delimiter=delimiter)
        if order is None or order.order_id != name:
            if order is not None:
                yield _together(order)
            order = OrderRows(name)
        order.lines.append(line)
        if isinstance(row, Row):
            order.rows.append(row)
        else:
            order.errors[line] = row
    if order is not None:
        yield _together(order)


def _together(order: OrderRows) -> OrderRows:
    """Say what is wrong with the rows beside each other."""
    if len(order.rows) > 1:
        head = order.rows[0].head
        seen: set[str] = set()
        for row in order.rows:
            if row.head != head and (differing := differing_column(head, row.head)):
                detail = "The first row of this order says otherwise."
                order.errors.setdefault(row.line, FieldError(f"/{differing}", "invalid", detail))
            elif row.line_id in seen:
                order.errors.setdefault(row.line, TWICE)
            seen.add(row.line_id)
        if len(order.rows) > MAX_LINES:
            order.errors.setdefault(order.rows[MAX_LINES].line, TOO_MANY)
        if sum(row.quantity * row.unit_price for row in order.rows) > MAX_TOTAL:
            order.errors.setdefault(order.rows[-1].line, TOO_DEAR)
    if order.errors:
        order.refuse()
    return order
