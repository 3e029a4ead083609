"""What happened: events for the outside, the audit trail, and background jobs."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from common.ids import new_id


class OutboxEvent(models.Model):
    """A fact for webhooks, written in the transaction that made it true. Holds ids, never names."""

    event_id = models.UUIDField(unique=True, default=new_id)
    type = models.CharField(max_length=50)
    #: Key of the customer it is about; plain, since it outlives erasure.
    customer_key = models.BigIntegerField(null=True)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    #: The writing transaction: readers stay behind the oldest one that is still open.
    xid = models.BigIntegerField(db_default=models.Func(function="txid_current"))

    class Meta:
        indexes = [
            models.Index(name="journal_outbox_by_type", fields=["type", "id"]),
            # What is exported of a customer, and erased.
            models.Index(
                name="journal_outbox_about_customer",
                fields=["customer_key", "id"],
                condition=models.Q(customer_key__isnull=False),
            ),
            # Rows come in nearly this order, so that an index of page ranges, which costs a write
            # next to nothing, finds the last ones and those of some days.
            BrinIndex(
                name="journal_outbox_in_time", fields=["xid", "occurred_at"], autosummarize=True
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class AuditEntry(models.Model):
    """Who changed what, from what to what. Append-only; a trigger holds that for everybody."""

    at = models.DateTimeField()
    #: `key:3`, `staff:7` or `system`.
    actor = models.CharField(max_length=50)
    action = models.CharField(max_length=50)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=140)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(
                name="journal_audit_by_subject",
                fields=["subject_kind", "subject_id", "id"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.subject_kind} {self.subject_id}"


class Job(models.Model):
    """Background work: the row is the queue, Celery only the alarm clock. Safe to run twice."""

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        SUCCEEDED = "succeeded", "succeeded"
        FAILED = "failed", "failed"

    job_id = models.UUIDField(unique=True, default=new_id)
    kind = models.CharField(max_length=50)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    #: What is to be done: ids and figures.
    order = models.JSONField(default=dict)
    #: Where it stands, so that a killed worker's successor goes on from there.
    checkpoint = models.JSONField(null=True)
    result = models.JSONField(null=True)
    errors = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    #: Set again at every step; a running job that is silent for long is taken over.
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="journal_job_finished_has_instant",
                condition=(
                    models.Q(status__in=["succeeded", "failed"], finished_at__isnull=False)
                    | models.Q(status__in=["queued", "running"], finished_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="journal_job_done_within_total",
                condition=models.Q(done__gte=0)
                & (models.Q(total__isnull=True) | models.Q(done__lte=models.F("total"))),
            ),
        ]
        indexes = [
            models.Index(
                name="journal_job_waiting",
                fields=["id"],
                condition=models.Q(status__in=["queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.job_id} ({self.status})"


class FilePiece(models.Model):
    """Whole lines of the file that a job reads, and has not read yet."""

    pk = models.CompositePrimaryKey("job_id", "first_line")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    first_line = models.PositiveIntegerField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"job {self.job_id} from line {self.first_line}"


class RowError(models.Model):
    """A line of a job's file that was left out, and why. Holds none of its values."""

    pk = models.CompositePrimaryKey("job_id", "line")
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, related_name="row_errors", db_index=False
    )
    #: As the file counts them; 1 is the header.
    line = models.PositiveIntegerField()
    #: Empty where the line as a whole is wrong.
    column = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"line {self.line}: {self.column} {self.code}"


class RowTaken(models.Model):
    """That a row with this id was taken from a job's file: a later one with it is a mistake."""

    pk = models.CompositePrimaryKey("job_id", "row_id")
    # Not checked by the database: a row of these is written for each of a file, and lives as long as
    # its job works.
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, related_name="taken", db_index=False, db_constraint=False
    )
    row_id = models.CharField(max_length=128, db_collation="C")

    def __str__(self) -> str:
        return f"job {self.job_id}: {self.row_id}"
