"""Files of orders and customers as tests write them."""

import io
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.models import FileImport
from customers.actions import customer_imports, order_imports
from customers.domain import customer_files, order_lines
from journal.actions import run_next_job
from journal.queries import row_errors
from tests.api import NOON

#: A good row of a file of orders; each test says what is different.
ROW = {
    "order_id": "o1", "customer_id": "ada", "currency": "EUR", "status": "paid",
    "placed_at": "2026-01-05T09:00:00+01:00", "line_id": "1", "sku": "TEA-1", "quantity": "2",
    "unit_price": "1299",
}  # fmt: skip


def row(**cells: str) -> str:
    """A line of a file of orders."""
    told = ROW | cells
    return ",".join(told.get(name, "") for name in order_lines.COLUMNS)


def person(**cells: str) -> str:
    """A line of a file of customers."""
    return ",".join(cells.get(name, "") for name in customer_files.COLUMNS)


def take_orders(*lines: str, is_dry_run: bool = False, end: str = "\n") -> FileImport:
    """Take in a file of orders to its end."""
    return _taken(order_imports, order_lines.COLUMNS, lines, is_dry_run=is_dry_run, end=end)


def take_customers(*lines: str, is_dry_run: bool = False) -> FileImport:
    """Take in a file of customers to its end."""
    return _taken(customer_imports, customer_files.COLUMNS, lines, is_dry_run=is_dry_run)


def order_orders(*lines: str) -> FileImport:
    """Order an import of orders, that no job has begun."""
    return _ordered(order_imports, order_lines.COLUMNS, lines)


def errors(asked: FileImport) -> list[tuple[int, str, str]]:
    """Line, column and code of what was left out."""
    return [(line, column, code) for line, column, code, _ in row_errors(asked.job_id, limit=100)]


def _taken(kind: Any, columns: Any, lines: Any, **how: Any) -> FileImport:
    asked = _ordered(kind, columns, lines, **how)
    while run_next_job(now=timezone.now):
        pass
    asked.refresh_from_db()
    return asked


def _ordered(
    kind: Any, columns: Any, lines: Any, *, is_dry_run: bool = False, end: str = "\n"
) -> FileImport:
    file = io.BytesIO(end.join([",".join(columns), *lines, ""]).encode())
    with transaction.atomic():
        asked: FileImport = kind.order_import(
            file=file, is_dry_run=is_dry_run, actor="staff:1", now=NOON
        )
    return asked
