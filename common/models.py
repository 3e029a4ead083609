"""Columns that tables of several apps share."""

from django.db import models
from django.db.models import F, Q

from common.ids import public_id


class FileImport(models.Model):
    """One file of rows, checked and taken in by one job."""

    import_id = models.UUIDField(unique=True)
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
        abstract = True

    def __str__(self) -> str:
        return public_id("imp", self.import_id)

    def count(self, *, good: int = 0, rejected: int = 0) -> None:
        """Add to what was decided so far, and save that."""
        self.good += good
        self.rejected += rejected
        self.save(update_fields=["good", "rejected"])

    def result(self) -> dict[str, object]:
        """What came of it, as the result of its job."""
        return {
            "import_id": str(self),
            "dry_run": self.is_dry_run,
            "rows": self.rows,
            "valid": self.good,
            "imported": 0 if self.is_dry_run else self.good,
            "rejected": self.rejected,
        }


def decided_within_rows(name: str) -> models.CheckConstraint:
    """Of no import more rows are decided than its file has; `name` is the constraint's."""
    return models.CheckConstraint(name=name, condition=Q(rows__gte=F("good") + F("rejected")))
