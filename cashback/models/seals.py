"""The seal: what was booked, as it stood when it was sealed. Nothing here is ever changed or deleted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Seal(models.Model):
    """A block of postings whose transactions were over, chained to the block before by a keyed hash."""

    #: From 1 on, without a gap.
    number = models.BigIntegerField(primary_key=True)
    postings = ArrayField(models.BigIntegerField())
    #: Of each posting with all that belongs to it.
    digests = ArrayField(models.BinaryField())
    #: All postings of older transactions are sealed, and ...
    horizon = models.BigIntegerField()
    #: ... those up to this key, which came into this database cluster by a restore.
    floor = models.BigIntegerField(default=0)
    #: The system identifier of the cluster that the horizon is of: another one counts anew.
    cluster = models.BigIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    #: Which of the keys it was hashed with; the keys themselves are not in the database.
    key_id = models.CharField(max_length=32)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}: {len(self.postings)} postings"
