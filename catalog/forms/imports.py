"""A file of products as a form."""

from django.utils.translation import gettext_lazy as _

from catalog.domain.imports import COLUMNS
from catalog.models import ProductImport
from journal.forms.imports import ImportForm


class ImportProductsForm(ImportForm):
    """The shop's feed."""

    columns = COLUMNS
    warns = _("Amounts are in cents: 1250 is 12.50.")

    class Meta:
        model = ProductImport
        fields = ()
