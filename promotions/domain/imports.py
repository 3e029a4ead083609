"""One line of a file of codes: what it must look like, and what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from common.errors import FieldError
from common.fields import Instant
from common.instants import instant_errors
from common.row_files import cells_of
from promotions.domain.codes import normalise

COLUMNS = ("code", "customer_id", "valid_from", "valid_until", "max_redemptions", "used")
MAX_USES = 10**9
MAX_SPELLING = 200

REPEATED = FieldError("/code", "duplicate", "An earlier row has this code.")
EXISTS = FieldError("/code", "code_exists", "This code exists already.")

_SHOP_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_DIGITS = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class ImportedCode:
    """A line that is right by itself."""

    code: str
    spelling: str
    customer_id: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    max_redemptions: int | None
    #: Uses in the shop's former system.
    used: int


def read_line(text: str, *, delimiter: str) -> ImportedCode | FieldError:
    """The code of a line, or what is wrong with its first wrong column.

    The pointer is the column's name; empty where the whole line is wrong.

    >>> read_line("TEA-2345,,,,0,", delimiter=",").pointer
    '/max_redemptions'
    """
    cells = cells_of(text, delimiter=delimiter, columns=COLUMNS)
    if isinstance(cells, FieldError):
        return cells
    try:
        return _read(*cells)
    except _WrongError as wrong:
        return wrong.error


class _WrongError(Exception):
    def __init__(self, error: FieldError) -> None:
        super().__init__(error.detail)
        self.error = error


def _read(
    spelling: str, customer_id: str, begins: str, ends: str, max_redemptions: str, used: str
) -> ImportedCode:
    if not spelling:
        raise _WrongError(FieldError("/code", "required", "This field is required."))
    code = normalise(spelling)
    if code is None or len(spelling) > MAX_SPELLING:
        raise _WrongError(FieldError("/code", "invalid", "A code has 4-64 letters and digits."))
    if customer_id and not _SHOP_ID.fullmatch(customer_id):
        detail = "1-128 of letters, digits and ._:- are an id."
        raise _WrongError(FieldError("/customer_id", "invalid", detail))
    valid_from = _instant("valid_from", begins)
    valid_until = _instant("valid_until", ends)
    if valid_from and valid_until and valid_until <= valid_from:
        detail = "The end must be after the start."
        raise _WrongError(FieldError("/valid_until", "not_after_start", detail))
    return ImportedCode(
        code=code,
        spelling=spelling,
        customer_id=customer_id or None,
        valid_from=valid_from,
        valid_until=valid_until,
        max_redemptions=_number("max_redemptions", max_redemptions, at_least=1),
        used=_number("used", used, at_least=0) or 0,
    )


def _instant(column: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant: datetime = msgspec.convert(text, Instant)
    except msgspec.ValidationError:
        detail = "An instant with an offset (RFC 3339)."
        raise _WrongError(FieldError(f"/{column}", "invalid", detail)) from None
    for error in instant_errors({f"/{column}": instant}):
        raise _WrongError(error)
    return instant


def _number(column: str, text: str, *, at_least: int) -> int | None:
    if not text:
        return None
    number = int(text) if _DIGITS.fullmatch(text) else -1
    if not at_least <= number <= MAX_USES:
        detail = f"A whole number from {at_least} to {MAX_USES}."
        raise _WrongError(FieldError(f"/{column}", "invalid", detail))
    return number
