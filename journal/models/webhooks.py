"""Webhooks: who listens, what is on its way to whom, and what became of each attempt."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import public_id
from journal.domain.receivers import LONGEST_URL
from journal.models.events import OutboxEvent

#: So much of a receiver's answer is kept.
KEPT_OF_ANSWER = 500


class WebhookEndpoint(models.Model):
    """Somebody who is told of events. Its row is the head of its queue: one sender at a time."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        DISABLED = "disabled", _("switched off")

    class DisabledReason(models.TextChoices):
        BY_HAND = "by_hand", _("by hand")
        GONE = "gone", _("the receiver says that it is gone (410)")
        FAILING = "failing", _("it took nothing for days")

    reference = models.CharField(_("id"), max_length=128, db_collation="C")
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    event_types = ArrayField(models.CharField(max_length=50), verbose_name=_("events"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    disabled_at = models.DateTimeField(_("switched off at"), null=True)
    disabled_reason = models.CharField(
        _("why switched off"), max_length=10, choices=DisabledReason, blank=True, default=""
    )
    created_at = models.DateTimeField(_("created at"))
    revision = models.PositiveIntegerField(default=1)
    #: Events of transactions up to this one have been queued, or were none of its business.
    queued_through = models.BigIntegerField(db_default=models.Func(function="txid_current"))
    #: In a row, whatever the event.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    last_delivered_at = models.DateTimeField(_("last delivered at"), null=True)
    #: Who is sending, on the real clock; a sender that is silent past the end was killed.
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            models.UniqueConstraint(name="journal_endpoint_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="journal_endpoint_listens_to_something",
                condition=models.Q(event_types__len__gt=0),
            ),
            models.CheckConstraint(
                name="journal_endpoint_disabled_has_reason",
                condition=models.Q(status="active", disabled_at__isnull=True, disabled_reason="")
                | models.Q(status="disabled", disabled_at__isnull=False)
                & ~models.Q(disabled_reason=""),
            ),
            models.CheckConstraint(
                name="journal_endpoint_failing_has_instant",
                condition=models.Q(failures=0, failing_since__isnull=True)
                | models.Q(failures__gt=0, failing_since__isnull=False),
            ),
            models.CheckConstraint(
                name="journal_endpoint_lease_has_end",
                condition=models.Q(lease__isnull=True) | models.Q(leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class WebhookSecret(models.Model):
    """What an endpoint's messages are signed with, sealed. One that was replaced has an end."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="journal_secret_one_is_current",
                fields=["endpoint"],
                condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"secret {self.pk} of endpoint {self.endpoint_id}"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint: the row is the queue. An endpoint's go in their order."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("taken")
        GIVEN_UP = "given_up", _("given up")
        SKIPPED = "skipped", _("skipped")

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("webhook endpoint"),
    )
    event = models.ForeignKey(
        OutboxEvent, on_delete=models.DO_NOTHING, related_name="deliveries",
        verbose_name=_("event"),
    )  # fmt: skip
    is_replay = models.BooleanField(_("replay"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"))
    give_up_at = models.DateTimeField(_("given up at the latest"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(
                name="journal_delivery_once_per_event",
                fields=["endpoint", "event"],
                condition=models.Q(is_replay=False),
            ),
            models.CheckConstraint(
                name="journal_delivery_finished_has_instant",
                condition=models.Q(state="waiting", finished_at__isnull=True)
                | ~models.Q(state="waiting") & models.Q(finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="journal_delivery_of_endpoint", fields=["endpoint", "id"]),
            models.Index(
                name="journal_delivery_waiting",
                fields=["endpoint", "id"],
                condition=models.Q(state="waiting"),
            ),
            models.Index(name="journal_delivery_finished", fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return public_id("evt", self.event.event_id)


class WebhookAttempt(models.Model):
    """One try at a delivery. Of the answer a cut is kept; it may be erased at any time."""

    class Failure(models.TextChoices):
        STATUS = "status", _("answered with an error")
        REDIRECT = "redirect", _("redirects, which are not followed")
        NAME = "name", _("the name was not found")
        ADDRESS = "address", _("an address that is not public")
        UNREACHABLE = "unreachable", _("no connection")
        TLS = "tls", _("no trustworthy TLS")
        TIMEOUT = "timeout", _("took too long")
        PROTOCOL = "protocol", _("the answer is no HTTP")
        SECRET = "secret", _("the secret is unreadable: rotate it")

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="tries", db_index=False
    )
    number = models.PositiveIntegerField(_("attempt"))
    at = models.DateTimeField(_("at"))
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True)
    failure = models.CharField(_("failure"), max_length=15, choices=Failure, blank=True, default="")
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=KEPT_OF_ANSWER, blank=True, default="")

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                name="journal_attempt_number_once", fields=["delivery", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of delivery {self.delivery_id}"
