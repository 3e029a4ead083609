"""A row of a file of orders: what its cells must look like, and what is wrong with the first wrong one."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from common.errors import FieldError
from common.fields import Amount, Currency, Instant, ShopId, ShortText, WebAddress, Word
from common.money import MAX_AMOUNT
from common.row_files import cells_of
from customers.domain.orders import (
    OrderLineState,
    OrderState,
    Status,
    Words,
    order_errors,
    unreached_instants,
)

#: What stands on each line of an order alike.
HEAD = (
    "order_id", "customer_id", "currency", "status", "placed_at", "paid_at", "shipped_at",
    "delivered_at", "channel", "partner_id", "shipping_amount", "tracking_url",
)  # fmt: skip
LINE = (
    "line_id", "sku", "name", "categories", "brand", "tags", "quantity", "unit_price", "list_price",
    "discountable", "discount_amount",
)  # fmt: skip
COLUMNS = HEAD + LINE
MAX_ROWS = 10_000_000
#: Between the entries of a list in one cell.
SEPARATOR = "|"


_ID = "1-128 of letters, digits and ._:- are an id."
_INSTANT = "An instant with an offset (RFC 3339)."
_WHOLE = f"A whole number from 0 to {MAX_AMOUNT}."
_LIST = "At most 100 entries of at most 128 characters each."
_WORD = "At most 128 characters."
_YES_OR_NO = {"true": True, "1": True, "yes": True, "ja": True} | dict.fromkeys(
    ("false", "0", "no", "nein"), False
)
_NUMBERS = ("shipping_amount", "quantity", "unit_price", "list_price", "discount_amount")
_LISTS = ("categories", "tags")
#: What the cell of a column must be, and how that is said.
_KINDS: Mapping[str, tuple[Any, str]] = {
    "order_id": (ShopId, _ID),
    "customer_id": (ShopId | None, _ID),
    "currency": (Currency, "A currency of three capital letters, ISO 4217: EUR."),
    "status": (Status, "One of placed, paid, shipped, delivered, cancelled."),
    "placed_at": (Instant | None, _INSTANT),
    "paid_at": (Instant | None, _INSTANT),
    "shipped_at": (Instant | None, _INSTANT),
    "delivered_at": (Instant | None, _INSTANT),
    "channel": (Word | None, _WORD),
    "partner_id": (ShopId | None, _ID),
    "shipping_amount": (Amount, _WHOLE),
    "tracking_url": (WebAddress | None, "A web address: https://example.org/parcel/1."),
    "line_id": (ShopId, _ID),
    "sku": (ShopId, _ID),
    "name": (ShortText | None, "At most 255 characters."),
    "categories": (Words, _LIST),
    "brand": (Word | None, _WORD),
    "tags": (Words, _LIST),
    "quantity": (OrderLineState.__annotations__["quantity"], "A whole number from 1 to 100000."),
    "unit_price": (Amount, _WHOLE),
    "list_price": (Amount | None, _WHOLE),
    "discountable": (bool, "Write true or false."),
    "discount_amount": (Amount, _WHOLE),
}
#: What an empty cell means, where that is neither "none" nor wrong.
_EMPTY: Mapping[str, Any] = {
    "status": "placed", "shipping_amount": 0, "discountable": True, "discount_amount": 0,
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A line that is right by itself. `text` is its cells as CSV with commas, as PostgreSQL reads them."""

    line: int
    text: str
    head: str
    line_id: str
    quantity: int
    unit_price: int
    discount: int


def read_row(line: int, told: str, *, delimiter: str) -> Row | FieldError:
    """The row, or what is wrong with it: the pointer is the column's name, empty for the whole line."""
    return (_quick(line, told) if delimiter == "," else None) or _thorough(
        line, told, delimiter=delimiter
    )


def order_of(rows: Iterable[Row]) -> OrderState:
    """The order in the contract's words."""
    read = [_values(row.text, delimiter=",") for row in rows]
    return _state([values for values in read if not isinstance(values, FieldError)])


def differing_column(one: str, other: str) -> str | None:
    """The first column in which two heads differ, whatever they are spelled like."""
    if (first := _head_values(one)) != (second := _head_values(other)):
        return next(name for name in HEAD if first[name] != second[name])
    return None


@lru_cache(maxsize=1_000)
def _head_values(head: str) -> dict[str, Any]:
    cells = next(csv.reader([head]))
    return {name: _value(name, cell) for name, cell in zip(HEAD, cells, strict=True)}


