"""One line of a file of customers: what it must look like, and what is wrong with it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from common.errors import FieldError
from common.fields import Country, Instant, ShopId, ShortText
from common.row_files import cells_of
from customers.domain.people import Code, Email, Locale, PostalCode, Profile, Zone, profile_errors

COLUMNS = (
    "customer_id", "email", "first_name", "last_name", "birth_date", "gender", "phone", "locale",
    "timezone", "country", "postal_code", "city", "registered_at", "attributes",
)  # fmt: skip
REPEATED = FieldError("/customer_id", "duplicate", "An earlier row has this id.")

_OBJECT = 'A JSON object: {"household_size": 2}.'
_NAME = "At most 255 characters."
_CODE = "At most 50 characters."
#: What the cell of a column must be, and how that is said.
_KINDS: Mapping[str, tuple[Any, str]] = {
    "customer_id": (ShopId, "1-128 of letters, digits and ._:- are an id."),
    "email": (Email | None, "An e-mail address: ada@example.org."),
    "first_name": (ShortText | None, _NAME),
    "last_name": (ShortText | None, _NAME),
    "birth_date": (date | None, "A day: 1990-12-10."),
    "gender": (Code | None, _CODE),
    "phone": (Code | None, _CODE),
    "locale": (Locale | None, "A language, BCP 47: de or de-AT."),
    "timezone": (Zone | None, "An IANA time zone: Europe/Berlin."),
    "country": (Country | None, "A country of two capital letters, ISO 3166-1: DE."),
    "postal_code": (PostalCode | None, "At most 20 characters."),
    "city": (ShortText | None, _NAME),
    "registered_at": (Instant | None, "An instant with an offset (RFC 3339)."),
    "attributes": (Profile.__annotations__["attributes"], _OBJECT),
}


def read_line(text: str, *, delimiter: str) -> tuple[str, Profile] | FieldError:
    """Id and profile of a line, or what is wrong with the form of its first wrong column.

    The pointer is the column's name; empty where the whole line is wrong.
    """
    cells = cells_of(text, delimiter=delimiter, columns=COLUMNS)
    if isinstance(cells, FieldError):
        return cells
    read: dict[str, Any] = {}
    for column, cell in zip(COLUMNS, cells, strict=True):
        kind, words = _KINDS[column]
        try:
            if column == "attributes":
                read[column] = msgspec.json.decode(cell or "{}", type=kind)
            else:
                read[column] = msgspec.convert(
                    cell or None if column != "customer_id" else cell, kind
                )
        # Lone surrogates and nesting without end are no JSON of ours.
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return FieldError(f"/{column}", "invalid", words)
    return read.pop("customer_id"), Profile(**read)


def row_error(profile: Profile, *, now: datetime) -> FieldError | None:
    """What is wrong with a profile beyond the form of its fields, at its column."""
    for error in profile_errors(profile, now=now):
        return FieldError("/" + error.pointer.split("/")[1], error.code, error.detail)
    return None
