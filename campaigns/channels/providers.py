"""The mail providers that the service sends through by their own API, by django-anymail."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from msgspec import Struct


class Provider(Struct, frozen=True, kw_only=True):
    """A provider: where anymail keeps its parts, and which of our headers it does not leave as they are."""

    backend: str
    webhook: str
    #: Beside those of a message's structure.
    drops: frozenset[str] = frozenset()
    #: Added to each message.
    adds: Mapping[str, str] = {}


# Feedback-ID and Message-ID are the provider's own unless it says otherwise.
_OWN_IDS = frozenset({"message-id", "feedback-id"})

PROVIDERS: Mapping[str, Provider] = {
    name: Provider(
        backend=f"anymail.backends.{name}.EmailBackend",
        webhook=f"anymail.webhooks.{name}.{words}TrackingWebhookView",
        drops=drops,
        adds=adds,
    )
    for name, words, drops, adds in (
        ("brevo", "Brevo", _OWN_IDS, {}),
        ("mailgun", "Mailgun", frozenset[str](), {}),
        ("mailjet", "Mailjet", _OWN_IDS, {}),
        ("postmark", "Postmark", frozenset[str](), {"X-PM-KeepID": "true"}),
        ("resend", "Resend", _OWN_IDS, {}),
        ("sendgrid", "SendGrid", frozenset({"feedback-id"}), {}),
        ("sparkpost", "SparkPost", _OWN_IDS, {}),
    )
}


def provider() -> Provider | None:
    """The one that `EMAIL_PROVIDER` names; None: mail goes by SMTP."""
    return PROVIDERS[settings.EMAIL_PROVIDER] if settings.EMAIL_PROVIDER else None


def webhook_view(chosen: Provider) -> type:
    """Anymail's view that checks and reads what this provider tells."""
    view: type = import_string(chosen.webhook)
    return view
