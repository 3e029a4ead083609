"""Starts the services, stage by stage, starts again what dies, and ends them all when it ends."""

import fcntl
import os
import select
import signal
import sys
import time
from datetime import UTC, datetime

from stack.errors import StackError
from stack.paths import Folders
from stack.pids import MARK, met
from stack.plan import Plan, Stages, lay_out
from stack.runner import Runner
from stack.service import Service
from stack.shelter import clear_forgotten, leave_if_empty
from stack.state import State

# For services; a chore (a long migration) may take what it takes.
READY_SECONDS = 120
LOOK_SECONDS = 0.25
QUICK_LOOK_SECONDS = 0.03


class Supervisor:
    """One per data folder, by a lock that it holds as long as it lives."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.folders: Folders = plan.folders
        self.runners: list[list[Runner]] = []
        self.layout = Stages(stages=[], base_urls=[], variables={})
        self._asked_to_stop = False
        self._lock = self.folders.supervisor_lock.open("a")

    def run(self) -> int:
        """Exit code 0 after an orderly end, 1 when the start failed, 3 when another one lives."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another supervisor holds this data folder")
            return 3
        self._listen_to_signals()
        if me := met(os.getpid()):
            me.write(self.folders.run / "supervisor.pid")
        status, reason = "stopped", ""
        try:
            self._start()
            self._watch()
        except StackError as error:
            say(f"failed: {error}")
            status, reason = "failed", str(error)
        finally:
            self._stop()
            self._leave(status, reason)
        return 0 if status == "stopped" else 1

    def _start(self) -> None:
        self._tell("starting")
        clear_forgotten(self.folders)
        self.layout = lay_out(self.plan)
        self._tell("starting")
        for stage in self.layout.stages:
            self._start_stage(stage)
        if not self._should_stop():
            self._tell("ready")
            say("ready " + " ".join(self.layout.base_urls))

    def _start_stage(self, stage: list[Service]) -> None:
        """Start its services together and wait until each is ready, a chore until it is done."""
        runners = [Runner(service, self.folders, self._environment(service)) for service in stage]
        self.runners.append(runners)
        deadline = time.monotonic() + READY_SECONDS
        waiting = runners
        while waiting and not self._should_stop():
            self._look_after_all()
            waiting = [runner for runner in waiting if not runner.is_ready()]
            for runner in waiting:
                if runner.has_given_up():
                    raise StackError(f"{runner.service.name} {runner.ending}; see {runner.log}")
            late = [one.service.name for one in waiting if not one.service.is_chore]
            if late and time.monotonic() > deadline:
                raise StackError(
                    f"{', '.join(late)} not ready after {READY_SECONDS} s; see {waiting[0].log}"
                )
            self._pause(QUICK_LOOK_SECONDS)

    def _watch(self) -> None:
        while not self._should_stop():
            self._look_after_all()
            self._pause(LOOK_SECONDS)

    def _look_after_all(self) -> None:
        for stage in self.runners:
            for runner in stage:
                runner.look_after()

    def _stop(self) -> None:
        """Last started, first ended; the services of a stage end together."""
        if self._data_folder_is_ours():
            self._tell("stopping")
        for stage in reversed(self.runners):
            for runner in stage:
                runner.ask_to_stop()
            for runner in stage:
                runner.wait_until_stopped()

    def _leave(self, status: str, reason: str) -> None:
        say(status)
        if self._data_folder_is_ours():
            leave_if_empty(self.folders)
            self._tell(status, reason)
            (self.folders.run / "supervisor.pid").unlink(missing_ok=True)

    def _should_stop(self) -> bool:
        """Asked to, or nobody could ask any more: the data folder is gone (`rm -rf .local`)."""
        return self._asked_to_stop or not self._data_folder_is_ours()

    def _data_folder_is_ours(self) -> bool:
        try:
            there = self.folders.supervisor_lock.stat().st_ino
        except FileNotFoundError:
            return False
        return there == os.fstat(self._lock.fileno()).st_ino

    def _environment(self, service: Service) -> dict[str, str]:
        mark = {MARK: str(self.folders.data_dir), "PYTHONUNBUFFERED": "1"}
        return dict(os.environ) | self.layout.variables | mark | service.environment

    def _tell(self, status: str, reason: str = "") -> None:
        State(
            status=status,
            reason=reason,
            base_urls=self.layout.base_urls,
            variables=self.layout.variables,
        ).write(self.folders)

    def _listen_to_signals(self) -> None:
        """Signals wake `_pause` by a pipe; SIGHUP starts at once what waits for its next try."""
        self._wake_out, wake_in = os.pipe()
        for end in (self._wake_out, wake_in):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_in, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_hurry)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _on_stop(self, *_: object) -> None:
        self._asked_to_stop = True

    def _on_hurry(self, *_: object) -> None:
        for stage in self.runners:
            for runner in stage:
                runner.hurry()

    def _pause(self, seconds: float) -> None:
        watched = [self._wake_out]
        if self.plan.until_input_ends and not self._asked_to_stop:
            watched.append(sys.stdin.fileno())
        readable, _, _ = select.select(watched, [], [], seconds)
        if self._wake_out in readable:
            os.read(self._wake_out, 1024)
        if sys.stdin.fileno() in readable and not os.read(sys.stdin.fileno(), 1024):
            self._asked_to_stop = True


def say(what: str) -> None:
    """One line in the supervisor's log."""
    print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {what}", flush=True)


def supervise(plan_text: str, *, is_detached: bool) -> int:
    """The supervisor's own process; detached, it outlives whoever called and their terminal."""
    plan = Plan.from_text(plan_text)
    plan.folders.make()
    if is_detached:
        if os.fork():
            os._exit(0)
        os.setsid()
    return Supervisor(plan).run()
