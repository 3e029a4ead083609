"""What tests of campaigns share: a mail server, a shop with customers, two keys."""

from collections.abc import Iterator
from typing import Any

import pytest

from campaigns.domain.pace import MAILBOX_KINDS
from campaigns.models import Delivery
from common.redis import ask
from tests.api import Api
from tests.campaigns.provider_server import Provider, by_postmark, running_provider
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink, running_sink


@pytest.fixture(autouse=True)
def nobody_was_too_fast() -> None:
    """What an earlier test has sent, or made a server say, slows nothing down."""
    names = ("rest", "urgent", *(f"{what}:{whose}" for what in ("spent", "slow") for whose in
             ("account", *MAILBOX_KINDS)))  # fmt: skip
    ask("DEL", *(f"promotions:pace:{name}" for name in names))


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """The mail server that the service sends to."""
    with running_sink() as (server, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 5
        settings.MAIL_FROM = "Teeladen <post@tea.example>"
        yield server


@pytest.fixture
def marketing(api: Api, sink: Sink) -> Marketing:
    """Two people who run campaigns."""
    return Marketing(api)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    settings.MAIL_FROM = "Teeladen <post@tea.example>"
    with running_provider() as server:
        by_postmark(settings, server)
        yield server


@pytest.fixture
def sent(marketing: Marketing, provider: Provider) -> int:
    """The key of a mail to Ada that the provider has taken."""
    marketing.customer("ada")
    marketing.campaign("hello")
    marketing.start("hello")
    marketing.run()
    return Delivery.objects.get().pk