def _thorough(line: int, told: str, *, delimiter: str) -> Row | FieldError:
    """Any line, cell by cell."""
    values = _values(told, delimiter=delimiter)
    if isinstance(values, FieldError):
        return values
    state = _state([values])
    for error in order_errors(state) + unreached_instants(state):
        return FieldError("/" + error.pointer.rpartition("/")[2], error.code, error.detail)
    return Row(
        line,
        _csv(values[name] for name in COLUMNS),
        _csv(values[name] for name in HEAD),
        values["line_id"],
        values["quantity"],
        values["unit_price"],
        values["discount_amount"],
    )


def _values(told: str, *, delimiter: str) -> dict[str, Any] | FieldError:
    """The line's cells by column, or what is wrong with the first wrong one."""
    cells = cells_of(told, delimiter=delimiter, columns=COLUMNS)
    if isinstance(cells, FieldError):
        return cells
    read = {}
    for column, cell in zip(COLUMNS, cells, strict=True):
        try:
            read[column] = _value(column, cell)
        except msgspec.ValidationError:
            return FieldError(f"/{column}", "invalid", _KINDS[column][1])
    return read


def _value(column: str, cell: str) -> Any:
    told: Any = cell
    if column in _LISTS:
        told = [entry.strip() for entry in cell.split(SEPARATOR) if entry.strip()]
    elif not cell:
        told = _EMPTY.get(column)
    elif column == "discountable":
        told = _YES_OR_NO.get(cell.lower(), cell)
    elif column in _NUMBERS and cell.isascii() and cell.isdigit() and len(cell) < 20:
        told = int(cell)
    return msgspec.convert(told, _KINDS[column][0])


def _state(rows: list[dict[str, Any]]) -> OrderState:
    head = {name: rows[0][name] for name in HEAD if name != "order_id"}
    lines = [OrderLineState(**{name: row[name] for name in LINE}) for row in rows]
    return OrderState(**head, lines=lines)


def _csv(values: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(_spelled(value) for value in values)
    return text.getvalue()


def _spelled(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return value.isoformat() if isinstance(value, datetime) else value


# A line that is right beyond doubt is taken as it stands: most of a file are, and reading each cell
# would take most of the time of an import. Whatever these patterns do not know is read thoroughly.

_NO_SPACE = r"\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ufeff"
_TEXT = rf'[^",{_NO_SPACE}]'
_IN_LIST = rf'[^",|{_NO_SPACE}]{{1,128}}'
_SOME_ID = r"[A-Za-z0-9._:-]{1,128}"
_SOME_INSTANT = (
    r"(?:19[1-9][0-9]|20[0-9]{2}|21[0-8][0-9])-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)
is_id = re.compile(_SOME_ID).fullmatch
_SOME_AMOUNT = r"(?:0|[1-9][0-9]{0,11})"
_SOME_LIST = rf"(?:{_IN_LIST}(?:\|{_IN_LIST}){{0,99}})?"
_QUICK = re.compile(
    rf"({_SOME_ID},(?:{_SOME_ID})?,[A-Z]{{3}},(placed|paid|shipped|delivered|cancelled),"
    rf"({_SOME_INSTANT})?,({_SOME_INSTANT})?,({_SOME_INSTANT})?,({_SOME_INSTANT})?,"
    rf"{_TEXT}{{0,128}},(?:{_SOME_ID})?,{_SOME_AMOUNT},),"
    rf"({_SOME_ID}),{_SOME_ID},{_TEXT}{{0,255}},{_SOME_LIST},{_TEXT}{{0,128}},{_SOME_LIST},"
    rf"([1-9][0-9]{{0,4}}),({_SOME_AMOUNT}),(?:{_SOME_AMOUNT})?,(?:true|false),({_SOME_AMOUNT})"
)
#: How many of the instants may be told at a status.
_REACHED = {"placed": 1, "paid": 2, "shipped": 3, "delivered": 4, "cancelled": 2}


def _quick(line: int, told: str) -> Row | None:
    """The row of a line that is right beyond doubt; None says nothing about it."""
    found = _QUICK.fullmatch(told)
    # Blanks around a cell or an entry are left to the thorough reading.
    if found is None or " ," in told or ", " in told or "| " in told or " |" in told:
        return None
    head, status, *instants, line_id, quantity, price, discount = found.groups()
    if any(instants[_REACHED[status] :]):
        return None
    try:
        for text in {*instants}:
            if text:
                datetime.fromisoformat(text)
    except ValueError:
        return None
    units, each, off = int(quantity), int(price), int(discount)
    return None if off > units * each else Row(line, told, head, line_id, units, each, off)
