"""Senders in processes of their own, over the test's database and a mail server that notes what it takes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaigns.actions.claiming import LEASE, sweep
from campaigns.models import Campaign, Delivery
from campaigns.models.delivery import OPEN
from stack.paths import CHECKOUT
from stack.testing import with_database

SENDER = "Teeladen <post@tea.example>"
#: Much longer than any run takes (s); how soon rows end is looked at where nobody shortens a lease.
PATIENCE = 600
_QUIET_SECONDS = 0.4


class Crew:
    """Two senders. `killed` is known after `stop`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._killed_before = 0
        self._all_killed = 0

    @property
    def killed(self) -> int:
        """Of this test."""
        return self._all_killed - self._killed_before

    def begin(self) -> None:
        """Another test."""
        self._killed_before = self._all_killed

    def go(
        self, *, port: int, faults: str = "", now: datetime | None = None, pace: int = 1
    ) -> None:
        """At work; for them it is `now`, which passes `pace` times as fast; they send to this port."""
        told = (now or timezone.now()).isoformat()
        self._tell(json.dumps({"port": port, "faults": faults, "now": told, "pace": pace}))

    def stop(self) -> None:
        """Whoever is alive ends what is in hand; whatever is leased afterwards is a dead one's."""
        self._tell("stop")
        word, number = self._hear().split()
        assert word == "stopped", f"a sender is {word}: {number}"
        self._all_killed = int(number)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def crew(env: Mapping[str, str] | None = None) -> Iterator[Crew]:
    """Not yet at work; gone with the block, or with us."""
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_database(
            os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"])
        ),
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "MAIL_FROM": SENDER,
        "LOG_LEVEL": "ERROR",
        "PROCESS_NAME": "crew",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.crew"],
        cwd=CHECKOUT, env={**os.environ, **own, **(env or {})}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        found = Crew(process)
        assert found._hear() == "ready\n"
        yield found
    finally:
        process.stdin.close()
        process.wait(PATIENCE)
        process.stdout.close()


def kills(folder: Path, number: int) -> Path:
    """So many may die: each takes one of the files in the folder."""
    folder.mkdir()
    for each in range(number):
        (folder / f"{each}.kill").touch()
    return folder


def until(happened: Callable[[], bool], *, within: float = PATIENCE) -> None:
    """Wait for it.

    Raises:
        AssertionError: it does not happen in time (s).
    """
    ends_at = time.monotonic() + within
    while not happened():
        assert time.monotonic() < ends_at, dict(_states())
        time.sleep(0.03)


def finished(campaign: str) -> bool:
    """Whether it is over."""
    return Campaign.objects.filter(reference=campaign, status="finished").exists()


def run_to_its_end(senders: Crew, campaign: str, **orders: Any) -> None:
    """Until the campaign is finished; what a dead sender held is found as if its lease had ended."""
    senders.go(**orders)
    ends_at = time.monotonic() + PATIENCE
    seen, since = _states(), time.monotonic()
    while not finished(campaign):
        assert time.monotonic() < ends_at, seen
        time.sleep(0.03)
        states = _states()
        if states != seen:
            seen, since = states, time.monotonic()
        elif time.monotonic() - since > _QUIET_SECONDS and _is_leased():
            # Nobody living loses a row by this.
            senders.stop()
            sweep(wall=timezone.now() + 2 * LEASE, now=timezone.now())
            senders.go(**orders)
            since = time.monotonic()


def _is_leased() -> bool:
    return Delivery.objects.filter(state__in=OPEN, lease__isnull=False).exists()


def _states() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM campaigns_delivery GROUP BY 1 ORDER BY 1")
        return list(cursor.fetchall())
