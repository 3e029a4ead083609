"""One line of a file of products: what it must look like, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from catalog.domain.products import ProductName, ProductState, Words, product_errors
from common.errors import FieldError
from common.fields import Amount, Currency, ShopId, ShortText, WebAddress, Word
from common.money import MAX_AMOUNT
from common.row_files import cells_of

COLUMNS = (
    "sku", "name_de", "name_en", "url", "image_url", "categories", "brand", "tags", "price",
    "list_price", "unit_cost", "currency", "available",
)  # fmt: skip
#: Between the entries of a list in one cell.
SEPARATOR = "|"

REPEATED = FieldError("/sku", "duplicate", "An earlier row has this id.")

_YES_OR_NO = {"": True, "1": True, "true": True, "yes": True, "ja": True} | dict.fromkeys(
    ("0", "false", "no", "nein"), False
)
_LONG_LIST = "At most 100 entries of at most 128 characters each."
_WHOLE = f"A whole number from 0 to {MAX_AMOUNT}."
_WEB = "A web address: https://example.org/parcel/1."
_LONG_NAME = "At most 255 characters."
#: What the cell of a column must be, and how that is said.
_KINDS: Mapping[str, tuple[Any, str]] = {
    "sku": (ShopId, "1-128 of letters, digits and ._:- are an id."),
    "name_de": (ShortText | None, _LONG_NAME),
    "name_en": (ShortText | None, _LONG_NAME),
    "url": (WebAddress | None, _WEB),
    "image_url": (WebAddress | None, _WEB),
    "categories": (Words, _LONG_LIST),
    "brand": (Word | None, "At most 128 characters."),
    "tags": (Words, _LONG_LIST),
    "price": (Amount | None, _WHOLE),
    "list_price": (Amount | None, _WHOLE),
    "unit_cost": (Amount | None, _WHOLE),
    "currency": (Currency | None, "A currency of three capital letters, ISO 4217: EUR."),
    "available": (bool, "Write true or false."),
}


def read_line(text: str, *, delimiter: str) -> tuple[str, ProductState] | FieldError:
    """SKU and product of a line, or what is wrong with its first wrong column.

    The pointer is the column's name; empty where the whole line is wrong.

    >>> read_line("TEA-1,,Green tea,,,tea|bio,,,12.99,,,EUR,", delimiter=",").pointer
    '/price'
    """
    cells = cells_of(text, delimiter=delimiter, columns=COLUMNS)
    if isinstance(cells, FieldError):
        return cells
    read: dict[str, Any] = {}
    for column, cell in zip(COLUMNS, cells, strict=True):
        kind, words = _KINDS[column]
        try:
            read[column] = msgspec.convert(_value(column, cell), kind)
        except msgspec.ValidationError:
            return FieldError(f"/{column}", "invalid", words)
    sku = read.pop("sku")
    name = ProductName(de=read.pop("name_de"), en=read.pop("name_en"))
    state = ProductState(name=name, **read)
    for error in product_errors(state):
        pointer = "/name_en" if error.pointer == "/name" else error.pointer
        return FieldError(pointer, error.code, error.detail)
    return sku, state


def _value(column: str, cell: str) -> object:
    if column in {"categories", "tags"}:
        return [entry.strip() for entry in cell.split(SEPARATOR) if entry.strip()]
    if column == "available":
        return _YES_OR_NO.get(cell.lower(), cell)
    if column == "sku" or not cell:
        return cell if column == "sku" else None
    if column in {"price", "list_price", "unit_cost"} and cell.isascii() and cell.isdigit():
        return int(cell)
    return cell
