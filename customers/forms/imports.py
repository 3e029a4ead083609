"""A file of customers or orders as a form."""

from django.utils.translation import gettext_lazy as _

from customers.domain import customer_files, order_lines
from customers.models import CustomerImport, OrderImport
from journal.forms.imports import ImportForm


class ImportCustomersForm(ImportForm):
    """Who the shop knows."""

    columns = customer_files.COLUMNS

    class Meta:
        model = CustomerImport
        fields = ()


class ImportOrdersForm(ImportForm):
    """What they bought."""

    columns = order_lines.COLUMNS
    max_rows = order_lines.MAX_ROWS
    said = _(
        "CSV in UTF-8, at most 256 MB: a row for each line of an order, the rows of one order "
        "together. Its first line: {columns}"
    )

    class Meta:
        model = OrderImport
        fields = ()
