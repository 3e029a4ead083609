"""Keys of callers, kept answers, wrong guesses, and links that were ended."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 100


class Scope(models.TextChoices):
    """What a key may be used for."""

    CHECKOUT = "checkout", "checkout"
    CUSTOMERS = "customers", "customers"
    ORDERS = "orders", "orders"
    CATALOG = "catalog", "catalog"
    SEGMENTS = "segments", "segments"
    PROMOTIONS = "promotions", "promotions"
    CASHBACK = "cashback", "cashback"
    PAYOUTS = "payouts", "payouts"
    CAMPAIGNS = "campaigns", "campaigns"
    WEBHOOKS = "webhooks", "webhooks"
    REPORTS = "reports", "reports"


class ApiKey(models.Model):
    """A caller's key. The secret is never stored: `digest` is a keyed hash of it."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                name="access_api_key_has_a_scope", condition=models.Q(scopes__len__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """The first answer to an idempotency key; the same key gets it again, byte for byte."""

    #: Hash of API key, method, path and idempotency key.
    scope_hash = models.BinaryField(primary_key=True, max_length=32)
    #: Hash of the body as parsed JSON.
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=50)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    #: Key of the customer whom it tells of; null where it may name several, or nobody.
    customer_key = models.BigIntegerField(null=True)
    #: The body holds a secret that is shown once, and is kept unreadable.
    is_sealed = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_kept_answer_is_a_result",
                condition=models.Q(status__gte=200, status__lt=300) | models.Q(status=422),
            ),
        ]
        indexes = [
            models.Index(
                name="access_answer_about_customer",
                fields=["customer_key"],
                condition=models.Q(customer_key__isnull=False),
            ),
            # Batches and previews: the few that are searched for the name of somebody.
            models.Index(
                name="access_answer_about_many",
                fields=["created_at"],
                condition=models.Q(customer_key__isnull=True, status=200),
            ),
        ]

    def __str__(self) -> str:
        return f"{bytes(self.scope_hash).hex()[:12]} → {self.status}"


class FailedGuess(models.Model):
    """A code that did not exist (for this customer). Both columns are keyed hashes: no personal value."""

    subject_hash = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=32)
    guessed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_failed_guess_once_per_code",
                fields=["subject_hash", "code_hash"],
            ),
        ]

    def __str__(self) -> str:
        return f"{bytes(self.subject_hash).hex()[:12]} at {self.guessed_at:%Y-%m-%d %H:%M}"


class EndedLinks(models.Model):
    """Links about a customer that were made up to an instant, and open nothing any more."""

    customer_key = models.BigIntegerField()
    purpose = models.CharField(max_length=20)
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_links_ended_once", fields=["customer_key", "purpose"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.customer_key} until {self.ended_at:%Y-%m-%d %H:%M}"
