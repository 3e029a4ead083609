"""Batches of rows: each good row is applied, each bad one reported by its place in the call."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import Struct

from common.api.bodies import convert_row, unspeakable_error
from common.api.problems import told
from common.api.row_errors import every_error
from common.errors import FieldError, ValidationFailed

MAX_ROWS = 1_000

Row = TypeVar("Row")


class RowErrors(Struct, frozen=True):
    """What is wrong with one row; pointers are relative to it."""

    index: int
    errors: list[FieldError]


class RowsResponse(Struct, frozen=True):
    """How many rows made something new, how many something known, and which were left out."""

    created: int
    updated: int
    errors: list[RowErrors]


@dataclass(frozen=True, slots=True)
class ReadRows(Generic[Row]):
    """The good rows by their place, and the errors of the others."""

    good: dict[int, Row]
    errors: list[RowErrors]


def read_rows(
    rows: Sequence[Any],
    kind: type[Row],
    *,
    id_name: str | None = None,
    check: Callable[[Row], Sequence[FieldError]],
) -> ReadRows[Row]:
    """Read each row as `kind`. Of rows with the same id the first counts, the others are errors;
    without `id_name` rows may repeat each other.
    """
    good: dict[int, Row] = {}
    errors: list[RowErrors] = []
    seen: set[str] = set()
    for index, raw in enumerate(rows):
        try:
            row = convert_row(raw, kind)
        except ValidationFailed as wrong:
            # Of what cannot even be read only the first is told.
            told_all = [] if unspeakable_error(raw) else every_error(raw, kind)
            errors.append(RowErrors(index, told_all or list(wrong.errors)))
            continue
        found = list(check(row))
        row_id = getattr(row, id_name) if id_name is not None else None
        if row_id in seen:
            found.append(FieldError(f"/{id_name}", "duplicate", "An earlier row has this id."))
        if found:
            errors.append(RowErrors(index, found))
            continue
        if row_id is not None:
            seen.add(row_id)
        good[index] = row
    return ReadRows(good, errors)


def told_errors(errors: Iterable[RowErrors]) -> list[RowErrors]:
    """The errors in the order of the rows and in the caller's language."""
    in_order = sorted(errors, key=lambda row: row.index)
    return [RowErrors(row.index, told(row.errors)) for row in in_order]
