"""Answers that are files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from common.answers import Answer

_ROWS_A_CHUNK = 1_000
_FORMULA = frozenset("=+-@\t\r")


def csv_file(name: str, chunks: Iterable[bytes]) -> Answer:
    """A file to be saved as `name`.csv, sent as it is read."""
    return Answer(
        200,
        b"",
        {"Content-Disposition": f'attachment; filename="{name}.csv"'},
        "text/csv; charset=utf-8",
        chunks=chunks,
    )


def csv_chunks(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The rows as CSV with a header, in pieces.

    What a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % _ROWS_A_CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def cell(value: object) -> object:
    """A value as a spreadsheet may have it: times in UTC, no text that is a formula.

    >>> cell("=1+1"), cell(-5)
    ("'=1+1", -5)
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value[:1] in _FORMULA:
        return f"'{value}"
    return value
