"""Campaigns, and the occasions on which they go out to a whole audience."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Campaign(models.Model):
    """What is told to whom and when. Audience, trigger, content, variants and quiet hours are JSON of the
    contract's shape, read by `campaigns.domain.definition`; what SQL asks for stands in columns.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")
        PUSH = "push", _("push")
        IN_APP = "in_app", _("in-app")
        PLACEMENT = "placement", _("placement")

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("marketing")
        TRANSACTIONAL = "transactional", _("transactional")

    class PauseReason(models.TextChoices):
        BOUNCES = "bounces", "too many bounces"
        COMPLAINTS = "complaints", "too many complaints"

    reference = models.CharField(_("id"), max_length=128, db_collation="C")
    name = models.CharField(_("name"), max_length=255)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose)
    audience = models.JSONField(default=dict)
    #: Each recipient gets a personal code of it.
    promotion = models.ForeignKey(
        "promotions.Promotion",
        on_delete=models.PROTECT,
        null=True,
        related_name="campaigns",
        verbose_name=_("promotion"),
    )
    code_valid_days = models.PositiveSmallIntegerField(null=True)
    slot = models.CharField(max_length=128, null=True)  # noqa: DJ001  # null: no placement
    #: Where in its slot; null: everywhere.
    placement = models.JSONField(null=True)
    trigger = models.JSONField()
    timezone = models.CharField(max_length=64)
    content = models.JSONField()
    variants = models.JSONField(default=list)
    #: Ten-thousandths of a percent.
    holdout_percent = models.PositiveIntegerField(default=0)
    quiet_hours = models.JSONField(null=True)
    expires_after_hours = models.PositiveIntegerField(null=True)
    priority = models.IntegerField(default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    #: Of all that recipients would see or that decides who they are, as it was submitted.
    content_hash = models.BinaryField(max_length=32, null=True)
    submitted_by = models.CharField(max_length=50, blank=True, default="")
    approved_by = models.CharField(max_length=50, blank=True, default="")
    #: What happened before does not concern it.
    scheduled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: Why it has stopped by itself; empty: it has not.
    pause_reason = models.CharField(max_length=15, blank=True, default="", choices=PauseReason)
    #: Bounces and complaints of what was sent before do not stop it: somebody has seen them.
    watched_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("approve_campaign", "Can approve campaigns")]
        constraints = [
            models.UniqueConstraint(name="campaigns_campaign_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="campaigns_campaign_holdout_up_to_all",
                condition=Q(holdout_percent__lte=1_000_000),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_of_placement_has_slot",
                condition=Q(channel="placement", slot__isnull=False)
                | ~Q(channel="placement") & Q(slot__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_conditions_of_placement",
                condition=Q(channel="placement") | Q(placement__isnull=True),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_approved_by_another",
                condition=Q(approved_by="") | ~Q(approved_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_approved_before_it_runs",
                condition=Q(status__in=["draft", "submitted", "cancelled"]) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_stopped_is_paused",
                condition=Q(pause_reason="") | Q(status="paused"),
            ),
            models.CheckConstraint(
                name="campaigns_campaign_submitted_with_hash",
                condition=Q(status__in=["draft", "cancelled"])
                | Q(content_hash__isnull=False) & ~Q(submitted_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Occurrence(models.Model):
    """One occasion on which a campaign goes out to its whole audience: enlisted once, chunk by chunk."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="occurrences", db_index=False
    )
    #: `once`, or the local date of a recurring campaign.
    key = models.CharField(max_length=128, db_collation="C")
    #: The instant for everybody; null where it is a local time of each recipient's.
    at = models.DateTimeField(null=True)
    local_date = models.DateField(null=True)
    #: Up to which customer's key, in rising order, everybody is enlisted.
    enlisted_through = models.BigIntegerField(default=0)
    enlisted_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="campaigns_occurrence_once", fields=["campaign", "key"]),
            models.CheckConstraint(
                name="campaigns_occurrence_has_one_time",
                condition=Q(at__isnull=False, local_date__isnull=True)
                | Q(at__isnull=True, local_date__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="campaigns_occurrence_to_enlist",
                fields=["id"],
                condition=Q(enlisted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.campaign_id}"
