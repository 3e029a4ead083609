"""Files of codes that are taken in, and what of them waits."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.ids import public_id


class CodeImport(models.Model):
    """One file of codes, checked and taken in by one job."""

    import_id = models.UUIDField(unique=True)
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.CASCADE, related_name="code_imports"
    )
    #: Checked only: nothing is taken in.
    is_dry_run = models.BooleanField()
    #: What separates its columns.
    delimiter = models.CharField(max_length=1)
    #: Lines below the header that are not blank.
    rows = models.PositiveIntegerField()
    #: Of these, as far as the job is: fit to be taken in, and not.
    good = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    job_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("code import")
        verbose_name_plural = _("code imports")
        constraints = [
            models.CheckConstraint(
                name="promotions_import_decided_within_rows",
                condition=Q(rows__gte=F("good") + F("rejected")),
            ),
        ]

    def __str__(self) -> str:
        return public_id("imp", self.import_id)


class CodeImportPiece(models.Model):
    """Whole lines of a file that were not read yet."""

    pk = models.CompositePrimaryKey("code_import_id", "first_line")
    code_import = models.ForeignKey(
        CodeImport, on_delete=models.CASCADE, related_name="pieces", db_index=False
    )
    first_line = models.PositiveIntegerField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.code_import_id} from line {self.first_line}"


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


class CodeImportError(models.Model):
    """A line that was left out, and why. Holds none of its values."""

    pk = models.CompositePrimaryKey("code_import_id", "line")
    code_import = models.ForeignKey(
        CodeImport, on_delete=models.CASCADE, related_name="errors", db_index=False
    )
    #: As the file counts them; 1 is the header.
    line = models.PositiveIntegerField()
    #: Empty where the line as a whole is wrong.
    column = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"line {self.line}: {self.column} {self.code}"
