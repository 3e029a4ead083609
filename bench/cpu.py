"""CPU time and memory of processes, from /proc: waiting for a core is not counted."""

import os
from collections.abc import Iterable
from pathlib import Path

from bench import sql

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes, all their threads included."""
    return sum(sum(map(int, _stat(pid)[11:13])) for pid in pids) / _TICKS


def resident_mb(pid: int) -> float:
    """What the process holds in memory now, shared pages included."""
    lines = (_PROC / str(pid) / "status").read_text("ascii").splitlines()
    held = next(line for line in lines if line.startswith("VmRSS:"))
    return int(held.split()[1]) / 1024


def web_pids(port: int) -> list[int]:
    """The Granian that listens on the port, and its workers."""
    mains = [pid for pid in _all() if f"--port\0{port}\0" in _command(pid)]
    workers = [pid for pid in _all() if int(_stat(pid)[1]) in mains]
    return sorted({*mains, *workers})


def child_pids(pid: int) -> list[int]:
    """The process and its children."""
    return [pid, *(each for each in _all() if int(_stat(each)[1]) == pid)]


def backend_pids(database_url: str) -> list[int]:
    """The processes of PostgreSQL that serve connections to this database, ours apart."""
    found = sql.rows(
        database_url,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    return [pid for (pid,) in found]


def ended_backends_seconds(database_url: str) -> float:
    """CPU time of all PostgreSQL backends that have ended so far, as the server that waits for them has it."""
    with sql.session(database_url) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = int(_stat(cursor.fetchone()[0])[1])
        return sum(map(int, _stat(server)[13:15])) / _TICKS


def _all() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _command(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "cmdline").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _stat(pid: int) -> list[str]:
    """The fields from the state on; the name before them may hold anything."""
    try:
        text = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ["X", *["0"] * 49]
    return text.rpartition(")")[2].split()
