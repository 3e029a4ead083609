"""Files of products that are taken in, and what of them waits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import FileImport, decided_within_rows


class ProductImport(FileImport):
    """One file of products, checked and taken in by one job."""

    class Meta:
        verbose_name = _("product import")
        verbose_name_plural = _("product imports")
        constraints = [decided_within_rows("catalog_import_decided_within_rows")]


class ProductImportRow(models.Model):
    """A line that was read and is right by itself.

    The key is the order in which they are taken in: a repeated SKU stands beside its first.
    """

    pk = models.CompositePrimaryKey("product_import_id", "sku", "line")
    product_import = models.ForeignKey(
        ProductImport, on_delete=models.CASCADE, related_name="waiting", db_index=False
    )
    sku = models.CharField(max_length=128, db_collation="C")
    line = models.PositiveIntegerField()
    #: The product as it was read.
    content = models.JSONField()

    def __str__(self) -> str:
        return f"line {self.line}: {self.sku}"
