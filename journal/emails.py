"""Mails to the staff."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext, override

from journal.models import WebhookEndpoint

logger = logging.getLogger(__name__)


def tell_disabled(endpoint: WebhookEndpoint) -> None:
    """Tell the staff, in both languages, that an endpoint is told nothing any more.

    Without `STAFF_EMAIL` nobody; a mail that cannot be sent is only logged: the pages say it too.
    """
    if not settings.STAFF_EMAIL:
        return
    texts = []
    for language in ("de", "en"):
        with override(language):
            texts.append(_text(endpoint))
    subjects, bodies = zip(*texts, strict=True)
    try:
        send_mail(" / ".join(subjects), "\n\n".join(bodies), None, settings.STAFF_EMAIL)
    except OSError:
        logger.exception("no mail about the disabled webhook endpoint %s", endpoint.reference)


def _text(endpoint: WebhookEndpoint) -> tuple[str, str]:
    subject = gettext("Webhook endpoint %(id)s is switched off") % {"id": endpoint.reference}
    body = gettext(
        "%(shop)s sends no more events to %(url)s (%(reason)s). When it works again, switch it on at"
        " %(page)s, and replay what it has missed."
    )
    filled = {
        "shop": settings.SHOP_NAME,
        "url": endpoint.url,
        "reason": endpoint.get_disabled_reason_display(),
        "page": f"{settings.PUBLIC_URL}/admin/journal/webhookendpoint/{endpoint.pk}/change/",
    }
    return subject, body % filled
