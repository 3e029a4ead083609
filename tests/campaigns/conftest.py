"""What tests of campaigns share: a mail server, a shop with customers, two keys."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api import Api
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink, running_sink


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
