"""One service at work: its process, its log, its deaths and its next life."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from stack.paths import Folders
from stack.pids import Process, met
from stack.service import Service

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# Who lived this long is trusted again.
STEADY_SECONDS = 30.0
# Before a service was ready for the first time, so many deaths end the start.
TRIES_TO_START = 3
LARGEST_LOG = 20_000_000


class Runner:
    """Driven by `look_after`, again and again, from one thread."""

    def __init__(self, service: Service, folders: Folders, environment: dict[str, str]) -> None:
        self.service = service
        self.environment = environment
        self.log: Path = folders.logs / f"{service.name}.log"
        self.pid_file: Path = folders.run / f"{service.name}.pid"
        self.ending = ""
        self._popen: subprocess.Popen[bytes] | None = None
        self._process: Process | None = None
        self._started = 0.0
        self._deaths = 0
        self._next_try = 0.0
        self._was_ready = False
        self._is_done = False

    def look_after(self) -> None:
        """Start it if it is due, notice its death."""
        if self._is_done:
            return
        if self._popen is None:
            if time.monotonic() >= self._next_try and not self.has_given_up():
                self._start()
        elif self._has_ended():
            self._bury()

    def is_ready(self) -> bool:
        """A chore: done. A service: says so itself."""
        if self._is_done:
            return True
        if self._popen is None or self.service.is_chore:
            return False
        self._was_ready = self._was_ready or self.service.is_ready()
        return self._was_ready

    def has_given_up(self) -> bool:
        """Died too often before it was ever ready; a chore is not tried twice."""
        tries = 1 if self.service.is_chore else TRIES_TO_START
        return not self._was_ready and not self._is_done and self._deaths >= tries

    def hurry(self) -> None:
        """Do not wait for the next try."""
        self._next_try = 0.0

    def ask_to_stop(self) -> None:
        """Politely; `wait_until_stopped` sees to the rest."""
        self._is_done = True
        if self._popen is not None and not self._has_ended():
            os.kill(self._popen.pid, self.service.stop_signal)

    def wait_until_stopped(self) -> None:
        """Wait for the end as long as the service may take, then make an end."""
        if self._popen is None:
            return
        deadline = time.monotonic() + self.service.stop_seconds
        while not self._has_ended() and time.monotonic() < deadline:
            time.sleep(0.01)
        self._bury()

    def _start(self) -> None:
        self._rotate_log()
        with self.log.open("ab") as log:
            user = self.service.user_id
            self._popen = subprocess.Popen(
                self.service.command,
                cwd=self.service.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its own session: Ctrl-C at a terminal is for us alone, and its group is known.
                start_new_session=True,
                user=user,
                group=self.service.group_id,
                extra_groups=None if user is None else [],
            )
        self._started = time.monotonic()
        self._process = met(self._popen.pid)
        if self._process:
            self._process.write(self.pid_file)

    def _has_ended(self) -> bool:
        """Seen without reaping it: as long as its pid is kept, so is the number of its group."""
        assert self._popen is not None
        if self._popen.returncode is not None:
            return True
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._popen.pid, options) is not None

    def _bury(self) -> None:
        """End what is left of its group (a server's workers still hold its port), then reap it."""
        assert self._popen is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        code = self._popen.wait()
        self._popen = None
        self.pid_file.unlink(missing_ok=True)
        self.ending = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        if self.service.is_chore and code == 0:
            self._is_done = True
            return
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._deaths = 0
        delay = min(FIRST_DELAY_SECONDS * 2**self._deaths, LONGEST_DELAY_SECONDS)
        self._deaths += 1
        self._next_try = time.monotonic() + delay
        if not self._is_done:
            print(f"{self.service.name} {self.ending}; next try in {delay} s", flush=True)

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
