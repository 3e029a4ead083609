"""`up` and `down` from the outside: they speak to the supervisor by files, locks and signals."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from stack.errors import StackError
from stack.paths import CHECKOUT, Folders
from stack.pids import MARK, Process, end_all, marked, read, wait_until
from stack.plan import Plan
from stack.processes import is_healthy
from stack.shelter import clear_forgotten, existing_shelter, leave_if_empty, postmaster_in
from stack.state import State, read_state

STOP_SECONDS = 75
AGAIN_SECONDS = 120
KEPT = ("run", "logs", "mails", "static", "postgres", "postgres.new")
SERVERS_LAST = ("valkey", "mail")


def bring_up(plan: Plan) -> tuple[State, bool]:
    """A ready stack, and whether we started it; what runs already is left alone."""
    folders = plan.folders
    folders.make()
    with turn(folders):
        supervisor = living_supervisor(folders)
        if supervisor is not None and not _is_on_its_way_out(folders, supervisor):
            supervisor.send(signal.SIGHUP)
            state = _wait_until_ready(folders, supervisor)
            wait_until(lambda: all(answers_calls(url) for url in state.base_urls), AGAIN_SECONDS)
            return state, False
        sweep(folders)
        folders.state_file.unlink(missing_ok=True)
        supervisor = start_supervisor(plan)
        try:
            return _wait_until_ready(folders, supervisor), True
        except BaseException:
            _end_supervisor(supervisor)
            sweep(folders)
            raise


def bring_down(folders: Folders) -> bool:
    """End everything, whoever started it and however it died; whether there was anything."""
    if not folders.run.exists():
        return sweep(folders)
    with turn(folders):
        supervisor = living_supervisor(folders)
        if supervisor is not None:
            _end_supervisor(supervisor)
        return sweep(folders) or supervisor is not None


def remove_data(folders: Folders) -> None:
    """End the stack and delete what it has kept, in the data folder and outside of it."""
    bring_down(folders)
    if shelter := existing_shelter(folders):
        shutil.rmtree(shelter)
    for name in KEPT:
        shutil.rmtree(folders.data_dir / name, ignore_errors=True)
    for note in (folders.data_dir / "shelter", *folders.data_dir.glob("*.secret")):
        note.unlink(missing_ok=True)
    with suppress(OSError):  # Somebody else's files are in it, or it is not there.
        folders.data_dir.rmdir()


def answers_calls(base_url: str) -> bool:
    """Whether a web process is ready; it may just be starting again."""
    return is_healthy(urlsplit(base_url).port or 80)


def living_supervisor(folders: Folders) -> Process | None:
    """The supervisor of this data folder."""
    return read(folders.run / "supervisor.pid")


def running_state(folders: Folders) -> State | None:
    """The state of a stack whose supervisor lives."""
    return read_state(folders) if living_supervisor(folders) else None


@contextmanager
def turn(folders: Folders) -> Iterator[None]:
    """One command at a time per data folder; a second one waits."""
    with folders.command_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_supervisor(plan: Plan) -> Process:
    """A process of its own, which outlives us and our terminal."""
    folders = plan.folders
    with (folders.logs / "supervisor.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "stack", "supervise", "--detached", plan.as_text()],
            cwd=CHECKOUT,
            env=dict(os.environ) | {MARK: plan.data_dir, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    wait_until(lambda: bool(living_supervisor(folders) or _has_failed(folders)), 20)
    supervisor = living_supervisor(folders)
    if supervisor is None:
        raise StackError(_why(folders, "the supervisor did not start"))
    return supervisor


def _is_on_its_way_out(folders: Folders, supervisor: Process) -> bool:
    """Whether it is ending by itself; if so, it has ended when we return."""
    state = read_state(folders)
    if state is None or state.status in {"starting", "ready"}:
        return False
    return wait_until(lambda: not supervisor.is_alive(), STOP_SECONDS)


def _has_failed(folders: Folders) -> bool:
    state = read_state(folders)
    return state is not None and state.status == "failed"


def _wait_until_ready(folders: Folders, supervisor: Process) -> State:
    while True:
        state = read_state(folders)
        if state is not None and state.status == "ready":
            return state
        if not supervisor.is_alive():
            raise StackError(_why(folders, "the supervisor ended"))
        time.sleep(0.05)


def _why(folders: Folders, fallback: str) -> str:
    """The supervisor's own reason, and the end of the log that it names."""
    state = read_state(folders)
    reason = state.reason if state and state.reason else fallback
    named = Path(reason.rpartition("; see ")[2]) if "; see " in reason else None
    log = named or folders.logs / "supervisor.log"
    lines = log.read_text(errors="replace").splitlines()[-25:] if log.exists() else []
    return "\n".join([f"the stack did not start: {reason}", *lines])


def _end_supervisor(supervisor: Process) -> None:
    supervisor.send(signal.SIGTERM)
    if not wait_until(lambda: not supervisor.is_alive(), STOP_SECONDS):
        supervisor.send(signal.SIGKILL)


def sweep(folders: Folders) -> bool:
    """End what a dead supervisor left behind: first those who use the servers, PostgreSQL last."""
    left = {path.stem: read(path) for path in folders.run.glob("*.pid")}
    alive = {name: process for name, process in left.items() if process is not None}
    database = [alive.pop("postgres")] if "postgres" in alive else []
    servers = [alive.pop(name) for name in SERVERS_LAST if name in alive]
    end_all(alive.values(), signum=signal.SIGTERM, patience_seconds=15)
    end_all(servers, signum=signal.SIGTERM, patience_seconds=10)
    database += _forgotten_postmasters(folders)
    end_all(database, signum=signal.SIGINT, patience_seconds=30)
    strays = marked(str(folders.data_dir))
    end_all(strays, signum=signal.SIGTERM, patience_seconds=10)
    clear_forgotten(folders)
    if folders.run.exists():
        for pid_file in folders.run.glob("*.pid"):
            pid_file.unlink()
        leave_if_empty(folders)
        if state := read_state(folders):
            replace(state, status="stopped").write(folders)
    return bool(alive or servers or database or strays)


def _forgotten_postmasters(folders: Folders) -> list[Process]:
    """PostgreSQL without a pid file of ours: it was killed between its start and our note."""
    homes = [folders.data_dir, existing_shelter(folders)]
    found = [postmaster_in(home / "postgres") for home in homes if home]
    return [process for process in found if process]
