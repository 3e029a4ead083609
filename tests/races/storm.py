"""Many calls at once: run them, record when each began and ended, and prove that they overlapped."""

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.core.management import call_command
from django.db import connection, connections

#: Orders in which what is done at once is begun; RACE_SEEDS says otherwise.
SEEDS = range(int(os.environ.get("RACE_SEEDS", "20" if os.environ.get("SLOW") == "1" else "3")))
THREADS = 16
AT_LEAST_IN_FLIGHT = 8


@dataclass(frozen=True)
class Told:
    """What a call was told; `told["total"]` looks into its body. Headers are in lower case."""

    status: int
    body: Any = field(default_factory=dict)
    raw: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def code(self) -> str:
        """The problem's code; empty for a success."""
        return self.body.get("code", "") if isinstance(self.body, dict) else ""

    @property
    def reasons(self) -> set[str]:
        """Why the codes of a refused cart were refused."""
        return {row["reason"]["code"] for row in self.body["codes"] if row["reason"]}

    @property
    def is_replay(self) -> bool:
        return self.headers.get("idempotency-replayed") == "true"


@dataclass(frozen=True)
class Attempt:
    """One call of a storm: what was asked (`tag`), what was told, and when."""

    tag: Any
    told: Told
    began: float
    ended: float


Job = tuple[Any, Callable[[], Told]]


def told_of(status: int, raw: bytes, headers: dict[str, str]) -> Told:
    """An answer as it came over the wire."""
    named = {name.lower(): text for name, text in headers.items()}
    is_json = raw and "json" in named["content-type"]
    return Told(status, msgspec.json.decode(raw) if is_json else {}, raw, named)


def storm(
    jobs: Sequence[Job],
    *,
    seed: int,
    threads: int = THREADS,
    in_flight: int = AT_LEAST_IN_FLIGHT,
) -> list[Attempt]:
    """Run all jobs on `threads` threads that start together, shuffled by `seed`.

    A job that raises is told 599: nothing of ours may raise. Fails unless at least `in_flight`
    attempts were under way at one moment and nothing was told a 5xx.
    """
    order = list(jobs)
    random.Random(seed).shuffle(order)
    waiting: Iterator[Job] = iter(order)
    attempts: list[Attempt] = []
    guard, start = threading.Lock(), threading.Barrier(threads)

    def work() -> None:
        try:
            start.wait(30)
            while True:
                with guard:
                    job = next(waiting, None)
                if job is None:
                    return
                attempts.append(_attempt(*job))
        finally:
            connections.close_all()

    crew = [threading.Thread(target=work) for _ in range(threads)]
    with _eager_switches():
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join(120)
    assert len(attempts) == len(order), "some attempts never ended"
    assert most_at_once(attempts) >= in_flight
    broken = [attempt for attempt in attempts if attempt.told.status >= 500]
    assert not broken, broken[:3]
    return attempts


@contextmanager
def _eager_switches() -> Iterator[None]:
    """A thread gives way after a fiftieth of the usual time: else what is refused at once is over before
    the next one begins.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 50)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def most_at_once(attempts: Sequence[Attempt]) -> int:
    """How many attempts were in flight at the busiest moment, by their recorded times.

    >>> nothing = Told(200)
    >>> most_at_once([Attempt(1, nothing, 0, 2), Attempt(2, nothing, 1, 3), Attempt(3, nothing, 2, 4)])
    2
    """
    moments = [(a.began, 1) for a in attempts] + [(a.ended, -1) for a in attempts]
    busiest = now = 0
    for _, change in sorted(moments):  # an end before a beginning of the same instant
        now += change
        busiest = max(busiest, now)
    return busiest


def by_status(attempts: Sequence[Attempt]) -> dict[int, list[Attempt]]:
    """The attempts by HTTP status."""
    found: dict[int, list[Attempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.told.status, []).append(attempt)
    return found


@contextmanager
def all_counted() -> Iterator[None]:
    """Afterwards every counter agrees with its uses, every report with a recount, and PostgreSQL has
    seen no deadlock.
    """
    before = _deadlocks()
    forget_decisions()
    yield
    call_command("verify_limits")
    call_command("verify_reports")
    assert _deadlocks() == before


def forget_decisions() -> None:
    """Those of tests before: their table is emptied by nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM checkout_decision")


def _attempt(tag: Any, call: Callable[[], Told]) -> Attempt:
    began = time.perf_counter()
    try:
        told = call()
    except Exception as error:  # noqa: BLE001  # whatever it is, the race has failed
        told = Told(599, {"code": repr(error)})
    return Attempt(tag, told, began, time.perf_counter())


def _deadlocks() -> int:
    """As the statistics say. A backend may report a second late: the next race sees it then.

    A deadlock is also an error of the call that lost, which `storm` does not let pass.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0] or 0
