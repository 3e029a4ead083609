"""A process that keeps two senders alive: each also schedules, and whoever is killed is started again at once.

    python -m tests.faults.crew      told what to do by lines: orders as JSON, `stop`; the end of them ends it

A sender is a fork, so that a new one is there in a moment, and dies by SIGKILL as any process. Told to
stop, it ends what it has in hand.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

WORKERS = 2
#: So many people are enlisted, and so many rows claimed at once: a run of a few hundred has many of both.
CHUNK, CLAIM = 50, 60
_A_TURN = timedelta(milliseconds=300)


def main() -> None:
    """Until standard input ends."""
    django.setup()
    from campaigns.actions import claiming, enlisting

    enlisting._next_chunk.__kwdefaults__["at_once"] = CHUNK
    claiming.AT_ONCE = CLAIM
    crew = _Crew()
    _say("ready")
    while True:
        crew.look_after()
        if not select.select([sys.stdin], [], [], 0.01)[0]:
            continue
        line = sys.stdin.readline().strip()
        if line == "stop":
            crew.stop()
            _say(f"stopped {crew.killed}")
        elif line:
            crew.go(json.loads(line))
        else:
            crew.end()
            return


class _Crew:
    def __init__(self) -> None:
        self.killed = 0
        self._alive: set[int] = set()
        self._orders: dict[str, Any] = {}
        self._begun_at = _utc()
        self._works = False

    def go(self, orders: dict[str, Any]) -> None:
        """All at work: `port` of the mail server, `faults` by which they die, `now` for them, at what `pace`."""
        self._orders = orders
        self._begun_at = _utc()
        self._works = True
        self.look_after()

    def look_after(self) -> None:
        """Count the dead, and put others in their places."""
        while self._alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            self._alive.discard(pid)
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                self.killed += 1
            elif self._works:
                _say(f"broken {status}")
        while self._works and len(self._alive) < WORKERS:
            self._alive.add(self._fork())

    def stop(self) -> None:
        """Each ends what it has in hand."""
        self._works = False
        for pid in self._alive:
            os.kill(pid, signal.SIGTERM)
        while self._alive:
            self.look_after()
            time.sleep(0.005)

    def end(self) -> None:
        """At once."""
        self._works = False
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)

    def _now(self) -> datetime:
        """What is due is asked by a clock of its own, which may be quick."""
        passed: timedelta = (_utc() - self._begun_at) * self._orders["pace"]
        return datetime.fromisoformat(self._orders["now"]) + passed

    def _fork(self) -> int:
        # Else it would be told to stop before it listens.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                _obey(self._orders)
                _work(self._now)
                status = 0
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(status)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        return pid


def _obey(orders: dict[str, Any]) -> None:
    from django.conf import settings

    from common import faults

    settings.EMAIL_PORT = orders["port"]
    # As if the variable had been there from the beginning.
    faults._fault = faults.asked_of(orders["faults"])


def _work(now: Callable[[], datetime]) -> None:
    """As the workers of production do it: enlist, send what is urgent, send the rest."""
    from django.db import Error, connection

    from campaigns.actions.running import enlist_all
    from campaigns.actions.sending import send_due

    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    while not told:
        try:
            enlist_all(now=now(), wall=_utc, within=_A_TURN)
            send_due(lane="urgent", now=now, wall=_utc, within=_A_TURN)
            send_due(lane="bulk", now=now, wall=_utc, within=_A_TURN)
        except Error:
            # As a task that failed: the next one has another connection.
            connection.close()
        time.sleep(0.05)


def _utc() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
