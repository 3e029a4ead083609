"""What runs with killed senders share."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.campaigns.sink import Sink, running_sink
from tests.faults.harness import SENDER, Crew, crew

#: `make faults`: ten kills of two thousand at each point, and the outages.
IS_LONG = os.environ.get("FAULTS_LONG") == "1"


@dataclass
class Post:
    """The mail server and where it listens."""

    sink: Sink
    port: int


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """Also for this process, which signs messages as the senders do."""
    # Thousands of lines about each message.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    settings.MAIL_FROM = SENDER
    with running_sink() as (sink, port):
        yield Post(sink, port)


@pytest.fixture(scope="session")
def _crew(django_db_setup: None) -> Iterator[Crew]:
    with crew() as found:
        yield found


@pytest.fixture
def senders(_crew: Crew, transactional_db: None) -> Iterator[Crew]:
    """Two, who stop before the database is emptied."""
    _crew.begin()
    yield _crew
    _crew.stop()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """A line of the table, with the seconds since the test began."""
    began = time.monotonic()

    def line(name: str, *, kills: int, unknown: int, rows: int) -> None:
        seconds = time.monotonic() - began
        with capsys.disabled():
            print(
                f"\n{name:<28}{rows:>6} rows{kills:>4} kills{unknown:>5} unknown{seconds:>7.1f} s"
            )

    return line
