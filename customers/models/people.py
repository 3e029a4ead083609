"""People, and what they agreed to."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractDay, ExtractMonth, Upper
from django.utils.translation import gettext_lazy as _


def _part_in_utc(part: str, column: str) -> models.Func:
    """Django's own extracts are by the clocks of a setting."""
    return models.Func(
        column,
        template=f"EXTRACT({part} FROM %(expressions)s AT TIME ZONE 'UTC')",
        output_field=models.IntegerField(),
    )


class Customer(models.Model):
    """A customer of the shop. `reference` is the shop's own id: it stands in this table only.

    Of one who was erased only the row is left, under a pseudonym that no shop can give as an id.
    """

    reference = models.CharField(_("customer id"), max_length=128, db_collation="C")
    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    first_name = models.CharField(_("first name"), max_length=255, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=255, blank=True, default="")
    birth_date = models.DateField(_("birth date"), null=True)
    gender = models.CharField(_("gender"), max_length=50, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=50, blank=True, default="")
    locale = models.CharField(_("language"), max_length=35, blank=True, default="")
    timezone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=255, blank=True, default="")
    registered_at = models.DateTimeField(_("registered at"), null=True)
    attributes = models.JSONField(_("attributes"), default=dict)
    created_at = models.DateTimeField(_("created at"))
    erased_at = models.DateTimeField(_("erased at"), null=True)
    #: Art. 18 of the GDPR: what is known stays, and is used for no marketing and no profiling.
    is_restricted = models.BooleanField(default=False, db_default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [("see_personal_values", "Can see customers' names and addresses")]
        constraints = [
            models.UniqueConstraint(name="customers_customer_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="customers_erased_holds_nothing",
                condition=Q(erased_at__isnull=True)
                | Q(
                    email="",
                    first_name="",
                    last_name="",
                    birth_date__isnull=True,
                    gender="",
                    phone="",
                    locale="",
                    timezone="",
                    country="",
                    postal_code="",
                    city="",
                    registered_at__isnull=True,
                    attributes={},
                ),
            ),
        ]
        indexes = [
            models.Index(Upper("email"), name="customers_customer_by_email"),
            models.Index(
                ExtractMonth("birth_date"),
                ExtractDay("birth_date"),
                name="customers_customer_by_birthday",
                condition=Q(birth_date__isnull=False),
            ),
            # A day off where the customer is elsewhere: an index knows no one's time zone.
            models.Index(
                _part_in_utc("MONTH", "registered_at"),
                _part_in_utc("DAY", "registered_at"),
                name="customers_customer_anniversary",
                condition=Q(registered_at__isnull=False),
            ),
            # Few: to leave them out of a million others costs nothing.
            models.Index(
                name="customers_customer_erased",
                fields=["id"],
                condition=Q(erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Channel(models.TextChoices):
    """How a customer can be reached."""

    EMAIL = "email", "e-mail"
    SMS = "sms", "SMS"
    PUSH = "push", "push"
    IN_APP = "in_app", "in-app"
    ADS = "ads", "advertising networks"


class Purpose(models.TextChoices):
    """What for."""

    MARKETING = "marketing", "marketing"
    PROFILING = "profiling", "profiling"
    TRACKING = "tracking", "tracking"


class ConsentState(models.TextChoices):
    """What the customer said last; no row is `none`, and so is `requested`."""

    GRANTED = "granted", "granted"
    WITHDRAWN = "withdrawn", "withdrawn"
    REQUESTED = "requested", "requested"


class Consent(models.Model):
    """The state of one channel and purpose: what its history, read in order, comes to.

    `recorded_at` is the instant of the record that decided it.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="consents", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.CharField(max_length=10, choices=Purpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_consent_once_per_channel_and_purpose",
                fields=["customer", "channel", "purpose"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.channel}/{self.purpose}: {self.state}"


class ConsentRecord(models.Model):
    """One thing that a customer said, with its evidence. Append-only, held by a trigger: only the
    evidence (`source`, `text_version`, `ip_address`, `address`) may be blanked, for erasure.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="consent_records", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.CharField(max_length=10, choices=Purpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    source = models.CharField(max_length=255, blank=True, default="")
    text_version = models.CharField(max_length=255, blank=True, default="")
    ip_address = models.CharField(max_length=45, blank=True, default="")
    #: Where the channel led to when this was received: the e-mail address, or the phone number.
    address = models.CharField(max_length=254, blank=True, default="")
    recorded_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                name="customers_consent_history",
                fields=["customer", "recorded_at", "id"],
            ),
            models.Index(
                name="customers_consent_asked",
                fields=["recorded_at"],
                condition=Q(state="requested")
                & (~Q(source="") | ~Q(text_version="") | ~Q(ip_address="") | ~Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d} {self.customer_id} {self.channel}/{self.purpose}: {self.state}"


class ContactPreference(models.Model):
    """How often a customer wants to hear of the shop, by their own word; no row is "as it comes"."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="contact_preference"
    )
    #: At most one message in so many days; null: as often as there is something.
    most_per_days = models.PositiveSmallIntegerField(null=True)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_preference_days_above_zero",
                condition=Q(most_per_days__isnull=True) | Q(most_per_days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: one in {self.most_per_days or '-'} days"
