"""Reads: imports of codes, the rows that wait for their turn, and what was wrong with others."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from promotions.models import CodeImport, CodeImportError

_ERRORS_A_READ = 5_000


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A line that is right by itself, seen beside the others and the codes that exist."""

    code: str
    line: int
    customer_id: str | None
    is_repeated: bool
    is_taken: bool

    @property
    def is_refused(self) -> bool:
        return self.is_repeated or self.is_taken


def import_by_id(import_id: UUID) -> CodeImport | None:
    """The import, with the id of its promotion."""
    return _imports().filter(import_id=import_id).first()


def imports_after(key: int | None, *, promotion_key: int, limit: int) -> QuerySet[CodeImport]:
    """Up to `limit` imports of a promotion in the order in which they were asked for."""
    rows = _imports().filter(promotion_id=promotion_key).order_by("id")
    return (rows if key is None else rows.filter(id__gt=key))[:limit]


def next_rows(import_key: int, *, code: str, line: int, limit: int) -> list[WaitingRow]:
    """The waiting rows after this code and line: by code, then as the file has them.

    So a repeated code comes right after its first, which may be the one that the step before ended
    with.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT row.code, row.line, row.customer_reference,
                row.code = lag(row.code, 1, %(code)s) OVER (ORDER BY row.code, row.line),
                EXISTS (SELECT FROM promotions_code c WHERE c.code = row.code)
            FROM (
                SELECT code, line, customer_reference FROM promotions_codeimportrow
                WHERE code_import_id = %(import)s AND (code, line) > (%(code)s, %(line)s)
                ORDER BY code, line LIMIT %(limit)s) row
            ORDER BY row.code, row.line
            """,
            {"import": import_key, "code": code, "line": line, "limit": limit},
        )
        return [WaitingRow(*row) for row in cursor.fetchall()]


def errors_of(import_key: int, *, limit: int) -> list[tuple[int, str, str, str]]:
    """Line, column, code and detail of the first rows that were left out."""
    return list(_errors(import_key)[:limit])


def all_errors(import_key: int) -> Iterator[tuple[int, str, str, str]]:
    """The same of all rows; reads by keyset in pieces, so that nothing is held in between."""
    after = 0
    while read := list(_errors(import_key).filter(line__gt=after)[:_ERRORS_A_READ]):
        yield from read
        after = read[-1][0]


def _errors(import_key: int) -> "QuerySet[CodeImportError, tuple[int, str, str, str]]":
    rows = CodeImportError.objects.filter(code_import_id=import_key).order_by("line")
    return rows.values_list("line", "column", "code", "detail")


def _imports() -> QuerySet[CodeImport]:
    return CodeImport.objects.select_related("promotion").only(
        "import_id", "job_id", "is_dry_run", "rows", "good", "rejected", "created_at",
        "promotion__reference",
    )  # fmt: skip
