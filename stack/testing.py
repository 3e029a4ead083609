"""Stacks and servers for tests: quick, on free ports, and gone when the test is, however it ended.

    with servers() as given: ...                    PostgreSQL, Valkey, mail sink
    with running_stack(env={"TEST_CLOCK": "1"}) as shop: ...    everything, as `make up` runs it
    with web_processes(database_url=..., redis_url=..., count=2) as urls: ...   web servers only

Each is a supervisor whose standard input we hold: when we die, even by kill -9, it reads the end of
it and takes everything down.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from stack import processes
from stack.errors import StackError
from stack.launch import remove_data
from stack.paths import CHECKOUT, Folders
from stack.pids import MARK
from stack.plan import APPLICATION, SERVERS, Plan
from stack.state import State, read_state

PREFIX = "promotions-test-"
GIVEN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
# Names, in the environment of a test run, the servers that the run started itself.
OWN = "STACK_TEST_SERVERS"
START_SECONDS = 150
ABANDONED_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack that runs; `variables` are what its processes were told."""

    data_dir: Path
    base_urls: list[str]
    variables: dict[str, str]

    @property
    def base_url(self) -> str:
        """The first web process."""
        return self.base_urls[0]

    @property
    def database_url(self) -> str:
        """PostgreSQL, for libpq and for Django."""
        return self.variables["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        """Valkey or Redis."""
        return self.variables["REDIS_URL"]

    @property
    def email_url(self) -> str:
        """Where mails go."""
        return self.variables["EMAIL_URL"]

    @property
    def mails(self) -> Path:
        """The Maildir of the embedded mail sink."""
        return Folders(data_dir=self.data_dir).mails

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run `manage.py` against this stack; its standard output."""
        done = subprocess.run(
            processes.manage_command(*arguments),
            cwd=CHECKOUT,
            env=dict(os.environ) | self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode != 0:
            raise StackError(f"manage.py {' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout

    def api_key(self, name: str = "test", *, scopes: tuple[str, ...] = ()) -> str:
        """A new API key; without scopes, as powerful as the command makes it."""
        wanted = [part for scope in scopes for part in ("--scope", scope)]
        return self.manage("create_api_key", name, *wanted).splitlines()[-1].strip()


@contextmanager
def servers(*, durable: bool = False, env: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """PostgreSQL, Valkey and a mail sink of our own, forgetful unless `durable`."""
    with temporary_folder() as data_dir:
        plan = Plan(data_dir=str(data_dir), parts=SERVERS, durable=durable)
        with _supervised(plan, dict(env or {})) as stack:
            yield stack


def start_given_or_own(stack: ExitStack) -> None:
    """Put the servers of a test run into our environment; start, on `stack`, those not given."""
    missing = [name for name in GIVEN if not os.environ.get(name)]
    if missing:
        given = {name: os.environ[name] for name in GIVEN if name not in missing}
        started = stack.enter_context(servers(env=given))
        os.environ.update({name: started.variables[name] for name in missing})
        os.environ[OWN] = " ".join(missing)


@contextmanager
def running_stack(
    data_dir: Path | None = None,
    *,
    port: int = 0,
    env: Mapping[str, str] | None = None,
    postgres: str = "embedded",
    durable: bool = False,
) -> Iterator[Stack]:
    """The whole stack, ready to serve; `postgres` may be the URL of a database that exists."""
    variables = dict(env or {}) | ({} if postgres == "embedded" else {"DATABASE_URL": postgres})
    with temporary_folder(data_dir) as folder:
        plan = Plan(data_dir=str(folder), port=port, parts=SERVERS + APPLICATION, durable=durable)
        with _supervised(plan, variables) as stack:
            yield stack


@contextmanager
def web_processes(
    *,
    database_url: str,
    redis_url: str,
    count: int = 2,
    workers: int = 1,
    threads: int = 4,
    application: str = processes.APPLICATION,
    env: Mapping[str, str] | None = None,
) -> Iterator[list[str]]:
    """Web servers alone, each with its port, over one migrated database; their addresses."""
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with temporary_folder() as data_dir:
        plan = Plan(
            data_dir=str(data_dir),
            parts=("web",),
            web_processes=count,
            workers=workers,
            threads=threads,
            application=application,
        )
        with _supervised(plan, given | dict(env or {})) as stack:
            yield stack.base_urls


def with_database(url: str, name: str) -> str:
    """The same server, another database.

    >>> with_database("postgres://postgres@/promotions?host=%2Frun", "test")
    'postgres://postgres@/test?host=%2Frun'
    """
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def temporary_folder(wanted: Path | None = None) -> Iterator[Path]:
    """A new folder that is removed afterwards, or the one given, which stays."""
    if wanted is not None:
        yield wanted.resolve()
        return
    clear_abandoned()
    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    # PostgreSQL runs as nobody when we are root; secrets inside are closed one by one.
    made.chmod(0o755)
    try:
        yield made
    finally:
        remove_data(Folders(data_dir=made))
        shutil.rmtree(made, ignore_errors=True)


def clear_abandoned() -> None:
    """End and remove what a test left behind whose supervisor was killed as well."""
    for found in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        folders = Folders(data_dir=found)
        # Another test run may be working beside us, and be gone the next moment.
        with suppress(FileNotFoundError):
            lock = folders.supervisor_lock
            is_ours = found.stat().st_uid == os.geteuid()
            is_old = time.time() - lock.stat().st_mtime > ABANDONED_SECONDS
            if is_ours and is_old and not _is_held(lock):
                remove_data(folders)
                shutil.rmtree(found, ignore_errors=True)


def _is_held(lock: Path) -> bool:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def _supervised(plan: Plan, env: dict[str, str]) -> Iterator[Stack]:
    """A supervisor that lives as long as this block, or as we do, whichever is shorter."""
    folders = plan.folders
    folders.make()
    folders.state_file.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "stack",
        "supervise",
        replace(plan, until_input_ends=True).as_text(),
    ]
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN} | env
    with (folders.logs / "supervisor.log").open("ab") as log:
        supervisor = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=environment | {MARK: plan.data_dir, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    assert supervisor.stdin is not None
    try:
        state = _wait(supervisor, folders)
        yield Stack(data_dir=folders.data_dir, base_urls=state.base_urls, variables=state.variables)
    finally:
        supervisor.stdin.close()
        supervisor.wait(90)


def _wait(supervisor: "subprocess.Popen[bytes]", folders: Folders) -> State:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        state = read_state(folders)
        if state is not None and state.status == "ready":
            return state
        if supervisor.poll() is not None:
            break
        time.sleep(0.02)
    logs = [_tail(path) for path in sorted(folders.logs.glob("*.log"))]
    reason = state.reason if state else ""
    raise StackError("\n".join([f"the servers did not start: {reason}", *logs]))


def _tail(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines()[-15:]
    return "\n".join([f"--- {path.name}", *lines])
