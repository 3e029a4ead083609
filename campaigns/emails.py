"""Mails to the staff."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import send_mail

from campaigns.domain.breaker import PauseReason
from common.money import Language

logger = logging.getLogger(__name__)

_SUBJECT: Mapping[Language, str] = {
    "de": "Die Kampagne {id} hat sich angehalten",
    "en": "Campaign {id} has stopped",
}
_WHY: Mapping[PauseReason, Mapping[Language, str]] = {
    "bounces": {
        "de": "Zu viele ihrer Mails kommen zurück.",
        "en": "Too many of its mails come back.",
    },
    "complaints": {
        "de": "Zu viele Menschen melden ihre Mails als Spam.",
        "en": "Too many people report its mails as spam.",
    },
}
_HOW: Mapping[Language, str] = {
    "de": "Bitte sieh nach, woher die Adressen stammen und wem du schreibst; weiter geht es erst mit"
    " „resume“.",
    "en": "Please look where the addresses come from and whom you write to; it goes on only once somebody"
    " resumes it.",
}


def tell_stopped(campaign_id: str, reason: PauseReason) -> None:
    """Tell the staff, in both languages, that a campaign has stopped by itself.

    Without `STAFF_EMAIL` nobody; a mail that cannot be sent is only logged: the campaign says it too.
    """
    if not settings.STAFF_EMAIL:
        return
    languages: tuple[Language, ...] = ("de", "en")
    subject = " / ".join(_SUBJECT[language].format(id=campaign_id) for language in languages)
    body = "\n\n".join(f"{_WHY[reason][language]} {_HOW[language]}" for language in languages)
    try:
        send_mail(subject, body, None, settings.STAFF_EMAIL)
    except OSError:
        logger.exception("no mail about the campaign %s, which has stopped", campaign_id)
