"""Which processes are ours: by pid and start time, or by a mark in their environment; never by name.

A pid alone proves nothing, since the kernel gives it away again. The start time beside it does.
The mark finds what a pid file cannot: the children of a process that was killed, and everything
after somebody deleted the data folder under a running stack.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "STACK_OF"
POLL_SECONDS = 0.02
PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process as it was when we met it."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        """The very same process, and not a zombie that waits for its parent."""
        return started_at(self.pid) == self.started

    def send(self, signum: signal.Signals) -> None:
        """Signal it if it is still there."""
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def write(self, path: Path) -> None:
        """Remember it in a pid file."""
        replace_file(path, f"{self.pid} {self.started}\n")


def met(pid: int) -> Process | None:
    """The living process with this pid."""
    started = started_at(pid)
    return Process(pid, started) if started else None


def read(path: Path) -> Process | None:
    """The living process that a pid file remembers; None when it is gone or the file is."""
    try:
        pid, started = path.read_text(encoding="utf-8").strip().split(" ", 1)
        process = Process(int(pid), started)
    except (FileNotFoundError, ValueError):
        return None
    return process if process.is_alive() else None


def started_at(pid: int) -> str | None:
    """A text that no other process with this pid ever had; None for the dead and for zombies."""
    if PROC.joinpath("self", "stat").exists():
        try:
            stat = PROC.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        # The name stands in brackets and may hold anything, brackets included.
        state, *fields = stat.rpartition(")")[2].split()
        return None if state in "ZX" else f"{_boot_id()}/{fields[18]}"
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else " ".join(started.split())


def _boot_id() -> str:
    """Start times count from the boot; this keeps two boots apart."""
    try:
        return PROC.joinpath("sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "boot"


def marked(mark: str) -> list[Process]:
    """Every living process that was started with `MARK=mark`, save this one. Linux only."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in PROC.glob("[0-9]*/environ"):
        pid = int(entry.parent.name)
        try:
            environment = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and pid != os.getpid() and (process := met(pid)):
            found.append(process)
    return found


def end_all(
    processes: Iterable[Process], *, signum: signal.Signals, patience_seconds: float
) -> None:
    """Ask all of them to stop, wait, and kill those that are still there after the time given."""
    alive = list(processes)
    for process in alive:
        process.send(signum)
    if not wait_until(lambda: not any(p.is_alive() for p in alive), patience_seconds):
        for process in alive:
            process.send(signal.SIGKILL)
        wait_until(lambda: not any(p.is_alive() for p in alive), 5)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def replace_file(path: Path, content: str) -> None:
    """Write as a whole or not at all; readable by the owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    draft.rename(path)
