"""Take in a file of customers."""

from typing import BinaryIO

from django.utils import timezone

from common.models import FileImport
from customers.actions.customer_imports import order_import
from customers.domain.customer_files import COLUMNS
from journal.management.imports import ImportCommand


class Command(ImportCommand):
    """Each row replaces what is known of a customer."""

    help = f"Take in a CSV file of customers ({','.join(COLUMNS)}); attributes are a JSON object."

    def order(self, file: BinaryIO, *, is_dry_run: bool) -> FileImport:
        """As `order_import`."""
        return order_import(file=file, is_dry_run=is_dry_run, actor="system", now=timezone.now())
