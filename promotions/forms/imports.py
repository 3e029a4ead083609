"""A file of codes as a form."""

from django.utils.translation import gettext_lazy as _

from journal.forms.imports import ImportForm
from promotions.domain.imports import COLUMNS
from promotions.models import CodeImport


class ImportCodesForm(ImportForm):
    """Which file goes to which promotion."""

    columns = COLUMNS

    class Meta:
        model = CodeImport
        fields = ("promotion",)
        labels = {"promotion": _("Promotion")}
