"""Files of codes that are taken in, and what of them waits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import FileImport, decided_within_rows


class CodeImport(FileImport):
    """One file of codes, checked and taken in by one job."""

    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="code_imports"
    )

    class Meta:
        verbose_name = _("code import")
        verbose_name_plural = _("code imports")
        constraints = [decided_within_rows("promotions_import_decided_within_rows")]


class CodeImportRow(models.Model):
    """A line that was read and is right by itself; whether its code is free is asked later.

    The key is the order in which they are taken in: a repeated code stands beside its first.
    """

    pk = models.CompositePrimaryKey("code_import_id", "code", "line")
    code_import = models.ForeignKey(
        CodeImport, on_delete=models.CASCADE, related_name="waiting", db_index=False
    )
    code = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    spelling = models.CharField(max_length=200)
    customer_reference = models.CharField(max_length=128, null=True)  # noqa: DJ001  # null: nobody's
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    max_redemptions = models.BigIntegerField(null=True)
    used = models.BigIntegerField()

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"
