"""A file of rows as it comes: in pieces of whole lines, one line a row, its header told beforehand."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from common.errors import DomainError, FieldError, ValidationFailed

MAX_ROWS = 1_000_000
#: So much text with one first cell is kept together, and no more.
_MOST_TOGETHER = 8 * 1024 * 1024
#: German spreadsheets write semicolons.
DELIMITERS = (",", ";")
_PIECE_BYTES = 256 * 1024
_BOM = b"\xef\xbb\xbf"

BROKEN = FieldError("", "invalid", "Its quotes do not match, or it breaks within them.")
OTHER_COLUMNS = FieldError("", "invalid", "It has not as many columns as the header.")


class Readable(Protocol):
    """Something that is read as it comes: a body, an uploaded file."""

    def read(self, size: int, /) -> bytes: ...


def name_of(file: Readable) -> str:
    """What the file is called where it comes from, without its folders; empty of a body."""
    named = PurePath(str(getattr(file, "name", None) or "")).name
    return "".join(letter for letter in named if letter.isprintable())[:255]


class FileTooLarge(DomainError):
    """The file has more rows than one import takes."""

    code = "body_too_large"


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a file, below the header."""

    #: As the file counts them; 1 is the header.
    first_line: int
    text: str
    #: How many of them are not blank.
    rows: int
    delimiter: str


def read_pieces(
    file: Readable,
    *,
    columns: Sequence[str],
    max_rows: int | None = None,
    keeps_together: bool = False,
) -> Iterator[Piece]:
    """The file's lines below the header, some thousand at a time.

    At most `max_rows` of them, else `MAX_ROWS`. `keeps_together`: rows that follow each other and have
    the same first cell are in one piece.

    Raises:
        ValidationFailed: it is no UTF-8, has NUL or an endless line, or another header. The pointer
            is the number of the line.
        FileTooLarge
    """
    most = MAX_ROWS if max_rows is None else max_rows
    delimiter: str | None = None
    line, rows, held = 1, 0, ""
    for text, is_last in _with_last(_texts(file)):
        piece = text
        if delimiter is None:
            header, _, piece = text.partition("\n")
            delimiter = delimiter_of(header.rstrip("\r"), columns=columns)
            if delimiter is None:
                break
            line += 1
        if keeps_together:
            piece = held + piece
            cut = len(piece) if is_last else _start_of_last_group(piece, delimiter)
            piece, held = piece[:cut], piece[cut:]
        counted = sum(1 for each in piece.split("\n") if each.strip())
        rows += counted
        if rows > most:
            raise FileTooLarge(f"A file has at most {most} rows.")
        if counted:
            yield Piece(line, piece, counted, delimiter)
        line += piece.count("\n")
    if delimiter is None:
        raise _wrong_line(1, f"The first line must be {','.join(columns)}.")


def delimiter_of(header: str, *, columns: Sequence[str]) -> str | None:
    """What separates the columns; None if this is not the header.

    >>> delimiter_of("code;used", columns=("code", "used"))
    ';'
    """
    for delimiter in DELIMITERS:
        if _split(header, delimiter) == list(columns):
            return delimiter
    return None


def cells_of(line: str, *, delimiter: str, columns: Sequence[str]) -> list[str] | FieldError:
    """The cells without the blanks around them, one for each column, or what is wrong.

    >>> cells_of(' A-1 ,"3,5"', delimiter=",", columns=("sku", "price"))
    ['A-1', '3,5']
    """
    cells = _split(line, delimiter)
    if cells is None:
        return BROKEN
    return cells if len(cells) == len(columns) else OTHER_COLUMNS


def first_cell(line: str, *, delimiter: str) -> str:
    """What stands before the first delimiter, as far as that can be told of a broken line too.

    >>> first_cell('"o 1";"c;1', delimiter=";")
    'o 1'
    """
    return line.partition(delimiter)[0].strip().strip('"').strip()


def _start_of_last_group(text: str, delimiter: str) -> int:
    """Where the rows begin that share their first cell with the last row; text ends with a line break.

    >>> _start_of_last_group("a,1\\nb,1\\nb,2\\n", ",")
    4
    """
    start, group = len(text), None
    while start > 0:
        before = text.rfind("\n", 0, start - 1) + 1
        line = text[before:start]
        if line.strip():
            cell = first_cell(line, delimiter=delimiter)
            if group not in (None, cell):
                return start
            group = cell
        start = before
    return len(text) if len(text) > _MOST_TOGETHER else 0


def _with_last(texts: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each text, and whether it is the last one."""
    text = next(texts, None)
    while text is not None:
        following = next(texts, None)
        yield text, following is None
        text = following


def _split(line: str, delimiter: str) -> list[str] | None:
    """None where the quotes are wrong."""
    try:
        rows = list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in rows[0]] if len(rows) == 1 else None


def _texts(file: Readable) -> Iterator[str]:
    """The file's text in whole lines, without the mark that some editors put before it."""
    line = 1
    rest = b""
    is_first = True
    while read := file.read(_PIECE_BYTES):
        if is_first:
            if read[:2] in {BOM_UTF16_LE, BOM_UTF16_BE} or b"\x00" in read[:2]:
                raise _wrong_line(1, "This file is in UTF-16. Save it in UTF-8 and send it again.")
            read, is_first = read.removeprefix(_BOM), False
        whole, newline, rest = (rest + read).rpartition(b"\n")
        if len(rest) > _PIECE_BYTES:
            raise _wrong_line(line, "This line has no end.")
        if newline:
            yield _decoded(whole + newline, line=line)
            line += whole.count(b"\n") + 1
    if rest:
        yield _decoded(rest, line=line)


def _decoded(raw: bytes, *, line: int) -> str:
    if (at := raw.find(b"\x00")) >= 0:
        raise _wrong_line(line + raw.count(b"\n", 0, at), "NUL is no text.")
    try:
        return raw.decode()
    except UnicodeDecodeError as odd:
        at = line + raw.count(b"\n", 0, odd.start)
        detail = "This line is not in UTF-8. Save the file in UTF-8 and send it again."
        raise _wrong_line(at, detail) from None


def _wrong_line(line: int, detail: str) -> ValidationFailed:
    return ValidationFailed(errors=[FieldError(f"/{line}", "invalid", detail)])
