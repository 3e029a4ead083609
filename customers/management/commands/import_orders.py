"""Take in a file of orders."""

from typing import BinaryIO

from django.utils import timezone

from common.models import FileImport
from customers.actions.order_imports import order_import
from customers.domain.order_lines import COLUMNS
from journal.management.imports import ImportCommand


class Command(ImportCommand):
    """History: it earns no cashback, sends nothing and raises no webhook."""

    help = (
        f"Take in a CSV file of orders, a row for each line, an order's rows together ({','.join(COLUMNS)});"
        " lists in a cell are parted by |."
    )

    def order(self, file: BinaryIO, *, is_dry_run: bool) -> FileImport:
        """As `order_import`."""
        return order_import(file=file, is_dry_run=is_dry_run, actor="system", now=timezone.now())
