"""A file of customers or orders as a form."""

from django.utils.translation import gettext_lazy as _

from customers.domain import customer_files, order_lines
from customers.models import CustomerImport, OrderImport
from journal.forms.imports import ImportForm


class ImportCustomersForm(ImportForm):
    """Who the shop knows."""

    columns = customer_files.COLUMNS
    warns = _(
        "A row is all that is known of the customer from then on: an empty cell empties what was known. "
        "Instants are written as 2026-11-01T09:30:00+01:00."
    )

    class Meta:
        model = CustomerImport
        fields = ()


class ImportOrdersForm(ImportForm):
    """What they bought."""

    columns = order_lines.COLUMNS
    max_rows = order_lines.MAX_ROWS
    warns = _(
        "Amounts are in cents: 1250 is 12.50. Instants are written as 2026-11-01T09:30:00+01:00."
    )
    said = _(
        "CSV in UTF-8, at most 256 MB: a row for each line of an order, the rows of one order "
        "together. Its first line: {columns}"
    )

    class Meta:
        model = OrderImport
        fields = ()
