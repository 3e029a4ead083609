"""Two calls step by step: one waits before a statement while the test does something else."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from tests.races.storm import Told

PATIENCE = 20


def until_somebody_waits(sessions: int = 1) -> None:
    """Return once so many sessions of this database wait for a lock, or did not for a second."""
    end = time.monotonic() + 1
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= sessions:
                return
        time.sleep(0.01)


class Paused:
    """A call in a thread of its own that stops before its `nth` statement containing `before`.

        redeem = Paused(lambda: shop.redeem(...), before="_uses_")
        ...                     # the call is under way and waits
        told = redeem.resume()

    `proceed` lets it go on without waiting for its end. One that `may_wait` may be stopped by a lock
    before it comes so far; without `before` it does not stop at all.
    """

    def __init__(
        self,
        call: Callable[[], Told],
        *,
        before: str = "",
        nth: int = 1,
        may_wait: bool = False,
    ) -> None:
        self._call = call
        self._before = before
        self._left = nth
        self._reached = threading.Event()
        self._go = threading.Event()
        self._told: Told | None = None
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        if may_wait:
            until_somebody_waits()
        elif before:
            assert self._reached.wait(PATIENCE)
            assert self._told is None, f"never came to {before!r}: {self._told}"

    def proceed(self) -> None:
        """Let the call go on."""
        self._go.set()

    def resume(self) -> Told:
        """Let the call go on to its end; what it was told."""
        self._go.set()
        self._thread.join(PATIENCE)
        assert self._told is not None
        return self._told

    def _work(self) -> None:
        try:
            with connection.execute_wrapper(self._step):
                told = self._call()
        except Exception as error:  # noqa: BLE001  # whatever it is, the race has failed
            told = Told(599, {"code": repr(error)})
        finally:
            connections.close_all()
        self._told = told
        self._reached.set()

    def _step(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._before and self._before in sql:
            self._left -= 1
            if self._left == 0:
                self._reached.set()
                assert self._go.wait(PATIENCE)
        return execute(sql, params, many, context)
