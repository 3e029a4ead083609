"""What the tests of webhooks share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journal.receiver import Receiver, listening


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who listens, on this machine."""
    with listening() as found:
        yield found


@pytest.fixture
def inside(settings: Any) -> None:
    """Webhooks may go to this machine."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
