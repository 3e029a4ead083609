"""Reads: imports of codes, and the rows that wait for their turn."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from promotions.models import CodeImport


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


def _imports() -> QuerySet[CodeImport]:
    return CodeImport.objects.select_related("promotion").only(
        "import_id", "job_id", "is_dry_run", "rows", "good", "rejected", "created_at",
        "promotion__reference",
    )  # fmt: skip
