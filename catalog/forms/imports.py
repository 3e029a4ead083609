"""A file of products as a form."""

from catalog.domain.imports import COLUMNS
from catalog.models import ProductImport
from journal.forms.imports import ImportForm


class ImportProductsForm(ImportForm):
    """The shop's feed."""

    columns = COLUMNS

    class Meta:
        model = ProductImport
        fields = ()
