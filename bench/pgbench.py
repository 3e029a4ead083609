"""Running captured statements by pgbench: as fast as PostgreSQL alone can be."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.capture import Script
from stack.errors import StackError
from stack.postgres import postgres_binaries

_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_FAILED = re.compile(r"number of failed transactions: ([1-9]\d*)")


def pgbench_binary() -> Path:
    """Beside the embedded PostgreSQL, else Debian's, else on the PATH.

    Raises:
        StackError: there is none.
    """
    beside = postgres_binaries() / "pgbench"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)
    on_path = shutil.which("pgbench")
    found = [path for path in (beside, *debian, Path(on_path or "/nowhere")) if path.exists()]
    if not found:
        raise StackError(
            "there is no pgbench: install requirements-embedded.txt, or postgresql-contrib"
        )
    return found[0]


def transactions_per_second(
    script: Script,
    *,
    settings: str,
    variables: Mapping[str, int],
    database_url: str,
    clients: int,
    transactions: int,
) -> float:
    """Of `clients` that run the script `transactions` times each; `settings` are `\\\\set` lines.

    Raises:
        StackError: a transaction failed.
    """
    locks = [f"\\set lock{at} random(1, 1000000000000)" for at in range(1, script.locks + 1)]
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write("\n".join([settings, *locks, *script.lines]) + "\n")
        file.flush()
        given = {**{name: str(value) for name, value in variables.items()}, **script.texts}
        done = subprocess.run(
            [
                *(str(pgbench_binary()), "--no-vacuum", "--protocol=prepared"),
                *(f"--client={clients}", "--jobs=2", f"--transactions={transactions}"),
                *(f"--define={name}={value}" for name, value in given.items()),
                *(f"--file={file.name}", database_url),
            ],
            # As the service's own connections have it.
            env={**os.environ, "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"},
            capture_output=True,
            text=True,
            check=False,
        )
    rate = _RATE.search(done.stdout)
    if done.returncode != 0 or rate is None or _FAILED.search(done.stdout):
        raise StackError(f"pgbench failed:\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}")
    return float(rate[1])


def seconds_of(scripts: Sequence[Sequence[str]], *, database_url: str) -> float:
    """How long the slowest of clients takes that each send a script of their own, word for word, at once.

    Raises:
        StackError: a statement failed.
    """
    with ExitStack() as stack:
        running = []
        for script in scripts:
            file = stack.enter_context(
                tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8")
            )
            file.write("".join(f"{statement};\n" for statement in script))
            file.flush()
            running.append(_started(file.name, database_url))
        return max(_seconds(one) for one in running)


def _started(file: str, database_url: str) -> subprocess.Popen[str]:
    """One transaction, as pgbench counts, is the whole file."""
    return subprocess.Popen(
        [
            *(str(pgbench_binary()), "--no-vacuum", "--protocol=simple"),
            *("--client=1", "--transactions=1", f"--file={file}", database_url),
        ],
        env={**os.environ, "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _seconds(running: subprocess.Popen[str]) -> float:
    told, errors = running.communicate()
    rate = _RATE.search(told)
    if running.returncode != 0 or rate is None:
        raise StackError(f"pgbench failed:\n{told[-1000:]}\n{errors[-3000:]}")
    return 1 / float(rate[1])
