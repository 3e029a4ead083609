"""Take in a file of products."""

from typing import BinaryIO

from django.utils import timezone

from catalog.actions.imports import order_import
from catalog.domain.imports import COLUMNS
from common.models import FileImport
from journal.management.imports import ImportCommand


class Command(ImportCommand):
    """The shop's feed."""

    help = f"Take in a CSV file of products ({','.join(COLUMNS)}); lists in a cell are parted by |."

    def order(self, file: BinaryIO, *, is_dry_run: bool) -> FileImport:
        """As `order_import`."""
        return order_import(file=file, is_dry_run=is_dry_run, actor="system", now=timezone.now())
