"""What production refuses: `manage.py check --deploy` names each, beside Django's own warnings."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from cashback.domain.payouts import compact_iban
from common import faults


def production_settings(**_: Any) -> list[CheckMessage]:
    """Settings that are good for one's own machine only."""
    return [*_refusals(), *_refusals_of_mail()]


def _refusals() -> Iterator[CheckMessage]:
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY:
        yield Error(
            "SECRET_KEY is the default that stands in the source.",
            hint="Set SECRET_KEY or SECRET_KEY_FILE to 50 random characters.",
            id="promotions.E001",
        )
    if settings.DEBUG:
        yield Error(
            "DEBUG is on.",
            hint="It shows settings and source to whoever provokes an error.",
            id="promotions.E002",
        )
    if settings.TEST_CLOCK:
        yield Error(
            "TEST_CLOCK is on.",
            hint="Callers could say what time it is, and nothing would run by itself.",
            id="promotions.E003",
        )
    if not settings.PUBLIC_URL.startswith("https://"):
        yield Error(
            f"PUBLIC_URL is {settings.PUBLIC_URL}, not https.",
            hint="The signed links in mails start with it.",
            id="promotions.E004",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS allows every name.",
            hint="Name the hosts that this service is reached by.",
            id="promotions.E005",
        )
    if settings.SEPA_IBAN and compact_iban(settings.SEPA_IBAN) is None:
        yield Error(
            f"SEPA_IBAN is no IBAN: {settings.SEPA_IBAN}.",
            hint="A bank would refuse every file of payouts.",
            id="promotions.E006",
        )
    if settings.STRIPE_API_URL:
        yield Error(
            f"STRIPE_API_URL is {settings.STRIPE_API_URL}.",
            hint="Payouts go to that server, and the key with them: leave it out.",
            id="promotions.E007",
        )
    if os.environ.get(faults.VARIABLE):
        yield Error(
            "FAULTS is set.",
            hint="It is for tests, which kill processes with it: leave it out.",
            id="promotions.E008",
        )
    if settings.WEBHOOK_ALLOW_PRIVATE:
        yield Warning(
            "WEBHOOK_ALLOW_PRIVATE is on.",
            hint="Whoever has a key with the scope webhooks reaches what this service reaches.",
            id="promotions.W001",
        )


def _refusals_of_mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_PROVIDER and ":" not in settings.EMAIL_WEBHOOK_SECRET:
        yield Error(
            "EMAIL_PROVIDER is set, and EMAIL_WEBHOOK_SECRET is no user:password.",
            hint="Nobody would hear of bounces and complaints: 32 random characters on each side do.",
            id="promotions.E009",
        )
